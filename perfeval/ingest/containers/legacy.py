"""Old Word files (.doc, .wps, .rtf): converted by LibreOffice where it is installed, else read by wps2md.

LibreOffice comes first because it keeps merged cells and cells of several paragraphs in place.
"""

import contextlib
import importlib.util
import io
import os
import re
import shutil
import subprocess
from pathlib import Path

from perfeval.ingest.containers.guard import unsafe
from perfeval.ingest.containers.word import read_docx
from perfeval.ingest.document import EMPTY, Cell, Grid, Paragraph
from perfeval.ingest.problems import problem
from perfeval.model import scratch
from perfeval.model.errors import Problem

PROGRAMS = ("soffice", "libreoffice")
PLACES = (
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
"""Where LibreOffice is installed without being on the search path."""
PATIENCE = 90
"""Seconds for one conversion; an ordinary one takes 2."""

LOST = {
    "doc": (
        ("嵌入的对象（如公式3.0的公式、Excel表）", re.compile("ObjectPool".encode("utf-16-le"))),
        ("EQ域写的公式", re.compile(rb"\x13 ?EQ[ \\]|\x13\0(?: \0)?E\0Q\0[ \\]\0")),
    ),
    "rtf": (
        ("嵌入的对象（如公式3.0的公式、Excel表）", re.compile(rb"\\object(?![a-z])")),
        ("EQ域写的公式", re.compile(rb"\\fldinst[^}]{0,80}?(?<![A-Za-z])EQ[ \\]")),
    ),
}
"""What a conversion drops without a word, by the traces it leaves in the old file."""

Blocks = tuple[list[Grid | Paragraph], list[Problem]]


def read_legacy(raw: bytes, file: str, kind: str) -> Blocks:
    """As :func:`~perfeval.ingest.word.read_docx`; ``kind`` is ``doc`` or ``rtf``."""
    program = office()
    if program:
        converted = _convert(raw, kind, program)
        if converted is not None:
            wrong = unsafe(converted, file)
            return ([], wrong) if wrong else _with_losses(read_docx(converted, file), raw, file, kind)
    if kind == "doc" and importlib.util.find_spec("wps2md"):
        return _with_losses(_through_wps2md(raw, file), raw, file, kind)
    why = "LibreOffice转换失败" if program else "本机没有能转换的程序"
    return [], [problem("E608", f"旧版文档（{kind}）读不出：{why}", file=file)]


def _with_losses(blocks: Blocks, raw: bytes, file: str, kind: str) -> Blocks:
    """What was read, and a problem for what cannot have come through; nobody knows any more where it stood."""
    lost = [name for name, trace in LOST[kind] if trace.search(raw)]
    if not lost:
        return blocks
    message = f"旧版文档里有{'和'.join(lost)}，转换时可能丢失，不知在何处"
    return blocks[0], [*blocks[1], problem("W617", message, file=file)]


def office() -> str:
    """The program that converts, or the empty string; ``PERFEVAL_OFFICE`` names one, or none where it is empty."""
    if "PERFEVAL_OFFICE" in os.environ:
        return shutil.which(os.environ["PERFEVAL_OFFICE"]) or ""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    return found or next((place for place in PLACES if Path(place).is_file()), "")


def _convert(raw: bytes, kind: str, program: str) -> bytes | None:
    """The document as .docx, or None. A new profile has no macros, no extensions and no history."""
    with scratch.folder() as place:
        source = place / f"input.{kind}"
        source.write_bytes(raw)
        command = [program, "--headless", "--norestore", "--nolockcheck", "--nodefault",
                   f"-env:UserInstallation={(place / 'profile').as_uri()}",
                   "--convert-to", "docx", "--outdir", str(place / "out"), str(source)]  # fmt: skip
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):  # no result says it all
            subprocess.run(  # noqa: S603  # a fixed command; the file is named by us
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False
            )
        result = place / "out" / "input.docx"
        return result.read_bytes() if result.is_file() else None


def _through_wps2md(raw: bytes, file: str) -> Blocks:
    import wps2md  # noqa: PLC0415  # optional

    try:
        paragraphs = wps2md.parse(io.BytesIO(raw).getvalue()).paragraphs
    except Exception as error:  # its parser raises what struct and olefile raise
        return [], [problem("E606", f"文档无法读取（{type(error).__name__}）", file=file)]
    blocks: list[Grid | Paragraph] = []
    rows: list[list[Cell]] = []
    row: list[Cell] = []
    tables = 0
    for line, paragraph in enumerate([*paragraphs, None], start=1):
        if paragraph is not None and paragraph.in_table:
            if paragraph.is_row_end:
                rows, row = [*rows, row], []
            else:
                row.append(Cell(paragraph.text.strip()))
            continue
        rows = [found for found in [*rows, row] if found]
        if rows:
            tables += 1
            width = max(map(len, rows))
            even = tuple(tuple(found + [EMPTY] * (width - len(found))) for found in rows)
            blocks.append(Grid(f"表{tables}", even))
        rows, row = [], []
        if paragraph is not None and paragraph.text.strip():
            blocks.append(Paragraph(paragraph.text.strip(), line))
    wrong = [problem("W607", f"有{tables}个表格以简易方式读出", file=file)] if tables else []
    return blocks, wrong
