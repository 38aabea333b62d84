"""``perfeval export``: one sub-district-year as a file for people's desks; the suffix of the file says which kind.

Each kind has a function ``(target, result) -> None`` of its own in :data:`REPORTS`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from perfeval.cli import options
from perfeval.cli.chinese import Chinese
from perfeval.cli.options import print_json
from perfeval.model.errors import PerfevalError

if TYPE_CHECKING:
    from perfeval.model.results import Evaluation
    from perfeval.run import project

EPILOG = "退出码：0 完成；1 数据有错误；2 命令不对，或所指的街道、年度、规则不存在，或文件不能写"


@click.command("export", cls=Chinese, epilog=EPILOG)
@click.argument("out", type=click.Path(), metavar="文件")
@click.option("--template", is_flag=True, help="空白自评表（.xlsx）：下拉选项、数字格式、填写示例；填好后可导入")
@click.option("--review-sheet", is_flag=True, help="复核表（.xlsx）：自评值旁边留出复核值；填好后可导入")
@click.option("--subdistrict", "-s", metavar="街道", help="街道编号或名称；只有一个街道时可不给")
@click.option("--year", "-y", type=int, metavar="年度", help="年度；只有一个年度时可不给；空白自评表里填入它")
@options.ruleset
@options.data
@click.option("--replace", is_flag=True, help="文件已存在时覆盖")
@click.option("--district", metavar="区县", help="区县名称：全区总览转成PDF时用")
@click.option(
    "--report",
    "-r",
    default="annual",
    metavar="报告",
    help="哪一种报告，默认 annual；.docx 还可以是 review（复核意见）",
)
@options.outputs
@click.option("--from", "page", type=click.Path(), metavar="网页", help="转成PDF的网页，代替已生成的报告")
@options.as_json
@click.pass_context
def export(
    context: click.Context,
    out: str,
    template: bool,
    review_sheet: bool,
    subdistrict: str | None,
    year: int | None,
    district: str | None,
    ruleset: str | None,
    data: str | None,
    replace: bool,
    report: str,
    outputs: str | None,
    page: str | None,
    as_json: bool,
) -> int:
    """写成文件：.docx 公文格式的报告（-r review 写复核意见），.xlsx 工作簿，.pdf 已生成的报告；空白自评表，复核表。"""
    from perfeval.run import project

    path = Path(out)
    suffix = path.suffix.lower()
    if template or review_sheet:
        _sheet_alone(context, path, template, review_sheet)
    elif suffix not in (*FORMATS, PDF):
        raise click.BadParameter(f"应为{'、'.join((*FORMATS, PDF))}文件，现为“{out}”", param_hint="文件")
    elif suffix != PDF and report not in REPORTS[suffix]:
        raise click.UsageError(f"{suffix}文件没有“{report}”报告，可用的：{'、'.join(REPORTS[suffix])}")
    if path.exists() and not replace:
        raise PerfevalError(f"{out} 已经存在，没有覆盖；确要覆盖请加 --replace")
    if page is not None and suffix != PDF:
        raise click.UsageError(f"--from 只用于写{PDF}文件，现为“{out}”")
    if template:
        return _told(as_json, _template(path, year), f"已生成模板：{path.as_posix()}")
    if page is not None:
        return _print(path, Path(page), as_json)
    place = project.find().with_folders(data, outputs)
    rules = ruleset or place.ruleset
    if suffix == PDF:
        return _print(path, _made(place, report, rules, subdistrict, district, year), as_json)
    units = project.on_file(place.data, [subdistrict] if subdistrict else None, year)
    if len(units) != 1:
        listed = "、".join(f"{name} {when}" for name, when in units)
        raise click.UsageError(f"一个文件只能是一个街道的一个年度，现有：{listed}；请用 --subdistrict 和 --year 指明")
    write = _review_sheet if review_sheet else REPORTS[suffix][report]
    return _write(write, path, place, units[0], rules, as_json)


def _sheet_alone(context: click.Context, path: Path, template: bool, review_sheet: bool) -> None:
    """One of the two, as a workbook, and no option that does nothing for it."""
    if template and review_sheet:
        raise click.UsageError("--template 和 --review-sheet 只能给一个")
    option, name = ("--template", "模板") if template else ("--review-sheet", "复核表")
    if path.suffix.lower() != ".xlsx":
        raise click.BadParameter(f"{name}须是.xlsx文件（文件名须以.xlsx结尾），现为“{path}”", param_hint="文件")
    idle = {"district", "report", "outputs", "page"} | ({"subdistrict", "ruleset", "data"} if template else set())
    for parameter in context.command.params:
        given = parameter.name in idle and context.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE
        if given:
            raise click.UsageError(f"{option} 时不用 {parameter.opts[0]}")


def _template(path: Path, year: int | None) -> dict[str, Any]:
    """A blank form."""
    from perfeval.cli.importing import plausible
    from perfeval.ingest.template import write_template

    plausible(year)
    if not path.absolute().parent.is_dir():
        raise PerfevalError(f"没有文件夹“{path.parent.as_posix()}”")
    write_template(path, year)
    return {"written": path.as_posix(), "year": year}


def _told(as_json: bool, facts: dict[str, Any], text: str) -> int:
    """What was written, for programs or for people."""
    if as_json:
        print_json(facts)
    else:
        click.echo(text)
    return 0


def _write(
    write: "Callable[[Path, Evaluation], None]",
    path: Path,
    place: "project.Project",
    unit: tuple[str, int],
    ruleset: str,
    as_json: bool,
) -> int:
    from perfeval.evaluating import evaluate
    from perfeval.ingest import store
    from perfeval.run import project

    result = evaluate(store.load(project.shown(place.data), subdistrict=unit[0], years=unit[1]), ruleset=ruleset)
    try:
        write(path, result)
    except OSError as error:
        raise PerfevalError(f"无法写入 {path}：请检查文件夹是否存在、文件是否正被其他程序打开") from error
    facts = {"written": path.as_posix(), "subdistrict": unit[0], "year": unit[1], "indicators": len(result.indicators)}
    return _told(as_json, facts, f"已写入 {path}：{result.name} {result.year}年度，{len(result.indicators)}项指标。")


def _made(
    place: "project.Project",
    report: str,
    ruleset: str,
    subdistrict: str | None,
    district: str | None,
    year: int | None,
) -> Path:
    from perfeval.rules import find
    from perfeval.run.made import made

    find(ruleset, place.data.parent)  # an unknown rule set is said to be one, not that the report is missing
    return made(place, report, ruleset, subdistrict=subdistrict, district=district, years=year)


def _print(path: Path, page: Path, as_json: bool) -> int:
    """The page as PDF."""
    from perfeval.deliver.pdf import to_pdf
    from perfeval.run import project

    if page.suffix.lower() not in PAGES:
        raise click.BadParameter(f"应为{'、'.join(PAGES)}文件，现为“{page}”", param_hint="--from")
    to_pdf(page, path)
    facts = {"written": path.as_posix(), "page": project.shown(page)}
    return _told(as_json, facts, f"已写入 {path}：由 {project.shown(page)} 转成。")


def _docx(target: Path, result: "Evaluation") -> None:
    from perfeval.deliver.officialword import write_report

    write_report(target, result)


def _opinion(target: Path, result: "Evaluation") -> None:
    from perfeval.deliver.opinion import write_opinion

    write_opinion(target, result)


def _xlsx(target: Path, result: "Evaluation") -> None:
    from perfeval.deliver.yearbook import write_yearbook

    write_yearbook(target, result)


def _review_sheet(target: Path, result: "Evaluation") -> None:
    from perfeval.deliver.reviewsheet import write_review_sheet

    write_review_sheet(target, result)


REPORTS: "dict[str, dict[str, Callable[[Path, Evaluation], None]]]" = {
    ".docx": {"annual": _docx, "review": _opinion},
    ".xlsx": {"annual": _xlsx},
}
"""By suffix and report what writes the whole file or raises ``OSError``."""
FORMATS = tuple(REPORTS)
PDF = ".pdf"
"""Made from an HTML page, not from the data."""
PAGES = (".html", ".htm")
