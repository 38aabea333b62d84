"""``perfeval status``: what the ledger says; neither reads data nor starts anything."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from perfeval.cli import options
from perfeval.cli.chinese import Chinese
from perfeval.cli.options import print_json, title
from perfeval.model.errors import NotOnFile
from perfeval.model.folding import on_one_line
from perfeval.run.outcome import CUT, DONE, FAILED, notebook_of

if TYPE_CHECKING:
    from perfeval.run.ledger import Run
    from perfeval.run.project import Project

RUNNING, OPEN = "正在运行", "未结束"
FEWEST = 20
"""So many past runs are listed unless another number is given."""
FEW = 30
"""So many reports are listed one by one; of more, only those that need somebody's eye."""


@click.command(cls=Chinese)
@options.units
@options.report_names
@click.option(
    "--history", "past", is_flag=True, help="各报告历次的结果，一次一行，最近的在前：何时、为什么、多久、结果"
)
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="条数", help=f"与 --history 同用：最多列出几行，默认{FEWEST}"
)
@options.outputs
@options.as_json
def status(
    subdistricts: tuple[str, ...],
    years: tuple[int, ...],
    reports: tuple[str, ...],
    past: bool,
    limit: int | None,
    outputs: str | None,
    as_json: bool,
) -> int:
    """各报告最近一次的结果，以及现在是否有运行；或历次的结果（--history）。"""
    from perfeval.run import project

    place = project.find().with_folders(outputs=outputs)
    wanted = _wanted(place, subdistricts, years, reports)
    if limit is not None and not past:
        raise click.UsageError("--limit 只和 --history 一起用")
    return _history(place, wanted, limit or FEWEST, as_json) if past else _latest(place, wanted, as_json)


def _latest(place: "Project", wanted: "Callable[[Run], bool]", as_json: bool) -> int:
    """The last outcome of each report."""
    from perfeval.deliver import sent
    from perfeval.run import ledger, locking

    working = locking.holder(place.outputs)
    with ledger.reading(place.outputs) as book:
        runs = [run for run in ledger.latest(book) if wanted(run)]
    mails = sent.rows(place.outputs)
    unended = RUNNING if working else OPEN
    counts = Counter(run.status or unended for run in runs)
    if as_json:
        holder = {"pid": working.pid, "host": working.host, "since": working.since} if working else None
        facts = [_facts(run, unended) for run in runs]
        print_json({"running": holder, "counts": dict(counts), "reports": facts, "sent": sent.history(mails)})
        return 0
    click.echo(f"现在{working}正在运行。" if working else "现在没有运行。")
    if not runs:
        click.echo("台账里没有所问的报告；perfeval run --dry-run 可查要生成哪些。")
        return 0
    listed = runs if len(runs) <= FEW else [run for run in runs if run.status != DONE]
    titles, names = place.titles(), place.names()
    for run in listed[:FEW]:
        click.echo(_line(run, unended, titles, names))
    if len(listed) > FEW:
        click.echo(f"… 还有{len(listed) - FEW}份不是“{DONE}”，可用 -s、-y、-r 缩小范围，或用 --json")
    last = max(run.ended or run.started for run in runs)
    summed = "，".join(f"{name}{counts[name]}份" for name in (DONE, FAILED, CUT, unended) if counts[name])
    first = "失败的先按原因改正，" if counts[FAILED] else ""
    again = f"；{first}再次运行 perfeval run 会接着做" if not working and len(runs) > counts[DONE] else ""
    if mails:
        states = Counter(sent.TITLES[mail.state] for mail in mails)
        told = "，".join(f"{state}{count}封" for state, count in states.items())
        click.echo(f"邮件：{told}；perfeval send --history 逐封列出。")
    click.echo(f"共{len(runs)}份报告：{summed}；最近一次{_local(last)}{again}。")
    return 0


def _history(place: "Project", wanted: "Callable[[Run], bool]", limit: int, as_json: bool) -> int:
    """Past runs, the latest first."""
    from perfeval.run import ledger

    with ledger.reading(place.outputs) as book:
        runs = list(islice(filter(wanted, ledger.history(book)), limit))
        if as_json:
            made_with = {code: ledger.versions(book, code) for code in dict.fromkeys(run.code for run in runs)}
            parts = [
                {
                    **_facts(run, OPEN),
                    "host": run.host,
                    "pid": run.pid,
                    "parts": {"data": run.data, "notebook": run.notebook, "rules": run.rules, "code": run.code},
                    "inputs": ledger.inputs(book, run.id),
                    "outputs": {name: written._asdict() for name, written in run.outputs.items()},
                    "versions": made_with[run.code],
                }
                for run in runs
            ]
            print_json({"runs": parts})
            return 0
    titles, names = place.titles(), place.names()
    for run in runs:
        again = f"，内核启动{run.attempts}次" if run.attempts > 1 else ""
        click.echo(f"{_line(run, OPEN, titles, names)}（{run.reason}{again}）")
    if not runs:
        click.echo("台账里没有所问的报告；perfeval run --dry-run 可查要生成哪些。")
    return 0


def _wanted(
    place: "Project", subdistricts: tuple[str, ...], years: tuple[int, ...], reports: tuple[str, ...]
) -> "Callable[[Run], bool]":
    """Whether a run is asked for: of these sub-districts (or districts), about these years, of these reports."""
    names = {_subject(place, name) for name in subdistricts}
    for report in reports:
        place.notebook(notebook_of(report))
    return lambda run: (
        (not names or run.subject in names)
        and (not years or any(_covers(run.period, year) for year in years))
        and (not reports or run.report in reports or notebook_of(run.report) in reports)
    )


def _subject(place: "Project", name: str) -> str:
    """An office's id by its name; what is on file no longer, and districts, by the name the ledger has."""
    from perfeval.ingest import holdings
    from perfeval.run import ledger

    try:
        return holdings.resolve(place.data, name)
    except NotOnFile:
        with ledger.reading(place.outputs) as book:
            if any(run.subject == name for run in ledger.latest(book)):
                return name
        raise


def _covers(period: str, year: int) -> bool:
    first, _, last = period.partition("-")
    return int(first) <= year <= int(last or first)


def _line(run: "Run", unended: str, titles: Mapping[str, str], names: Mapping[str, str]) -> str:
    office = run.figures.get("name") or names.get(run.subject, run.subject)
    named = on_one_line(f"{office} {run.period} {title(run.report, titles)}")
    took = f"  {run.seconds:.1f}秒" if run.seconds else ""
    error = f"：{on_one_line(run.error)}" if run.error else ""
    return f"{_local(run.started)}  {run.status or unended}  {named}{took}{error}"


def _local(moment: str) -> str:
    """A moment of the ledger (UTC) by this machine's clock."""
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M:%S}"


def _facts(run: "Run", unended: str) -> dict[str, Any]:
    return {
        "report": run.report,
        "subject": run.subject,
        "period": run.period,
        "status": run.status or unended,
        "reason": run.reason,
        "error": run.error,
        "score": run.figures.get("score"),
        "started": run.started,
        "ended": run.ended,
        "seconds": round(run.seconds, 3),
        "cpu_seconds": round(run.cpu_seconds, 3),
        "peak_mb": round(run.peak_mb, 1),
        "attempts": run.attempts,
        "fingerprint": run.fingerprint,
    }
