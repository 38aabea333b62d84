"""``perfeval schedule``: a timer for the scheduled runs; and what makes ``perfeval run`` one of those (``--due``)."""

import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from perfeval.cli import options
from perfeval.cli.chinese import Chinese, ChineseGroup
from perfeval.cli.printing import TROUBLE, print_json
from perfeval.model.errors import PerfevalError
from perfeval.run import installation, project, timers
from perfeval.run import schedule as scheduling
from perfeval.run.project import Project

DUE, LOG = "perfeval.due", "perfeval.log"
"""Under which names ``--due`` and ``--log`` are kept while a command line is read."""
WAIT_MINUTES = 120
"""How long a scheduled run waits for one that somebody started by hand; ``--wait`` in ``arguments`` says otherwise."""
MOST_LOG_BYTES = 10_000_000
"""A log that has grown beyond this is set aside, and the one set aside before is dropped."""


class Timed(Chinese):
    """A command that with ``--due`` does what ［schedule］ says, once for each moment."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.params += [
            click.Option(
                ["--due"],
                is_flag=True,
                expose_value=False,
                callback=_keep(DUE),
                help="按［schedule］：没到时间就不运行",
            ),
            click.Option(
                ["--log"],
                type=click.Path(dir_okay=False),
                metavar="文件",
                expose_value=False,
                callback=_keep(LOG),
                help="输出追加到文件",
            ),
        ]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """With ``--due`` the schedule's own arguments come first."""
        if "--due" in args:
            table = scheduling.timetable(project.find())
            args = ["--wait", str(WAIT_MINUTES), *table.arguments, *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run; with ``--due`` only what is due, and note it as done unless it was stopped on its way."""
        log = ctx.meta.get(LOG)
        if not ctx.meta.get(DUE):
            if log:
                write_to(Path(log))
            return super().invoke(ctx)
        place = project.find().with_folders(ctx.params.get("data"), ctx.params.get("outputs"))
        try:
            with scheduling.turn(place):
                return self._run_due(ctx, place, log)
        except scheduling.Overlapping as busy:
            if not log:  # cron would mail it every hour
                click.echo(str(busy), err=True)
            return 0

    def _run_due(self, ctx: click.Context, place: Project, log: str | None) -> Any:
        found = scheduling.due(place, datetime.now(UTC))
        if found.moment is None:
            if not log:
                said = f"还没到时间，下次{_at(found.following)}；{_at(found.last)}的一次已完成。"
                click.echo(said, err=bool(ctx.params.get("as_json")))
            return 0
        if log:
            write_to(Path(log))
        click.echo(f"== {_at(datetime.now(UTC))} 定时运行（应于{_at(found.moment)}） ==", err=True)
        code = super().invoke(ctx)
        if code in {0, TROUBLE}:
            scheduling.done(place, found)
        click.echo(f"== {_at(datetime.now(UTC))} 结束，退出码{code} ==", err=True)
        return code


def _keep(key: str) -> Any:
    def keep(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        ctx.meta[key] = value

    return keep


def _at(moment: datetime | None) -> str:
    return "（没有）" if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M}"


def write_to(log: Path) -> None:
    """From now on append all that this process writes, and its children write, to a file."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.is_file() and log.stat().st_size > MOST_LOG_BYTES:
            log.replace(log.with_name(f"{log.name}.1"))
        target = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    except OSError as error:
        raise PerfevalError(f"日志 {log.name} 不能写：{error}") from error
    for number, stream in ((1, sys.stdout), (2, sys.stderr)):
        stream.flush()
        os.dup2(target, number)
    os.close(target)


def using(command: Any) -> Any:
    """``--using``: which kind of timer."""
    return click.option(
        "--using",
        "kind",
        type=click.Choice(timers.KINDS),
        metavar="种类",
        help="systemd、cron或windows；默认用本机有的",
    )(command)


@click.group(cls=ChineseGroup)
def schedule() -> None:
    """按 perfeval.toml 的［schedule］定时生成报告：查看、安装、卸下定时器。"""


@schedule.command(cls=Chinese)
@using
@options.as_json
def show(kind: str | None, as_json: bool) -> int:
    """显示将要安装的定时器、是否已安装、下次时间。"""
    place = _place()
    there = installation.usable()
    chosen = kind or (there[0] if there else None)
    texts = timers.texts(place, chosen) if chosen else {}
    state = installation.state(place, chosen) if chosen in there else "本机不能安装"
    found = scheduling.due(place, datetime.now(UTC))
    if as_json:
        moments = {"due": found.moment, "next": found.following, "last": found.last}
        told = {key: moment and moment.isoformat() for key, moment in moments.items()}
        print_json({"kind": chosen, "state": state, "timetable": str(place.schedule), **told, "files": texts})
        return 0
    for file, text in texts.items():
        where = f"{installation.units_folder() / file}" if chosen == timers.SYSTEMD else file
        click.echo(f"# ---- {where} ----\n{text}")
    click.echo(f"时间：{place.schedule}（本机时间）")
    click.echo(f"定时器：{chosen or '没有可用的'}，{state}")
    if not chosen:
        click.echo(installation.NONE)
    click.echo(f"下次：{_at(found.following)}")
    click.echo(f"上次完成：{_at(found.last)}{f'；{_at(found.moment)}的还没有运行' if found.moment else ''}")
    return 0


@schedule.command(cls=Chinese)
@using
def install(kind: str | None) -> int:
    """安装定时器；已有的换成现在的设置。"""
    place = _place()
    chosen = kind or installation.best()
    for where in installation.install(place, chosen):
        click.echo(f"已安装：{where}")
    found = scheduling.due(place, datetime.now(UTC))
    click.echo(f"时间：{place.schedule}；下次{_at(found.following)}；日志：{place.outputs / scheduling.LOG}")
    if found.moment:
        click.echo(f"应于{_at(found.moment)}的还没有运行，会先补上。")
    if chosen == timers.SYSTEMD:
        click.echo("没有登录时也要运行的，请管理员执行一次：loginctl enable-linger 用户名")
    return 0


@schedule.command(cls=Chinese)
@using
def remove(kind: str | None) -> int:
    """卸下本项目的定时器，其他的不动。"""
    place = project.find()
    gone = [one for one in ([kind] if kind else installation.usable()) if installation.remove(place, one)]
    click.echo(f"已卸下：{'、'.join(gone)}" if gone else "没有安装过，无须卸下。")
    return 0


@schedule.command(cls=Chinese)
def serve() -> int:
    """不装定时器，由本命令常驻、按时运行；错过的先补上（须装 perfeval[schedule]）。"""
    try:
        from perfeval.run import serving
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.split(".")[0] != "apscheduler":
            raise
        raise PerfevalError('常驻定时须另装APScheduler：pip install "perfeval[schedule]"') from missing
    place = _place()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    click.echo(f"按时运行：{place.schedule}；日志：{place.outputs / scheduling.LOG}；Ctrl-C 结束")
    click.echo(f"下次：{_at(scheduling.due(place, datetime.now(UTC)).following)}")
    serving.serve(place, click.echo, stop)
    click.echo("已结束。")
    return 0


def _place() -> Project:
    """The project, once its ［schedule］ is there and ``perfeval run`` understands its arguments."""
    from perfeval.cli.running import run

    place = project.find()
    arguments = scheduling.timetable(place).arguments
    try:
        asked = run.make_context("run", list(arguments)).params
    except click.exceptions.Exit:  # --help
        raise PerfevalError("［schedule］arguments 里不能有 --help") from None
    except click.ClickException as error:
        from perfeval.cli.chinese import in_chinese

        raise PerfevalError(f"［schedule］arguments 不是 perfeval run 的选项：{in_chinese(error)}") from error
    # As the timer's run will see them: it works in the project's folder.
    return place.with_folders(*(asked[name] and place.root / asked[name] for name in ("data", "outputs")))
