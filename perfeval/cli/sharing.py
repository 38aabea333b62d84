"""``perfeval share``: the workbench as one HTML file."""

from pathlib import Path

import click

from perfeval.cli import options
from perfeval.cli.chinese import Chinese
from perfeval.cli.options import print_json
from perfeval.model.errors import PerfevalError

EPILOG = "退出码：0 完成；1 数据有错误；2 命令不对，或所指的街道、年度、规则不存在，或文件不能写"


@click.command(cls=Chinese, epilog=EPILOG)
@click.argument("out", type=click.Path(), metavar="文件")
@click.option(
    "--subdistrict", "-s", "subdistricts", multiple=True, metavar="街道", help="街道编号或名称，可多次给出；默认全部"
)
@click.option("--district", metavar="区县", help="区县名称；默认全部")
@click.option("--years", "-y", metavar="年度", help="年度，如 2024 或 2022-2024；默认全部")
@options.ruleset
@options.data
@click.option("--replace", is_flag=True, help="文件已存在时覆盖")
@options.as_json
def share(
    out: str,
    subdistricts: tuple[str, ...],
    district: str | None,
    years: str | None,
    ruleset: str | None,
    data: str | None,
    replace: bool,
    as_json: bool,
) -> int:
    """写成一个网页文件：带筛选和图的工作台，不用Jupyter、不联网即可打开，可以寄给别人。"""
    import perfeval as pe
    from perfeval.run import project

    path = Path(out)
    if path.suffix.lower() not in (".html", ".htm"):
        raise click.BadParameter(f"应为.html文件，现为“{out}”", param_hint="文件")
    if path.exists() and not replace:
        raise PerfevalError(f"{out} 已经存在，没有覆盖；确要覆盖请加 --replace")
    if not path.absolute().parent.is_dir():
        raise PerfevalError(f"没有文件夹“{path.parent.as_posix()}”")
    place = project.find().with_folders(data)
    rules = ruleset or place.ruleset
    offices = list(subdistricts) or None
    rows = pe.rows(place.data, ruleset=rules, subdistrict=offices, district=district, years=years)
    scores = pe.scores(place.data, ruleset=rules, subdistrict=offices, district=district, years=years)
    register = None if offices else pe.register(place.data, ruleset=rules, district=district, years=years)
    bench = pe.Workbench(rows, scores, ruleset=rules, register=register, outputs=place.outputs)
    try:
        bench.share(path)
    except OSError as error:
        raise PerfevalError(f"无法写入 {out}：请检查文件夹是否可写、文件是否正被其他程序打开") from error
    held, units = int(rows["subdistrict"].nunique()), len(scores)
    if as_json:
        facts = {"written": path.as_posix(), "subdistricts": held, "units": units, "indicators": len(rows)}
        print_json({**facts, "bytes": path.stat().st_size})
    else:
        size = f"{path.stat().st_size / 1e6:.1f} MB"
        click.echo(f"已写入 {path}（{size}）：{held}个街道，{units}个街道年度，{len(rows):,}项指标。")
    return 0
