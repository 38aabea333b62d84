"""Binary workbooks (.xlsb) → grids, through a child process: see :mod:`perfeval.ingest.containers.xlsbchild`."""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from perfeval.ingest.containers.shown import CellMaker, TooLarge
from perfeval.ingest.containers.xlsxparts import DEFAULT, Sheet, read_each, styled
from perfeval.ingest.document import EMPTY, Grid
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

CHILD = Path(__file__).with_name("xlsbchild.py")
PATIENCE = 60
"""Seconds; the largest workbook that is read takes 5."""
MOMENTS: dict[str, Callable[[Any], object]] = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "timedelta": lambda seconds: dt.timedelta(seconds=seconds),
}

Result = tuple[list[Grid], list[Problem]]


def read_xlsb(raw: bytes, file: str) -> Result:
    """Every visible sheet with content."""
    answer = _asked(raw)
    if answer.get("error") == "password":
        return [], [problem("E605", "文件设了打开密码", file=file)]
    if answer.get("error") == "large":
        return [], [problem("E603", "有内容的单元格太多，未读取", file=file)]
    if "sheets" not in answer:
        return [], [problem("E606", f"工作簿无法读取（{answer['error']}）", file=file)]
    sheets, maker = answer["sheets"], CellMaker()
    hidden = {number for number, sheet in enumerate(sheets) if not sheet["shown"]}
    names = [sheet["name"] for sheet in sheets]
    try:
        grids, problems = read_each(names, lambda number: _sheet(sheets[number], maker), hidden, file, ())
    except TooLarge as error:
        return [], [problem("E603", f"{error}，未读取", file=file)]
    if grids:
        problems.append(problem("W628", "看不出数字格式、隐藏的行列和没有算过的公式（100%读作1）", file=file))
    return grids, problems


def _asked(raw: bytes) -> dict[str, Any]:
    """What the child says of a workbook; an ``error`` where it ended before it said anything."""
    try:
        done = subprocess.run(  # noqa: S603  # our own program, in the interpreter that runs this
            [sys.executable, "-P", str(CHILD)], input=raw, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return {"error": f"{PATIENCE}秒没有读完"}
    except OSError as error:
        return {"error": error.strerror or type(error).__name__}
    if done.returncode != 0 or not done.stdout:
        return {"error": f"读取程序中途退出，代码{done.returncode}"}
    return dict(json.loads(done.stdout))


def _sheet(about: dict[str, Any], maker: CellMaker) -> Sheet:
    sheet = Sheet(about["name"], merges=[tuple(area) for area in about["merges"]])
    for number, cells in about["rows"]:
        for column, kind, value in cells:
            cell = styled(maker, MOMENTS[kind](value) if kind else value, DEFAULT)
            if cell is not EMPTY:
                sheet.put(number, column, cell)
    return sheet
