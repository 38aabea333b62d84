"""A file → its cells and paragraphs, whatever it is called; nothing is raised for what it contains.

The container is decided by content. What could harm (bombs, entities, links that lead elsewhere) is refused before it
is opened; nothing in a file is ever executed.
"""

import stat
from collections.abc import Callable
from pathlib import Path

from perfeval.ingest.containers.biff import read_xls
from perfeval.ingest.containers.custom import kept_text
from perfeval.ingest.containers.guard import unsafe, unwrapped
from perfeval.ingest.containers.legacy import read_legacy
from perfeval.ingest.containers.ods import read_ods
from perfeval.ingest.containers.parquet import read_parquet
from perfeval.ingest.containers.plaintext import read_table, read_text
from perfeval.ingest.containers.sniff import (
    DAMAGED,
    ENCRYPTED,
    SCRAMBLED,
    SHIELDED,
    SUFFIXES,
    UNKNOWN,
    VACANT,
    kind_of,
    suffix_of,
    way_out,
)
from perfeval.ingest.containers.word import read_docx
from perfeval.ingest.containers.xlsb import read_xlsb
from perfeval.ingest.containers.xlsx import read_xlsx
from perfeval.ingest.document import Content, Grid, Paragraph
from perfeval.ingest.problems import problem
from perfeval.ingest.tabular import read_bytes
from perfeval.model.errors import Problem, reason

MAX_BYTES = 128 * 1024 * 1024
"""Of a file; 100,000 rows of twelve columns take 10 MB as .xlsx."""
ZIPPED = {"xlsx", "xlsb", "ods", "docx"}
NAMED_BY_SUFFIX = {"et": {"xls", "xlsx"}, "wps": {"doc", "docx"}}
"""WPS writes Microsoft's formats under suffixes of its own: suffix → what its content may be."""

Blocks = tuple[list[Grid | Paragraph], list[Problem]]


def _only_grids(read: Callable[[bytes, str], tuple[list[Grid], list[Problem]]]) -> Callable[[bytes, str], Blocks]:
    def reader(raw: bytes, file: str) -> Blocks:
        grids, problems = read(raw, file)
        return [*grids], problems

    return reader


READERS: dict[str, Callable[[bytes, str], Blocks]] = {
    "xlsx": _only_grids(read_xlsx),
    "xls": _only_grids(read_xls),
    "xlsb": _only_grids(read_xlsb),
    "ods": _only_grids(read_ods),
    "docx": read_docx,
    "doc": lambda raw, file: read_legacy(raw, file, "doc"),
    "rtf": lambda raw, file: read_legacy(raw, file, "rtf"),
    "csv": read_table,
    "tsv": read_table,
    "txt": read_text,
    "parquet": _only_grids(read_parquet),
}


def read_content(path: str | Path, file: str = "", within: str | Path | None = None) -> Content:
    """Everything in a file, in order, and every problem of getting at it.

    ``file`` is what problems call it (by default the path as given, with forward slashes). A link is followed only to
    places inside ``within``, by default the folder the file is in. Never raises for what is there or is not there.
    """
    name = file or Path(path).as_posix()
    raw, problems = _raw(Path(path), name, Path(within) if within is not None else Path(path).parent)
    if raw is None:
        return Content(name, "", (), tuple(problems))
    return parse_content(raw, name)


def parse_content(raw: bytes, file: str) -> Content:
    """As :func:`read_content`, from bytes; ``file`` gives the suffix as well."""
    suffix = suffix_of(file)
    raw, problems = unwrapped(raw, file)
    kind = kind_of(raw, suffix)
    wrong = _unreadable(raw, kind, file)
    if not wrong and kind in ZIPPED:
        wrong = unsafe(raw, file)
    container = suffix[1:] if kind in NAMED_BY_SUFFIX.get(suffix[1:], set()) else kind
    if wrong:
        return Content(file, container if kind in SUFFIXES else "", (), (*problems, *wrong))
    if suffix not in SUFFIXES[kind]:
        true = SUFFIXES[kind][0]
        message = f"后缀是{suffix or '空的'}，内容是{true}"
        problems.append(problem("W601", message, file=file, advice=_otherwise(kind, true)))
    blocks, found = READERS[kind](raw, file)
    problems += found
    if not blocks and not found:
        problems.append(problem("E611", "没有任何有内容的单元格或段落", file=file))
    kept = kept_text(raw) if kind == "docx" and blocks else ""
    return Content(file, container, tuple(blocks), tuple(problems), kept)


def _raw(path: Path, file: str, within: Path) -> tuple[bytes | None, list[Problem]]:
    """The bytes of an ordinary file inside the folder, of bearable size."""
    try:
        if not path.resolve().is_relative_to(within.resolve()):
            return None, [problem("E609", "是通向文件夹之外的链接，未读取", file=file)]
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode):
            return None, [problem("E110", "不是普通文件（设备或管道），未读取", file=file)]
        if about.st_size > MAX_BYTES:
            message = f"文件有{about.st_size >> 20}MB，最多{MAX_BYTES >> 20}MB"
            return None, [problem("E603", message, file=file)]
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links, a NUL in the name, no such file
        why = reason(error)[0] if isinstance(error, OSError) else error
        return None, [problem("E110", f"文件无法打开：{why}", file=file)]
    return read_bytes(path, file)


def _unreadable(raw: bytes, kind: str, file: str) -> list[Problem]:
    """Why content of this kind cannot be read; empty where it can."""
    if not raw:
        return [problem("E103", "文件是空的", file=file, advice=NOT_FETCHED)]
    if kind in REASONS:
        code, message = REASONS[kind]
        return [problem(code, message, file=file)]
    if kind not in SUFFIXES:
        claim = suffix_of(file)
        message = f"后缀是{claim}，内容是{kind}" if claim in READABLE else f"内容是{kind}"
        return [problem("E607", f"{message}，无法读取", file=file, advice=way_out(kind))]
    return []


def _otherwise(kind: str, suffix: str) -> str:
    """What to do about a misleading suffix; the name alone is never to be changed: a copy is saved by its program."""
    if kind in {"csv", "tsv", "txt"}:
        return "已按文本读取；请核对是否放错了文件，需要时在Excel或WPS中打开后另存"
    return f"已按内容读取；请在Excel、Word或WPS中打开，另存为{suffix}"


NOT_FETCHED = "请核对是否放错；在网盘（OneDrive、WPS云盘等）里的，请先下载到本机再导入"
REASONS = {
    ENCRYPTED: ("E605", "文件设了打开密码"),
    DAMAGED: ("E606", "文件不完整，打不开"),
    SHIELDED: ("E612", "内容是密文：可能被文档加密软件加密，或设了权限保护"),
    SCRAMBLED: ("E613", "未知的二进制内容，可能被文档加密软件加密"),
    UNKNOWN: ("E614", "未知的二进制内容，不是表格、文档或文本"),
    VACANT: ("E615", "文件里全是空字节，没有内容"),
}
"""Kind → code and message."""
READABLE = {suffix for suffixes in SUFFIXES.values() for suffix in suffixes if suffix}
