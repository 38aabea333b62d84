"""``perfeval export``: one sub-district-year as a file for people's desks; the suffix of the file says which kind.

Each kind has a function ``(target, result) -> None`` of its own in :data:`FORMATS`.
"""

from collections.abc import Callable
from pathlib import Path

import click

from perfeval.cli.chinese import Chinese
from perfeval.model.errors import PerfevalError
from perfeval.model.results import Evaluation
from perfeval.run import project

EPILOG = "退出码：0 完成；1 数据有错误；2 命令不对，或所指的街道、年度、规则不存在，或文件不能写"


@click.command("export", cls=Chinese, epilog=EPILOG)
@click.argument("out", type=click.Path(), metavar="OUT")
@click.option("--subdistrict", "-s", metavar="街道", help="街道编号或名称；只有一个街道时可不给")
@click.option("--year", "-y", type=int, metavar="年度", help="年度；只有一个年度时可不给")
@click.option("--ruleset", metavar="规则", help="计分规则，如 hubei；默认按 perfeval.toml")
@click.option("--data", type=click.Path(), metavar="目录", help="数据目录，默认按 perfeval.toml")
@click.option("--replace", is_flag=True, help="文件已存在时覆盖")
@click.option("--district", metavar="区县", help="区县名称：全区总览转成PDF时用")
@click.option("--report", "-r", default="annual", metavar="报告", help="转成PDF的报告，默认 annual")
@click.option("--outputs", type=click.Path(), metavar="目录", help="报告目录，默认按 perfeval.toml")
@click.option("--from", "page", type=click.Path(), metavar="HTML", help="转成PDF的网页，代替已生成的报告")
def export(
    out: str,
    subdistrict: str | None,
    year: int | None,
    district: str | None,
    ruleset: str | None,
    data: str | None,
    replace: bool,
    report: str,
    outputs: str | None,
    page: str | None,
) -> int:
    """写成文件，按OUT的扩展名：.docx 公文格式的报告，.xlsx 可以复算的工作簿，.pdf 已生成的HTML报告。"""
    path = Path(out)
    suffix = path.suffix.lower()
    if suffix not in (*FORMATS, PDF):
        raise click.BadParameter(f"应为{'、'.join((*FORMATS, PDF))}文件，现为“{out}”", param_hint="OUT")
    if path.exists() and not replace:
        raise PerfevalError(f"{out} 已存在，没有覆盖；确要覆盖请加 --replace")
    if page is not None and suffix != PDF:
        raise click.UsageError(f"--from 只用于写{PDF}文件，现为“{out}”")
    if page is not None:
        return _print(path, Path(page))
    place = project.find().with_folders(data, outputs)
    rules = ruleset or place.ruleset
    if suffix == PDF:
        return _print(path, _made(place, report, rules, subdistrict, district, year))
    units = project.on_file(place.data, [subdistrict] if subdistrict else None, year)
    if len(units) != 1:
        listed = "、".join(f"{name} {when}" for name, when in units)
        raise click.UsageError(f"一个文件只能是一个街道的一个年度，现有：{listed}；请用 --subdistrict 和 --year 指明")
    return _write(path, place, units[0], rules)


def _write(path: Path, place: project.Project, unit: tuple[str, int], ruleset: str) -> int:
    from perfeval.evaluating import evaluate
    from perfeval.ingest import store

    result = evaluate(store.load(project.shown(place.data), subdistrict=unit[0], years=unit[1]), ruleset=ruleset)
    try:
        FORMATS[path.suffix.lower()](path, result)
    except OSError as error:
        raise PerfevalError(f"无法写入 {path}：请检查文件夹是否存在、文件是否正被其他程序打开") from error
    click.echo(f"已写入 {path}：{result.name} {result.year}年度，{len(result.indicators)}项指标。")
    return 0


def _made(
    place: project.Project,
    report: str,
    ruleset: str,
    subdistrict: str | None,
    district: str | None,
    year: int | None,
) -> Path:
    from perfeval.evaluating import find
    from perfeval.run.made import made

    find(ruleset, place.data.parent)  # an unknown rule set is said to be one, not that the report is missing
    return made(place, report, ruleset, subdistrict=subdistrict, district=district, years=year)


def _print(path: Path, page: Path) -> int:
    """The page as PDF."""
    from perfeval.deliver.pdf import to_pdf

    if page.suffix.lower() not in PAGES:
        raise click.BadParameter(f"应为{'、'.join(PAGES)}文件，现为“{page}”", param_hint="--from")
    to_pdf(page, path)
    click.echo(f"已写入 {path}：由 {project.shown(page)} 转成。")
    return 0


def _docx(target: Path, result: Evaluation) -> None:
    from perfeval.deliver.word import write_report

    write_report(target, result)


def _xlsx(target: Path, result: Evaluation) -> None:
    from perfeval.deliver.yearbook import write_yearbook

    write_yearbook(target, result)


FORMATS: dict[str, Callable[[Path, Evaluation], None]] = {".docx": _docx, ".xlsx": _xlsx}
"""What a suffix stands for; each function writes the whole file or raises ``OSError``."""
PDF = ".pdf"
"""Made from an HTML page, not from the data."""
PAGES = (".html", ".htm")
