"""What several commands print, and the codes they exit with."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from perfeval.cli.terminal import escaped

TITLES = {"annual": "年度自评报告", "overview": "全区总览", "review": "复核底稿", "trend": "历年趋势"}
"""What each report of the suite is called."""
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
        desc=what, unit=unit, file=sys.stderr, disable=quiet or not sys.stderr.isatty(), leave=False, delay=1
    ) as shown:

        def advance(total: int) -> None:
            shown.total = total
            shown.update()

        yield advance


def json_line(value: Any) -> str:
    """For programs that read as it comes: one JSON value on one line."""
    return escaped(json.dumps(value, ensure_ascii=False))
