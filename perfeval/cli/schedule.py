"""``perfeval schedule``: a timer for the scheduled runs (``perfeval run --due``)."""

import signal
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from perfeval.cli import options
from perfeval.cli.chinese import Chinese, ChineseGroup, in_chinese
from perfeval.cli.ending import heard
from perfeval.cli.options import clock, print_json
from perfeval.model.errors import PerfevalError

if TYPE_CHECKING:
    from perfeval.run.project import Project

KINDS = ("systemd", "cron", "windows")
"""Those of :mod:`perfeval.run.timers`, which the help does not load."""
KIND: dict[str, Any] = {"type": click.Choice(KINDS), "metavar": "种类", "default": None}
using = click.option("--using", "kind", **KIND, help="systemd、cron或windows；默认用本机有的")


@click.group(cls=ChineseGroup)
def schedule() -> None:
    """按 perfeval.toml 的［schedule］定时生成报告：查看、安装、卸下定时器。"""


@schedule.command(cls=Chinese)
@using
@options.as_json
def show(kind: str | None, as_json: bool) -> int:
    """显示将要安装的定时器、是否已安装、下次时间。"""
    from perfeval.run import schedule as scheduling
    from perfeval.run import timers

    place, there = _place(), timers.usable()
    chosen = kind or (there[0] if there else None)
    texts = timers.texts(place, chosen) if chosen else {}
    state = timers.state(place, chosen) if chosen in there else "本机不能安装"
    found = scheduling.due(place, datetime.now(UTC))
    if as_json:
        moments = {"due": found.moment, "next": found.following, "last": found.last}
        told = {key: moment and moment.isoformat() for key, moment in moments.items()}
        print_json({"kind": chosen, "state": state, "timetable": str(place.schedule), **told, "files": texts})
        return 0
    for file, text in texts.items():
        click.echo(f"# ---- {timers.units_folder() / file if chosen == timers.SYSTEMD else file} ----\n{text}")
    click.echo(f"时间：{place.schedule}（本机时间）\n定时器：{chosen or '没有可用的'}，{state}")
    if not chosen:
        click.echo(timers.NONE)
    elif chosen in there and (caveat := timers.caveat(chosen)):
        click.echo(caveat)
    missed = f"；{clock(found.moment)}的还没有运行" if found.moment else ""
    click.echo(f"下次：{clock(found.following)}\n上次完成：{clock(found.last)}{missed}")
    return 0


@schedule.command(cls=Chinese)
@using
@options.as_json
def install(kind: str | None, as_json: bool) -> int:
    """安装定时器；已有的换成现在的设置。"""
    from perfeval.run import schedule as scheduling
    from perfeval.run import timers

    place, chosen = _place(), kind or timers.best()
    installed = timers.install(place, chosen)
    found = scheduling.due(place, datetime.now(UTC))
    if as_json:
        print_json({"kind": chosen, "installed": installed, "next": found.following.isoformat()})
        return 0
    click.echo("\n".join(f"已安装：{where}" for where in installed))
    click.echo(f"时间：{place.schedule}；下次{clock(found.following)}；日志：{place.outputs / timers.LOG}")
    if found.moment:
        click.echo(f"应于{clock(found.moment)}的还没有运行，会先补上。")
    if caveat := timers.caveat(chosen):
        click.echo(caveat)
    return 0


@schedule.command(cls=Chinese)
@using
@options.as_json
def remove(kind: str | None, as_json: bool) -> int:
    """卸下本项目的定时器，其他的不动。"""
    from perfeval.run import project, timers

    place = project.find()
    gone = [one for one in ([kind] if kind else timers.usable()) if timers.remove(place, one)]
    if as_json:
        print_json({"removed": gone})
        return 0
    click.echo(f"已卸下：{'、'.join(gone)}" if gone else "没有安装过，无须卸下。")
    return 0


@schedule.command(cls=Chinese)
def serve() -> int:
    """不装定时器，由本命令常驻、按时运行；错过的先补上。"""
    from perfeval.run import schedule as scheduling
    from perfeval.run import timers

    place, stop = _place(), threading.Event()
    click.echo(f"按时运行：{place.schedule}；日志：{place.outputs / timers.LOG}；Ctrl-C 结束")
    click.echo(f"下次：{clock(scheduling.due(place, datetime.now(UTC)).following)}")
    with heard(stop.set, signal.SIGINT):
        scheduling.serve(place, timers.command(place), click.echo, stop)
    click.echo("已结束。")
    return 0


def _place() -> "Project":
    """The project, once its ［schedule］ is there and ``perfeval run`` understands its arguments."""
    from perfeval.cli.running import run
    from perfeval.run import project
    from perfeval.run import schedule as scheduling

    place = project.find()
    try:
        asked = run.make_context("run", list(scheduling.timetable(place).arguments)).params
    except click.exceptions.Exit:  # --help
        raise PerfevalError("［schedule］arguments 里不能有 --help") from None
    except click.ClickException as error:
        raise PerfevalError(f"［schedule］arguments 不是 perfeval run 的选项：{in_chinese(error)}") from error
    # As the timer's run will see them: it works in the project's folder.
    return place.with_folders(*(asked[name] and place.root / asked[name] for name in ("data", "outputs")))
