"""What is read in a process of its own: see :mod:`perfeval.ingest.containers.child`.

All else that is handed in is read by our own code and by what stands in Python itself (zlib, expat), which has held
against hundreds of thousands of damaged files; docs/operations.md lists every reader.
"""

import datetime as dt
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

CHILD = Path(__file__).with_name("child.py")
PATIENCE = 60
"""Seconds; the largest file that is read takes 5."""
KINDS: dict[str, Callable[[Any], object]] = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "timedelta": lambda seconds: dt.timedelta(seconds=seconds),
    "Decimal": Decimal,
    "str": str,
}
"""Values that JSON has no form for."""
CODES = {"password": "E605", "large": "E603", "broken": "E606"}


class Refused(Exception):  # not an error of the program: a problem of the file
    """A file that could not be read."""

    def __init__(self, end: str, why: str) -> None:
        said = {"password": "文件设了打开密码", "large": f"{why}，未读取", "broken": f"文件无法读取（{why}）"}[end]
        super().__init__(said)
        self.code = CODES[end]

    def problem(self, file: str) -> Problem:
        """What is to be said of the file."""
        return problem(self.code, str(self), file=file)


def pieces(kind: str, raw: bytes) -> Iterator[Any]:
    """What the child tells of a file (``xlsb``, ``parquet``, ``copy``), piece by piece.

    :class:`Refused` before the first one.
    """
    told = io.BytesIO(_told(kind, raw))
    for line in told:
        if told.tell() < len(told.getbuffer()):
            yield json.loads(line)


def value(packed: Any) -> Any:
    """A value as the child has packed it."""
    return KINDS[packed[0]](packed[1]) if isinstance(packed, list) else packed


def _told(kind: str, raw: bytes) -> bytes:
    """All lines of a child that has come to its end."""
    around = {**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"}  # the others set aside more than they are asked for
    try:
        done = subprocess.run(  # noqa: S603  # our own program, in the interpreter that runs this
            [sys.executable, "-P", str(CHILD), kind],
            input=raw, capture_output=True, timeout=PATIENCE, check=False, env=around,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise Refused("broken", f"{PATIENCE}秒没有读完") from late
    except OSError as error:
        raise Refused("broken", error.strerror or type(error).__name__) from error
    last = done.stdout[done.stdout.rfind(b"\n") + 1 :]
    if done.returncode or not last:
        raise Refused("broken", f"读取程序中途退出，代码{done.returncode}")
    end, why = json.loads(last)["end"]
    if end:
        raise Refused(end, why)
    return done.stdout
