"""What a file is, by its content: the suffix is only a claim, and often a wrong one."""

import io
import re
import struct
import zipfile
from pathlib import PurePath

from perfeval.ingest.containers.ole import OleError, streams

ENCRYPTED = "encrypted"
"""Of a file that asks for a password before it shows anything."""
DAMAGED = "damaged"
"""Of a file that begins like a container and cannot be opened as one."""

SUFFIXES = {
    "xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm", ".et", ".ett"),
    "xlsb": (".xlsb",),
    "xls": (".xls", ".xlt", ".et", ".ett"),
    "ods": (".ods", ".ots"),
    "docx": (".docx", ".docm", ".dotx", ".dotm", ".wps", ".wpt"),
    "doc": (".doc", ".dot", ".wps", ".wpt"),
    "rtf": (".rtf",),
    "csv": (".csv", ".txt"),
    "tsv": (".tsv", ".tab", ".csv", ".txt"),
    "txt": (".txt", ".text", ".md", ""),
    "parquet": (".parquet", ".pq"),
}
"""What can be read, and the suffixes under which it goes without remark."""

FOREIGN = (
    (b"%PDF", "PDF文件"),
    (b"\x89PNG\r\n", "PNG图片"),
    (b"\xff\xd8\xff", "JPEG图片"),
    (b"GIF8", "GIF图片"),
    (b"II*\0", "TIFF图片"),
    (b"MM\0*", "TIFF图片"),
    (b"BM", "BMP图片"),
    (b"RIFF", "图片或音视频文件"),
    (b"7z\xbc\xaf", "7z压缩包"),
    (b"Rar!", "RAR压缩包"),
    (b"\x1f\x8b", "gzip压缩包"),
    (b"MZ", "程序文件"),
    (b"\x7fELF", "程序文件"),
    (b"SQLite format 3", "数据库文件"),
)
"""First bytes of what cannot be read, and what it is; those of two letters only where binary content follows."""
MARKUP = (
    (re.compile(rb"<\?mso-application\s+progid=.Excel|urn:schemas-microsoft-com:office:spreadsheet"), "XML表格2003"),
    (re.compile(rb"(?i)<(!doctype html|html|table|body|meta|head)\b|^mime-version:"), "网页（HTML）"),
    (re.compile(rb"^<\?xml"), "XML文件"),
)
OOXML = (
    ("ms-excel.sheet.binary", "xlsb"),
    ("spreadsheetml", "xlsx"),
    ("ms-excel", "xlsx"),
    ("wordprocessingml", "docx"),
    ("ms-word", "docx"),
    ("presentationml", "演示文稿（PPT）"),
    ("ms-powerpoint", "演示文稿（PPT）"),
)
"""What the content type of the main part contains, in order of precedence."""


def kind_of(raw: bytes, suffix: str = "") -> str:
    """A key of :data:`SUFFIXES`, :data:`ENCRYPTED`, :data:`DAMAGED`, or in Chinese what cannot be read.

    The suffix only helps to tell text from text: commas alone do not make a CSV of a report.
    """
    if raw.startswith(b"PK"):
        return _zipped(raw)
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        return _compound(raw)
    if raw.startswith(b"PAR1"):
        return "parquet"
    if raw.startswith(b"{\\rtf"):
        return "rtf"
    for start, name in FOREIGN:
        if raw.startswith(start) and (len(start) > 2 or b"\0" in raw[:1024]):  # noqa: PLR2004
            return name
    return _text(raw, suffix.lower())


def suffix_of(file: str) -> str:
    """The last suffix, in small letters."""
    return PurePath(file).suffix.lower()


def _zipped(raw: bytes) -> str:
    """What a zip archive holds: an Office document, an OpenDocument, or other files."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" in names:
                with archive.open("[Content_Types].xml") as member:
                    return _office(member.read(1 << 20).decode("utf-8", errors="replace"), names)
            if "mimetype" in names:
                with archive.open("mimetype") as member:
                    return _open_document(member.read(200).decode("ascii", errors="replace"))
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError, struct.error):
        return DAMAGED
    except Exception as error:  # zlib.error has no common parent with the others
        if type(error).__name__ == "error":
            return DAMAGED
        raise
    return "压缩包（zip）"


def _office(types: str, names: set[str]) -> str:
    main = " ".join(re.findall(r'ContentType="([^"]*(?:main|sheet\.binary)[^"]*)"', types))
    kind = next((kind for mark, kind in OOXML if mark in main), "")
    if kind:
        return kind
    if "xl/workbook.xml" in names:
        return "xlsx"
    return "docx" if "word/document.xml" in names else "压缩包（zip）"


def _open_document(mimetype: str) -> str:
    if "opendocument.spreadsheet" in mimetype:
        return "ods"
    return "OpenDocument文字文档（.odt）" if "opendocument.text" in mimetype else "压缩包（zip）"


def _compound(raw: bytes) -> str:
    """What an OLE compound file holds, by the names of its streams."""
    try:
        names = set(streams(raw))
    except OleError:
        return DAMAGED
    kinds = (
        ("EncryptedPackage", ENCRYPTED),
        ("Workbook", "xls"),
        ("Book", "xls"),
        ("WordDocument", "doc"),
        ("PowerPoint Document", "演示文稿（PPT）"),
    )
    return next((kind for name, kind in kinds if name in names), "旧式Office文件，但不是表格或文档")


def _text(raw: bytes, suffix: str) -> str:
    start = raw[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, name in MARKUP:
        if mark.search(start):
            return name
    if suffix in {".csv", ".tsv", ".tab"}:
        return "tsv" if suffix != ".csv" else "csv"
    if suffix in {".txt", ".text", ".md", ""}:
        return "txt"
    lines = [line for line in start.replace(b"\0", b"").splitlines() if line.strip()][:10]
    for delimiter, kind in ((b"\t", "tsv"), (b",", "csv")):
        if lines and all(delimiter in line for line in lines[:-1] or lines):
            return kind
    return "txt"
