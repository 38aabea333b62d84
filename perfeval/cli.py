"""The command line. Everything it prints is Chinese; ``--json`` is for programs.

Exit codes: 0 done, nothing to mend; 1 a report failed or the data have errors or warnings; 2 the command cannot be
understood, or names a sub-district, year, report or rule set that is not there; 130 interrupted.
"""

import json
import sys
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from perfeval import cli_options as options
from perfeval.cli_chinese import ChineseGroup, in_chinese
from perfeval.cli_import import import_, template
from perfeval.cli_lint import explain_rule, lint
from perfeval.cli_review import review_sheet
from perfeval.cli_score import score
from perfeval.evaluating import find
from perfeval.model.errors import ERROR, NOTE, SEVERITIES, DataError, PerfevalError, problem_table
from perfeval.run import project

TITLES = {"annual": "年度自评报告", "review": "复核底稿"}
CODES = (
    "退出码：0 完成且无须改正；1 有报告失败，或数据有错误或警告；"
    "2 命令不对，或所指的街道、年度、报告、规则不存在；130 被中断"
)
TROUBLE, MISUSE, INTERRUPTED = 1, 2, 130
COMMANDS = [import_, lint, review_sheet, score, template]


@click.group(cls=ChineseGroup, commands=COMMANDS, epilog=CODES, invoke_without_command=True)
@click.version_option(package_name="perfeval", message="perfeval %(version)s", help="显示版本")
@click.pass_context
def perfeval(context: click.Context) -> None:
    """预算绩效自评：检查数据、计算执行与完成情况、复算得分、生成报告。"""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@perfeval.command()
@options.units
@click.option(
    "--report", "-r", "reports", multiple=True, metavar="报告", help="报告名称，如 annual；默认按 perfeval.toml"
)
@click.option("--ruleset", metavar="规则", help="计分规则，如 hubei；默认按 perfeval.toml")
@click.option("--force", is_flag=True, help="即使没有变化也重新生成")
@click.option("--outputs", type=click.Path(), help="报告目录，默认按 perfeval.toml")
@options.data
@options.as_json
def run(
    subdistricts: tuple[str, ...],
    years: tuple[int, ...],
    reports: tuple[str, ...],
    ruleset: str | None,
    force: bool,
    outputs: str | None,
    data: str | None,
    as_json: bool,
) -> int:
    """生成报告：执行笔记本，导出HTML；没有变化的跳过。"""
    from tqdm import tqdm

    from perfeval.run import batch
    from perfeval.run.report import UNCHANGED

    place = project.find().with_folders(data, outputs)
    find(ruleset or place.ruleset, place.data.parent)
    with tqdm(
        total=0, desc="生成报告", unit="份", file=sys.stderr, disable=as_json or not sys.stderr.isatty(), leave=False
    ) as bar:

        def planned(tasks: list[Any]) -> None:
            bar.reset(total=len(tasks))
            if tasks and bar.disable and not as_json:
                click.echo(f"要生成{len(tasks)}份报告 …", err=True)

        done = batch.run_batch(
            reports or None,
            subdistricts=subdistricts or None,
            years=years or None,
            ruleset=ruleset,
            force=force,
            where=place,
            started=planned,
            ended=lambda report: bar.update(report.status != UNCHANGED),
        )
    index = _write_index(place)
    if as_json:
        _print_json({"reports": [_report_facts(report) for report in done.reports], "index": project.shown(index)})
    else:
        for report in done.reports:
            click.echo(_report_line(report))
        if not done.made and not done.failed:
            click.echo(f"数据、笔记本、规则和程序都没有变化，{len(done.reports)}份报告无须重新生成（--force 可强制）。")
        click.echo(f"目录：{project.shown(index)}")
    return TROUBLE if done.failed else 0


def _report_facts(report: Any) -> dict[str, Any]:
    figures = report.figures
    return {
        "report": report.report,
        "subdistrict": report.subdistrict,
        "year": report.year,
        "status": report.status,
        "score": figures.get("scores", {}).get("declared", {}).get("total"),
        "html": project.shown(report.html) if report.html else None,
        "notebook": project.shown(report.notebook) if report.notebook.is_file() else None,
        "result": project.shown(report.result) if report.result else None,
        "error": report.error,
        "seconds": round(report.seconds, 3),
    }


def _report_line(report: Any) -> str:
    name = report.figures.get("name", report.subdistrict)
    office = f"{name} {report.year} {TITLES.get(report.report, report.report)}"
    if report.html is None:
        return f"失败  {office}：{report.error}"
    facts = _report_facts(report)
    score = "" if facts["score"] is None else f"复算{facts['score']:.2f}分  "
    took = f"  {report.seconds:.1f}秒" if report.seconds else ""
    return f"{report.status}  {office}  {score}{facts['html']}{took}"


def _write_index(place: Any) -> Path:
    """outputs/index.html over everything the ledger knows, replaced in one step."""
    from perfeval.present.page import index_page
    from perfeval.run import batch, ledger
    from perfeval.run.report import DONE

    with ledger.opened(place.outputs) as book:
        runs = ledger.latest(book)
    rows = []
    for last in runs:
        folder = batch.folder(place, last.report, last.subdistrict, last.year)
        result = folder / "result.json"
        figures = json.loads(result.read_text(encoding="utf-8")) if last.status == DONE and result.is_file() else {}
        rows.append(
            {
                "report": last.report,
                "title": TITLES.get(last.report, last.report),
                "subdistrict": last.subdistrict,
                "year": last.year,
                "status": last.status or "未结束",
                "error": last.error,
                "figures": figures,
                "href": f"{last.subdistrict}/{last.year}/{last.report}/{last.report}.html" if figures else "",
            }
        )
    index: Path = place.outputs / "index.html"
    partial = index.with_name(".index.html.partial")
    partial.write_text(index_page(rows), encoding="utf-8", newline="\n")
    partial.replace(index)
    return index


@perfeval.command()
@options.units
@options.data
@options.as_json
def check(subdistricts: tuple[str, ...], years: tuple[int, ...], data: str | None, as_json: bool) -> int:
    """检查数据：列出每一处问题的文件、行、列、值和改法。"""
    from perfeval.ingest import store

    place = project.find().with_folders(data)
    project.on_file(place.data, subdistricts or None, years or None)
    problems = store.check(project.shown(place.data), list(subdistricts) or None, list(years) or None)
    if as_json:
        _print_json({"problems": json.loads(problem_table(problems).to_json(orient="records", force_ascii=False))})
    else:
        for problem in sorted(problems, key=lambda one: (SEVERITIES.index(one.severity), one.file, one.row or 0)):
            click.echo(str(problem))
        counts = "、".join(f"{name}{sum(problem.severity == name for problem in problems)}处" for name in SEVERITIES)
        click.echo(f"检查完毕：{counts}。" if problems else "检查完毕：没有发现问题。")
    return TROUBLE if any(problem.severity != NOTE for problem in problems) else 0


@perfeval.command("list")
@options.data
@options.as_json
def list_(data: str | None, as_json: bool) -> int:
    """列出现有的街道、年度、报告和计分规则。"""
    from perfeval.analysis import rulesets
    from perfeval.ingest import store

    place = project.find().with_folders(data)
    held = store.catalog(project.shown(place.data))
    reports = sorted(path.stem for path in place.notebooks.glob("*.ipynb"))
    rules = {name: rulesets.preset(name).title for name in rulesets.names()}
    if as_json:
        units = [{**unit, "files": list(unit["files"])} for unit in held.to_dict("records")]
        _print_json(
            {
                "subdistricts": units,
                "reports": reports,
                "rulesets": [{"name": name, "title": title} for name, title in rules.items()],
            }
        )
        return 0
    click.echo("数据")
    for unit in held.to_dict("records"):
        click.echo(f"  {unit['subdistrict']}  {unit['year']}  {unit['name']}  {'、'.join(unit['files'])}")
    click.echo("报告\n" + "\n".join(f"  {name}  {TITLES.get(name, '')}" for name in reports))
    click.echo("计分规则\n" + "\n".join(f"  {name}  {title}" for name, title in rules.items()))
    return 0


@perfeval.command()
@click.argument("code", required=False, metavar="[编号]")
@click.option("--name", default="", metavar="指标", help="指标名称")
@click.option("--target", default="", metavar="目标值", help="年度指标值，照原文")
@click.option("--actual", default="", metavar="完成值", help="实际完成值，照原文")
@click.option("--unit", default="", metavar="单位", help="度量单位列的内容")
@click.option("--direction", default="", metavar="方向", help="指定方向：正向、反向、等于、定性、时限")
@click.option("--declared", default="", metavar="申报", help="文件所写的完成情况，如“完成年初目标”")
@click.option("--weight", type=str, default=None, metavar="分值", help="分值；不给时只算得分率")
@click.option("--ruleset", default="hubei", show_default="hubei", metavar="规则", help="计分规则")
@options.as_json
def explain(
    code: str | None,
    name: str,
    target: str,
    actual: str,
    unit: str,
    direction: str,
    declared: str,
    weight: str | None,
    ruleset: str,
    as_json: bool,
) -> int:
    """说明一对目标值和完成值怎样读、怎样计分；给出编号（如 T01）时说明这条检查规则。"""
    if code is not None:
        return explain_rule(code, as_json)
    from perfeval.analysis.explaining import explain as explained

    facts = explained(
        indicator=name,
        target=target,
        actual=actual,
        unit=unit,
        direction=direction,
        declared=declared,
        weight=None if weight is None else _points(weight),
        ruleset=find(ruleset, project.find().data.parent),
    )
    if as_json:
        _print_json(facts)
        return 0
    attainment = "无法计算" if facts["attainment"] is None else f"{facts['attainment']:.2%}"
    score = f"得分率{facts['share']:.2%}" if facts["score"] is None else f"{facts['score']}分（分值{facts['weight']}）"
    lines = [
        ("目标", f"{facts['target']['read']}（原文“{target}”，取自{facts['target_from'] or '无'}）"),
        ("完成", f"{facts['actual']['read']}（原文“{actual}”）"),
        ("方向", f"{facts['direction'] or '不明'}：{facts['direction_why']}"),
        ("完成率", attainment),
        ("状态", f"{facts['status']}"),
        ("得分", score),
        ("依据", facts["derivation"]),
        ("规则", facts["ruleset_title"]),
    ]
    click.echo("\n".join(f"{title}\t{text}".expandtabs(8) for title, text in lines))
    return 0


def _points(text: str) -> Decimal:
    try:
        points = Decimal(text)
    except ArithmeticError:
        points = Decimal("NaN")
    if not points.is_finite() or points < 0:
        raise click.BadParameter(f"分值须是不小于0的数，现为“{text}”", param_hint="--weight")
    return points


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def main(arguments: list[str] | None = None) -> None:
    """The console script: run a command, print errors in Chinese, exit with the code documented above."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a GBK console cannot show every character
    try:
        sys.exit(perfeval.main(arguments, prog_name="perfeval", standalone_mode=False) or 0)
    except DataError as error:
        click.echo("\n".join(str(problem) for problem in error.problems if problem.severity == ERROR), err=True)
        sys.exit(TROUBLE)
    except PerfevalError as error:
        click.echo(f"错误：{error}", err=True)
        sys.exit(MISUSE)
    except click.ClickException as error:
        click.echo(f"错误：{in_chinese(error)}", err=True)
        sys.exit(MISUSE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断；再次运行会接着做没有完成的。", err=True)
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
