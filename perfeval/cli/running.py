"""``perfeval run``: make reports, and the page that lists them."""

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from perfeval.cli import hiring, options
from perfeval.cli.indexing import write_index
from perfeval.cli.printing import INTERRUPTED, TROUBLE
from perfeval.cli.schedule import Timed
from perfeval.evaluating import find
from perfeval.ingest import store
from perfeval.run import ledger, project, request
from perfeval.run.project import Project


@click.command(cls=Timed)
@options.units
@options.reports
@options.ruleset
@click.option("--parameters", type=click.Path(), metavar="文件", help="参数文件（探索笔记本所存），代替以上各项")
@click.option("--force", is_flag=True, help="即使没有变化也重新生成")
@options.verify
@click.option("--wait", type=click.FloatRange(min=0), default=0, metavar="分钟", help="另一次运行未结束时等候的分钟数")
@click.option("--isolated", is_flag=True, help="每份报告另启一个解释器（较慢，结果相同）；默认按 perfeval.toml")
@hiring.scheduler
@options.outputs
@options.data
@options.json_lines
def run(
    parameters: str | None,
    wait: float,
    isolated: bool,
    scheduler: str | None,
    outputs: str | None,
    data: str | None,
    as_json: bool,
    **asked: Any,
) -> int:
    """生成报告：执行笔记本，导出HTML；没有变化的跳过，中断的接着做。"""
    place = project.find().with_folders(data, outputs)
    asked = asked if parameters is None else _from_file(Path(parameters), asked, place)
    find(asked["ruleset"] or place.ruleset, place.data.parent)
    with hiring.hired(scheduler, place) as (where, executor):
        return run_reports(where, options.selected(asked), wait, isolated, as_json, executor)


def _from_file(path: Path, asked: dict[str, Any], place: Project) -> dict[str, Any]:
    """What a parameters file asks for, as the options would."""
    chosen = ("subdistricts", "years", "reports", "districts", "ruleset")
    if any(asked[name] for name in chosen):
        raise click.UsageError("给出 --parameters 时，街道、区县、年度、报告和规则都以文件为准，不能另外再给")
    wanted = request.read(path)
    return asked | {
        "reports": (wanted.report,),
        "subdistricts": tuple(filter(None, [wanted.subdistrict])),
        "districts": tuple(filter(None, [wanted.district])),
        "years": wanted.years(set(store.catalog(place.data)["year"])),
        "ruleset": wanted.ruleset or None,
    }


def run_reports(
    place: Project,
    asked: dict[str, Any],
    wait: float,
    isolated: bool,
    as_json: bool,
    executor: Executor | None = None,
) -> int:
    """Make the reports asked for (arguments of ``run_batch``), show how it goes, return the exit code."""
    from perfeval.cli.progress import Progress
    from perfeval.run.batch import Interrupted, run_batch

    index = project.shown(place.outputs / "index.html")
    if ledger.lost(place.outputs):
        click.echo("台账里没有任何运行记录，而报告目录里有报告：台账被清空或移开了；没有记录的报告会重新生成", err=True)
    with Progress(as_json=as_json) as seen, _terminable():
        try:
            done = run_batch(
                **asked,
                where=place,
                isolated=isolated or None,
                executor=executor,
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
    return TROUBLE if done.failed else 0


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM (a service being stopped, a machine shutting down) end a run as cleanly as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
