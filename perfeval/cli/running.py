"""``perfeval run``: make reports, and the page that lists them."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from perfeval.cli import options
from perfeval.cli.chinese import Chinese
from perfeval.cli.printing import TITLES, TROUBLE, print_json
from perfeval.evaluating import find
from perfeval.ingest import store
from perfeval.run import project, request


@click.command(cls=Chinese)
@options.units
@click.option(
    "--report", "-r", "reports", multiple=True, metavar="报告", help="报告名称，如 annual；默认按 perfeval.toml"
)
@click.option("--district", "districts", multiple=True, metavar="区县", help="区县名称，可多次给出；默认全部")
@click.option("--ruleset", metavar="规则", help="计分规则，如 hubei；默认按 perfeval.toml")
@click.option("--parameters", type=click.Path(), metavar="文件", help="参数文件（探索笔记本所存），代替以上各项")
@click.option("--force", is_flag=True, help="即使没有变化也重新生成")
@click.option("--outputs", type=click.Path(), help="报告目录，默认按 perfeval.toml")
@options.data
@options.as_json
def run(
    subdistricts: tuple[str, ...],
    years: tuple[int, ...],
    reports: tuple[str, ...],
    districts: tuple[str, ...],
    ruleset: str | None,
    parameters: str | None,
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
    if parameters is not None:
        if subdistricts or years or reports or districts or ruleset:
            raise click.UsageError("给出 --parameters 时，街道、区县、年度、报告和规则都以文件为准，不能另外再给")
        asked = request.read(Path(parameters))
        reports, ruleset = (asked.report,), asked.ruleset or None
        subdistricts, districts = tuple(filter(None, [asked.subdistrict])), tuple(filter(None, [asked.district]))
        years = asked.years(set(store.catalog(place.data)["year"]))
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
            districts=districts or None,
            years=years or None,
            ruleset=ruleset,
            force=force,
            where=place,
            started=planned,
            ended=lambda report: bar.update(report.status != UNCHANGED),
        )
    index = _write_index(place)
    if as_json:
        print_json({"reports": [_report_facts(report) for report in done.reports], "index": project.shown(index)})
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
        "subject": report.subject,
        "period": report.period,
        "status": report.status,
        "score": figures.get("scores", {}).get("declared", {}).get("total"),
        "html": project.shown(report.html) if report.html else None,
        "notebook": project.shown(report.notebook) if report.notebook.is_file() else None,
        "result": project.shown(report.result) if report.result else None,
        "error": report.error,
        "seconds": round(report.seconds, 3),
    }


def _report_line(report: Any) -> str:
    name = report.figures.get("name", report.subject)
    office = f"{name} {report.period} {TITLES.get(report.report, report.report)}"
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
        folder = batch.folder(place, last.report, last.subject, last.period)
        result = folder / "result.json"
        figures = json.loads(result.read_text(encoding="utf-8")) if last.status == DONE and result.is_file() else {}
        rows.append(
            {
                "report": last.report,
                "title": TITLES.get(last.report, last.report),
                "subject": last.subject,
                "period": last.period,
                "status": last.status or "未结束",
                "error": last.error,
                "figures": figures,
                "href": f"{last.subject}/{last.period}/{last.report}/{last.report}.html" if figures else "",
            }
        )
    index: Path = place.outputs / "index.html"
    partial = index.with_name(".index.html.partial")
    partial.write_text(index_page(rows), encoding="utf-8", newline="\n")
    partial.replace(index)
    return index
