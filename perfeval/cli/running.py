"""``perfeval run``: make reports, and the page that lists them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Set
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perfeval.cli import options
from perfeval.cli.chinese import Chinese
from perfeval.cli.ending import terminable
from perfeval.cli.options import INTERRUPTED, TROUBLE, clock, print_json, title
from perfeval.cli.terminal import write_to
from perfeval.model.errors import PerfevalError

if TYPE_CHECKING:
    from perfeval.run.ledger import Run
    from perfeval.run.planning import Task
    from perfeval.run.project import Project

WAIT_MINUTES = 120
"""How long a scheduled run waits for one that somebody started by hand; ``--wait`` in ``arguments`` says otherwise."""
LISTED = 100
"""More reports of a plan are summed up only; ``--json`` has them all."""
CLUSTER = ("dask", "distributed")
"""What the extra of that name installs."""


class Scheduled(Chinese):
    """A command to which ``--due`` gives the schedule's own arguments first."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """With ``--due``, what ［schedule］ says."""
        if "--due" in args:
            from perfeval.run import project, schedule

            args = ["--wait", str(WAIT_MINUTES), *schedule.timetable(project.find()).arguments, *args]
        return super().parse_args(ctx, args)


def scheduled(command: Callable[..., int]) -> Callable[..., int]:
    """``--due``: only what is due, noted as done unless it was stopped on its way; ``--log``."""

    @click.option("--due", is_flag=True, help="按［schedule］：没到时间就不运行")
    @click.option("--log", type=click.Path(dir_okay=False, path_type=Path), metavar="文件", help="输出追加到文件")
    @wraps(command)
    def asked(due: bool, log: Path | None, **options: Any) -> int:
        if due and options["dry_run"]:
            raise click.UsageError("--due 和 --dry-run 不能一起用；perfeval schedule show 可看下次时间")
        if due:
            from perfeval.run import project, schedule

            place = project.find().with_folders(options["data"], options["outputs"])
            try:
                with schedule.turn(place):
                    return _run_due(place, log, lambda: command(**options), quiet_out=options["as_json"])
            except schedule.Overlapping as busy:
                if not log:  # cron would mail it every hour
                    click.echo(str(busy), err=True)
                return 0
        if log:
            write_to(log)
        return command(**options)

    return asked


def _run_due(place: "Project", log: Path | None, command: Callable[[], int], *, quiet_out: bool) -> int:
    from perfeval.run import schedule

    found = schedule.due(place, datetime.now(UTC))
    if found.moment is None:
        if not log:
            click.echo(f"还没到时间，下次{clock(found.following)}；{clock(found.last)}的一次已完成。", err=quiet_out)
        return 0
    if log:
        write_to(log)
    click.echo(f"== {clock(datetime.now(UTC))} 定时运行（应于{clock(found.moment)}） ==", err=True)
    code = command()
    if code in {0, TROUBLE}:
        schedule.done(place, found)
    click.echo(f"== {clock(datetime.now(UTC))} 结束，退出码{code} ==", err=True)
    return code


@click.command(cls=Scheduled)
@scheduled
@options.units
@options.reports
@options.ruleset
@options.own_parameters
@click.option("--parameters", type=click.Path(), metavar="文件", help="参数文件（探索笔记本所存），代替以上各项")
@click.option("--force", is_flag=True, help="即使没有变化也重新生成")
@options.verify
@click.option("--dry-run", is_flag=True, help="只说明会生成哪些、为什么，什么也不启动")
@click.option("--wait", type=click.FloatRange(min=0), default=0, metavar="分钟", help="另一次运行未结束时等候的分钟数")
@click.option("--isolated", is_flag=True, help="每份报告另启一个解释器（较慢，结果相同）；默认按 perfeval.toml")
@options.scheduler
@options.outputs
@options.data
@options.json_lines
def run(
    parameters: str | None,
    dry_run: bool,
    wait: float,
    isolated: bool,
    scheduler: str | None,
    outputs: str | None,
    data: str | None,
    as_json: bool,
    **asked: Any,
) -> int:
    """生成报告：执行笔记本，导出HTML；没有变化的跳过，中断的接着做。"""
    from perfeval.rules import find
    from perfeval.run import project

    place = project.find().with_folders(data, outputs)
    asked |= {"own": options.as_typed(asked["own"])}
    asked = asked if parameters is None else _from_file(Path(parameters), asked, place)
    find(asked["ruleset"] or place.ruleset, place.data.parent)
    if dry_run:
        return show_plan(place, options.selected(asked), as_json=as_json)
    with hired(scheduler, place) as (where, executor):
        return run_reports(where, options.selected(asked), wait, isolated, as_json, executor)


def _from_file(path: Path, asked: dict[str, Any], place: "Project") -> dict[str, Any]:
    """What a parameters file asks for, as the options would."""
    from perfeval.ingest import holdings
    from perfeval.run import request

    chosen = ("subdistricts", "years", "reports", "districts", "ruleset", "own")
    if any(asked[name] for name in chosen):
        raise click.UsageError("给出 --parameters 时，街道、区县、年度、报告、规则和参数都以文件为准，不能另外再给")
    wanted = request.read(path)
    return asked | {
        "reports": (wanted.report,),
        "subdistricts": tuple(filter(None, [wanted.subdistrict])),
        "districts": tuple(filter(None, [wanted.district])),
        "years": wanted.years({year for _, year in holdings.units(place.data)}),
        "ruleset": wanted.ruleset or None,
        "own": dict(wanted.parameters),
    }


@contextmanager
def hired(address: str | None, place: "Project") -> "Iterator[tuple[Project, Executor | None]]":
    """The project with as many jobs as the cluster has hands, and its workers; without an address nothing changes.

    Raises :class:`PerfevalError` where the extra is not installed or the cluster cannot be used.
    """
    if address is None:
        yield place, None
        return
    try:
        from perfeval.run import cluster
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.split(".")[0] not in CLUSTER:
            raise
        raise PerfevalError('交给集群须另装Dask：pip install "perfeval[cluster]"') from missing
    with cluster.executor(address, place) as workers:
        slots = workers.slots
        click.echo(f"集群 {address}：同时生成{slots}份。", err=True)
        yield replace(place, jobs=slots), workers


def show_plan(place: "Project", asked: dict[str, Any], *, as_json: bool) -> int:
    """Which reports a run with these arguments of ``plan`` would make, and why."""
    from perfeval.run import locking, planning

    left_out: list[str] = []
    working = locking.holder(place.outputs)
    tasks = planning.plan(place, **asked, leave=left_out.append)
    counts = Counter(task.reason for task in tasks)
    stale = [task for task in tasks if not task.fresh]
    if as_json:
        told = {"tasks": [_task(task) for task in tasks], "counts": dict(counts), "to_make": len(stale)}
        print_json(told | {"left_out": left_out})
        return TROUBLE if left_out else 0
    titles = place.titles()
    if working:
        click.echo(
            f"现在{working}正在运行：以下是此刻的情况，“{planning.CUT_BEFORE}”的可能正由它生成；等它结束后再看。",
            err=True,
        )
    for task in stale[:LISTED]:
        click.echo(f"{task.reason}  {task.about.subject} {task.about.period} {title(task.key[0], titles)}")
    if len(stale) > LISTED:
        click.echo(f"… 还有{len(stale) - LISTED}份（--json 列出全部）")
    listed = "，".join(f"{reason}{count}份" for reason, count in counts.items())
    click.echo(f"共{len(tasks)}份报告，要生成{len(stale)}份：{listed}。")
    for text in left_out:
        click.echo(f"不生成：{text}", err=True)
    return TROUBLE if left_out else 0


def _task(task: "Task") -> dict[str, str]:
    return {
        "report": task.key[0],
        "subject": task.about.subject,
        "period": task.about.period,
        "reason": task.reason,
        "fingerprint": task.origin.fingerprint,
    }


def run_reports(
    place: "Project",
    asked: dict[str, Any],
    wait: float,
    isolated: bool,
    as_json: bool,
    executor: Executor | None = None,
) -> int:
    """Make the reports asked for (arguments of ``run_batch``), show how it goes, return the exit code."""
    from perfeval.cli.progress import Progress
    from perfeval.run import ledger, project
    from perfeval.run.batch import Interrupted, run_batch

    index = project.shown(place.outputs / "index.html")
    if ledger.lost(place.outputs):
        click.echo("台账里没有任何运行记录，而报告目录里有报告：台账被清空或移开了；没有记录的报告会重新生成", err=True)
    with Progress(as_json=as_json, titles=place.titles(), names=place.names(), jobs=place.jobs) as seen, terminable():
        try:
            done = run_batch(
                **asked,
                where=place,
                isolated=isolated or None,
                executor=executor,
                alone=True,
                minutes=wait,
                waiting=seen.waiting,
                started=seen.planned,
                ended=seen.report,
                closing=lambda: write_index(place),
            )
        except Interrupted as stopped:
            seen.summary(stopped.batch, index, stopped.left)
            click.echo(f"已中断：还有{stopped.left}份报告没有做；再次运行 perfeval run 会接着做。", err=True)
            return INTERRUPTED
        seen.summary(done, index)
    return TROUBLE if done.failed or done.left_out else 0


def write_index(place: "Project") -> None:
    """Write the page over everything the ledger knows, replaced in one step; no report is read for it."""
    from perfeval.ingest import holdings
    from perfeval.model.scratch import write_whole
    from perfeval.present.page import index_page
    from perfeval.run import ledger
    from perfeval.run.subjects import EVERYTHING

    titles, names, districts = place.titles(), place.names(), holdings.districts(place.data)
    wholes = {EVERYTHING, *districts.values()}
    with ledger.reading(place.outputs) as book:
        rows = [_row(run, titles, names, districts, wholes) for run in ledger.latest(book)]
    write_whole(place.outputs / "index.html", index_page(rows).encode())


def _row(
    run: "Run",
    titles: Mapping[str, str],
    names: Mapping[str, str],
    districts: Mapping[str, str],
    wholes: Set[str],
) -> dict[str, object]:
    """A report as the page lists it; ``wholes`` are the subjects that are no office."""
    from perfeval.run.outcome import files
    from perfeval.run.subjects import EVERYTHING

    whole = run.subject in wholes
    return {
        "report": run.report,
        "title": title(run.report, titles),
        "subject": run.subject,
        "name": names.get(run.subject, ""),
        "period": run.period,
        "district": "" if run.subject == EVERYTHING else run.subject if whole else districts.get(run.subject, ""),
        "whole": whole,
        "status": run.status or "未结束",
        "error": run.error,
        "figures": run.figures,
        "href": f"{run.subject}/{run.period}/{run.report}/{files(run.report)[-1]}" if run.figures else "",
    }
