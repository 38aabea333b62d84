"""What a file is, by its content: the suffix is only a claim, and often a wrong one."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import PurePath

from perfeval.ingest.containers.ole import OleError, stream, streams
from perfeval.ingest.signatures import (
    COPY_TEXT,
    IN_EXCEL,
    IN_WORD,
    PICTURE,
    SHORT,
    SIGNATURES,
    UNPACK,
    Foreign,
    binary,
    empty,
    foreign,
    scrambled,
    shield,
    wide_encoding,
)

ENCRYPTED = "encrypted"
"""Of a file that asks for a password before it shows anything."""
DAMAGED = "damaged"
"""Of a file that begins like a container and cannot be opened as one."""
SHIELDED = "shielded"
"""Of a file that a document-security product has encrypted."""
SCRAMBLED = "scrambled"
"""Of binary content of no known kind that looks encrypted."""
UNKNOWN = "unknown"
"""Of other binary content of no known kind."""
VACANT = "vacant"
"""Of a file that holds nothing but NULs."""

SUFFIXES = {
    "xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm", ".et", ".ett"),
    "xlsb": (".xlsb",),
    "xls": (".xls", ".xlt", ".et", ".ett"),
    "ods": (".ods", ".ots", ".fods"),
    "docx": (".docx", ".docm", ".dotx", ".dotm", ".wps", ".wpt"),
    "doc": (".doc", ".dot", ".wps", ".wpt"),
    "rtf": (".rtf",),
    "csv": (".csv", ".txt"),
    "tsv": (".tsv", ".tab", ".csv", ".txt"),
    "txt": (".txt", ".text", ".md", ""),
    "parquet": (".parquet", ".pq"),
}
"""What can be read, and the suffixes under which it goes without remark."""

IN_ARCHIVES = (
    (
        re.compile(r"(?i)(^|/)OFD\.xml$"),
        Foreign("OFD版式文件", "请向制作单位索取Excel、Word原件，或用WPS等转换为Word、Excel并核对后导入"),
    ),
    (
        re.compile(r"\.iwa$|(^|/)[Ii]ndex\.(apxl|zip)$"),
        Foreign("苹果iWork文稿（Numbers、Pages）", "请在Numbers中导出为Excel，或在Pages中导出为Word"),
    ),
    (re.compile(r"\.fdseq$"), Foreign("XPS版式文件", "请向制作单位索取Excel、Word原件")),
    (re.compile(r"^AndroidManifest\.xml$|^META-INF/MANIFEST\.MF$"), Foreign("程序文件")),
)
"""What a member's name tells of an archive."""
ZIP = Foreign("压缩包（zip）", UNPACK)
SLIDES = Foreign("演示文稿（PPT）")
WRITER = Foreign("OpenDocument文字文档（.odt）", IN_WORD)
MAIL = Foreign("电子邮件", COPY_TEXT)
HEADERS = "received|return-path|delivered-to|from|to|message-id|date|subject|mime-version|content-type|x-[a-z-]+"
MARKUP = (
    (
        re.compile(r"<\?mso-application\s+progid=.Excel|urn:schemas-microsoft-com:office:spreadsheet"),
        Foreign("XML表格2003", IN_EXCEL),
    ),
    (
        re.compile(r"<\?mso-application\s+progid=.Word|<w:wordDocument|<pkg:package"),
        Foreign("XML文档（Word）", IN_WORD),
    ),
    (
        re.compile(r"<office:document[\s>]"),
        Foreign("OpenDocument平面XML", "请用WPS或LibreOffice打开，另存为.xlsx或.docx"),
    ),
    (
        re.compile(r"(?is)^mime-version:.{0,2000}multipart/related|^from: <saved by"),
        Foreign("单个文件网页（MHTML）", IN_EXCEL),
    ),
    (re.compile(rf"(?i)^(?:(?:{HEADERS}):[^\n]*\n(?:[ \t][^\n]*\n)*){{2}}"), MAIL),
    (re.compile(r"(?i)<svg[\s>]"), Foreign("SVG图片", PICTURE)),
    (
        re.compile(r"(?i)<(!doctype html|html|table|body|meta|head)\b|^mime-version:"),
        Foreign("网页（HTML）", IN_EXCEL),
    ),
    (
        re.compile(r"(?i)^\[InternetShortcut\]|^https?://\S+\s*$|^\{\s*\"(url|link|doc_id|file_id)\""),
        Foreign("快捷方式或在线文档的链接", "里面只有网址；请打开在线文档，导出为Excel或Word后再导入"),
    ),
    (re.compile(r"^<\?xml|^<!DOCTYPE"), Foreign("XML文件", IN_EXCEL)),
)
"""What the beginning of a text tells, in order of precedence."""
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
    """A key of :data:`SUFFIXES`, one of the constants above, or in Chinese what cannot be read (:func:`way_out`).

    The suffix only helps to tell text from text: commas alone do not make a CSV of a report.
    """
    if shield(raw) is not None:
        return SHIELDED
    if empty(raw):
        return VACANT
    for start, found in CONTAINERS:
        if raw.startswith(start):
            return found(raw)
    other = foreign(raw)
    if other is not None:
        return other.name
    if _archive(raw):
        return _zipped(raw)
    return _text(raw, suffix.lower())


def way_out(kind: str) -> str:
    """What to do about a kind of file that is not read; empty where nothing better is known than is always said."""
    return WAYS.get(kind, "")


def _archive(raw: bytes) -> bool:
    """Whether a zip archive ends here that does not begin as one: its first bytes are damaged."""
    return b"PK\5\6" in raw[-(1 << 16) :] and b"PK\1\2" in raw


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
    return next((found.name for mark, found in IN_ARCHIVES if any(map(mark.search, names))), ZIP.name)


def _office(types: str, names: set[str]) -> str:
    main = " ".join(re.findall(r'ContentType="([^"]*(?:main|sheet\.binary)[^"]*)"', types))
    kind = next((kind for mark, kind in OOXML if mark in main), "")
    if kind:
        return kind
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "word/document.xml" in names:
        return "docx"
    return next((found.name for mark, found in IN_ARCHIVES if any(map(mark.search, names))), ZIP.name)


def _open_document(mimetype: str) -> str:
    if "opendocument.spreadsheet" in mimetype:
        return "ods"
    if "opendocument.text" in mimetype:
        return WRITER.name
    return SLIDES.name if "opendocument.presentation" in mimetype else ZIP.name


def _compound(raw: bytes) -> str:
    """What an OLE compound file holds, by the names of its streams."""
    try:
        names = set(streams(raw))
    except OleError:
        return DAMAGED
    if names & {"\tDRMContent", "DRMEncryptedTransform", "DRMEncryptedDataSpace"}:
        return SHIELDED
    if "WordDocument" in names and _secret_document(raw):
        return ENCRYPTED
    kinds = (
        ("EncryptedPackage", ENCRYPTED),
        ("Workbook", "xls"),
        ("Book", "xls"),
        ("WordDocument", "doc"),
        ("PowerPoint Document", SLIDES.name),
        ("__properties_version1.0", MESSAGE.name),
    )
    return next((kind for name, kind in kinds if name in names), "旧式Office文件，但不是表格或文档")


def _secret_document(raw: bytes) -> bool:
    """Whether an old Word document is encrypted, by the flags at its head ([MS-DOC] 2.5.1)."""
    try:
        head = stream(raw, "WordDocument")[:12]
    except (OleError, struct.error):
        return False
    return len(head) == 12 and bool(head[11] & 1)  # noqa: PLR2004


def _text(raw: bytes, suffix: str) -> str:
    """Which kind of text, or of binary content."""
    encoding = wide_encoding(raw)
    if not encoding and binary(raw):
        return SCRAMBLED if scrambled(raw) else UNKNOWN
    start = raw[:4096]
    text = start.decode(encoding, errors="replace") if encoding else start.decode("latin-1").replace("\0", "")
    text = text.lstrip("\ufeff\xef\xbb\xbf \t\r\n")
    for mark, found in MARKUP:
        if mark.search(text):
            return found.name
    if suffix in {".csv", ".tsv", ".tab"}:
        return "tsv" if suffix != ".csv" else "csv"
    if suffix in {".txt", ".text", ".md", ""}:
        return "txt"
    lines = [line for line in text.splitlines() if line.strip()][:10]
    for delimiter, kind in (("\t", "tsv"), (",", "csv")):
        if lines and all(delimiter in line for line in lines[:-1] or lines):
            return kind
    return "txt"


MESSAGE = Foreign("Outlook邮件（.msg）", COPY_TEXT)
CONTAINERS: tuple[tuple[bytes, Callable[[bytes], str]], ...] = (
    (b"PK\3\4", _zipped),
    (b"PK\5\6", _zipped),
    (b"\xd0\xcf\x11\xe0", _compound),
    (b"PAR1", lambda _: "parquet"),
    (b"{\\rtf", lambda _: "rtf"),
)
"""How the containers that are read begin, and what tells their kind."""
WAYS = {
    found.name: found.advice
    for found in (
        *(found for _, _, found in SIGNATURES),
        *(found for _, found in (*SHORT, *IN_ARCHIVES, *MARKUP)),
        ZIP, SLIDES, WRITER, MESSAGE,
    )
}  # fmt: skip
