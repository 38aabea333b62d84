"""Options that several commands take, each worded once.

What several commands print, and the codes they exit with.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from perfeval.cli.terminal import BAR, escaped

Command = Callable[..., Any]


def units(command: Command) -> Command:
    """``--subdistrict`` and ``--year``, both repeatable: ``subdistricts`` and ``years``."""
    command = click.option(
        "--year", "-y", "years", type=int, multiple=True, metavar="年度", help="年度，可多次给出；默认全部"
    )(command)
    return click.option(
        "--subdistrict",
        "-s",
        "subdistricts",
        multiple=True,
        metavar="街道",
        help="街道编号或名称，可多次给出；默认全部",
    )(command)


def data(command: Command) -> Command:
    """``--data``."""
    return click.option("--data", type=click.Path(), metavar="目录", help="数据目录，默认按 perfeval.toml")(command)


def as_json(command: Command) -> Command:
    """``--json``: ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="输出JSON，供程序读取")(command)


def json_lines(command: Command) -> Command:
    """``--json`` of a command that tells as it goes: ``as_json``."""
    text = "每份报告一行JSON，最后一行为汇总，供程序读取"
    return click.option("--json", "as_json", is_flag=True, help=text)(command)


def report_names(command: Command) -> Command:
    """``--report``, repeatable: ``reports``."""
    return click.option(
        "--report", "-r", "reports", multiple=True, metavar="报告", help="报告名称，如 annual；默认按 perfeval.toml"
    )(command)


def reports(command: Command) -> Command:
    """``--report`` and ``--district``, both repeatable: ``reports`` and ``districts``."""
    command = click.option(
        "--district", "districts", multiple=True, metavar="区县", help="区县名称，可多次给出；默认全部"
    )(command)
    return report_names(command)


def ruleset(command: Command) -> Command:
    """``--ruleset``."""
    return click.option("--ruleset", metavar="规则", help="计分规则，如 hubei；默认按 perfeval.toml")(command)


def verify(command: Command) -> Command:
    """``--verify``."""
    text = "逐字节核对数据和已有报告（默认：大小和修改时间未变即视为未变）"
    return click.option("--verify", is_flag=True, help=text)(command)


def outputs(command: Command) -> Command:
    """``--outputs``."""
    return click.option("--outputs", type=click.Path(), metavar="目录", help="报告目录，默认按 perfeval.toml")(command)


def scheduler(command: Command) -> Command:
    """``--scheduler``."""
    text = "交给Dask集群生成，如 tcp://主机:8786（须装 perfeval[cluster]）"
    return click.option("--scheduler", metavar="地址", help=text)(command)


def selected(asked: dict[str, Any]) -> dict[str, Any]:
    """Options as keyword arguments of ``plan`` and ``run_batch``: what was not given is None."""
    return {name: list(value) or None if isinstance(value, tuple) else value for name, value in asked.items()}


def as_typed(own: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """``-p`` as an argument of ``plan`` and ``run_batch``; a usage error for a name given twice."""
    from perfeval.run.contract import Text

    found: dict[str, Any] = {}
    for name, value in own:
        if name in found:
            raise click.UsageError(f"参数“{name}”用 -p 给了两次")
        found[name] = Text(value)
    return found


TITLES = {
    "annual": "年度自评报告",
    "district": "全区历年",
    "overview": "全区总览",
    "review": "复核底稿",
    "trend": "历年趋势",
}
"""What each report of the suite is called."""


def title(report: str, own: Mapping[str, str]) -> str:
    """What a report is called: ours as ever, one of the user's by its notebook's title (``own``); with parameters."""
    from perfeval.run.outcome import WITH

    name, _, given = report.partition(WITH)
    called = TITLES.get(name) or own.get(name) or name
    return f"{called}（{given.replace(',', '，')}）" if given else called


def own_parameters(command: Command) -> Command:
    """``-p``, repeatable: ``own``, names and values as typed."""
    return click.option(
        "--parameter", "-p", "own", type=(str, str), multiple=True, metavar="名称 值",
        help="笔记本自己的参数，可多次给出，如 -p top 10",
    )(command)  # fmt: skip


TROUBLE, MISUSE, OCCUPIED, INTERRUPTED = 1, 2, 3, 130


def print_json(value: Any) -> None:
    """For programs: one JSON value."""
    click.echo(escaped(json.dumps(value, ensure_ascii=False, indent=1)))


def clock(moment: datetime | None) -> str:
    """A moment as people read it, in this machine's zone."""
    return "（没有）" if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M}"


@contextmanager
def bar(what: str, unit: str, *, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, nothing elsewhere: to be called with the whole number once for each piece."""
    from tqdm import tqdm

    with tqdm(
        desc=what,
        unit=unit,
        file=sys.stderr,
        disable=quiet or not sys.stderr.isatty(),
        leave=False,
        delay=1,
        bar_format=BAR,
    ) as shown:

        def advance(total: int) -> None:
            shown.total = total
            shown.update()

        yield advance


def json_line(value: Any) -> str:
    """For programs that read as it comes: one JSON value on one line."""
    return escaped(json.dumps(value, ensure_ascii=False))
