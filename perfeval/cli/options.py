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
