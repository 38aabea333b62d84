"""Options that several commands take, each worded once."""

from collections.abc import Callable
from typing import Any

import click

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
