"""``perfeval review-sheet``: the reviewers' sheet of one sub-district-year as a workbook to fill in."""

from pathlib import Path

import click

from perfeval.cli.chinese import Chinese
from perfeval.model.errors import PerfevalError

EPILOG = "退出码：0 完成；1 数据有错误；2 命令不对，或所指的街道、年度、规则不存在，或文件不能写"


@click.command("review-sheet", cls=Chinese, epilog=EPILOG)
@click.argument("out", type=click.Path(), metavar="OUT.xlsx")
@click.option("--subdistrict", "-s", metavar="街道", help="街道编号或名称；只有一个街道时可不给")
@click.option("--year", "-y", type=int, metavar="年度", help="年度；只有一个年度时可不给")
@click.option("--ruleset", metavar="规则", help="计分规则，如 hubei；默认按 perfeval.toml")
@click.option("--data", type=click.Path(), help="数据目录，默认按 perfeval.toml")
@click.option("--replace", is_flag=True, help="文件已存在时覆盖")
def review_sheet(
    out: str, subdistrict: str | None, year: int | None, ruleset: str | None, data: str | None, replace: bool
) -> int:
    """生成复核表：自评值旁边留出复核值，填好后用 perfeval import 读回。"""
    from perfeval.deliver.reviewsheet import write_review_sheet
    from perfeval.evaluating import evaluate
    from perfeval.ingest import store
    from perfeval.run import project

    path = Path(out)
    if path.suffix.lower() != ".xlsx":
        raise click.BadParameter(f"复核表须是.xlsx文件，现为“{out}”", param_hint="OUT.xlsx")
    if path.exists() and not replace:
        raise PerfevalError(f"{out} 已存在，没有覆盖；确要覆盖请加 --replace")
    place = project.find().with_folders(data)
    units = project.on_file(place.data, [subdistrict] if subdistrict else None, year)
    if len(units) != 1:
        listed = "、".join(f"{name} {when}" for name, when in units)
        raise click.UsageError(f"一张复核表只能是一个街道的一个年度，现有：{listed}；请用 --subdistrict 和 --year 指明")
    chosen, when = units[0]
    result = evaluate(
        store.load(project.shown(place.data), subdistrict=chosen, years=when), ruleset=ruleset or place.ruleset
    )
    try:
        write_review_sheet(path, result)
    except OSError as error:
        raise PerfevalError(f"无法写入 {out}：请检查文件夹是否存在、文件是否正被其他程序打开") from error
    click.echo(f"已写入 {out}：{result.name} {when}年度，{len(result.indicators)}项指标。")
    return 0
