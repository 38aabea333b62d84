"""What bytes are before anything decodes them: files of other programs, encrypted ones, binary content, wide encodings.

Every function looks at bytes only and raises nothing, whatever they are. The text under a misleading name is never
taken for text because some encoding happens to give characters for it.
"""

import codecs
import math
from collections import Counter
from dataclasses import dataclass

ORIGINAL = "请提供Excel、Word、CSV或文本原件"
PICTURE = "请提供可编辑的原件；只有图片或扫描件的，请照着录入或先做文字识别"
UNPACK = "请先解压，再导入里面的文件"
IN_EXCEL = "请用Excel或WPS表格打开，另存为.xlsx"
IN_WORD = "请用Word或WPS打开，另存为.docx"
COPY_TEXT = "请把里面的表格或正文复制到Excel、Word中保存，或把附件另存出来"


@dataclass(frozen=True, slots=True)
class Foreign:
    """A kind of file that is not read."""

    name: str
    """What it is, in Chinese."""
    advice: str = ORIGINAL


SIGNATURES: tuple[tuple[int, bytes, Foreign], ...] = (
    (
        0,
        b"%PDF",
        Foreign(
            "PDF文件",
            "请提供Excel、Word原件；只有PDF的，请用WPS或Word转换为表格或文档（扫描件先做文字识别），核对后导入",
        ),
    ),
    (0, b"\x89PNG\r\n", Foreign("PNG图片", PICTURE)),
    (0, b"\xff\xd8\xff", Foreign("JPEG图片", PICTURE)),
    (0, b"GIF87a", Foreign("GIF图片", PICTURE)),
    (0, b"GIF89a", Foreign("GIF图片", PICTURE)),
    (0, b"II*\0", Foreign("TIFF图片", PICTURE)),
    (0, b"MM\0*", Foreign("TIFF图片", PICTURE)),
    (8, b"WEBP", Foreign("WebP图片", PICTURE)),
    (0, b"8BPS", Foreign("Photoshop图片", PICTURE)),
    (0, b"\0\0\1\0", Foreign("图标文件", PICTURE)),
    (0, b"\xd7\xcd\xc6\x9a", Foreign("WMF图片", PICTURE)),
    (40, b" EMF", Foreign("EMF图片", PICTURE)),
    (4, b"ftypheic", Foreign("HEIC图片", PICTURE)),
    (4, b"ftypmif1", Foreign("HEIC图片", PICTURE)),
    (4, b"ftyp", Foreign("音视频文件")),
    (0, b"RIFF", Foreign("音视频文件")),
    (0, b"ID3\3", Foreign("音视频文件")),
    (0, b"ID3\4", Foreign("音视频文件")),
    (0, b"OggS", Foreign("音视频文件")),
    (0, b"7z\xbc\xaf\x27\x1c", Foreign("7z压缩包", UNPACK)),
    (0, b"Rar!\x1a", Foreign("RAR压缩包", UNPACK)),
    (0, b"\x1f\x8b", Foreign("gzip压缩包", UNPACK)),
    (4, b"1AY&SY", Foreign("bzip2压缩包", UNPACK)),
    (0, b"\xfd7zXZ\0", Foreign("xz压缩包", UNPACK)),
    (0, b"\x28\xb5\x2f\xfd", Foreign("zstd压缩包", UNPACK)),
    (0, b"MSCF\0\0\0\0", Foreign("cab压缩包", UNPACK)),
    (257, b"ustar", Foreign("tar压缩包", UNPACK)),
    (0, b"L\0\0\0\x01\x14\x02\0", Foreign("快捷方式（.lnk）", "这只是指向文件的快捷方式；请提供它所指的文件本身")),
    (0, b"SQLite format 3\0", Foreign("SQLite数据库")),
    (4, b"Standard Jet DB", Foreign("Access数据库（.mdb）", "请在Access中打开，把表导出为Excel（.xlsx）")),
    (4, b"Standard ACE DB", Foreign("Access数据库（.accdb）", "请在Access中打开，把表导出为Excel（.xlsx）")),
    (0, b"\0\0\x02\0\x06\x04\x06\0", Foreign("Lotus 1-2-3表格", IN_EXCEL)),
    (0, b"\t\0\x04\0", Foreign("Excel 2.0表格", IN_EXCEL)),
    (0, b"\t\x02\x06\0", Foreign("Excel 3.0表格", IN_EXCEL)),
    (0, b"\t\x04\x06\0", Foreign("Excel 4.0表格", IN_EXCEL)),
    (0, b"\x31\xbe\0\0", Foreign("旧版Write文档", IN_WORD)),
    (0, b"\xffWPC", Foreign("WordPerfect文档", IN_WORD)),
    (0, b"ID;P", Foreign("SYLK表格（.slk）", IN_EXCEL)),
    (0, b"TABLE\r\n0,1", Foreign("DIF表格（.dif）", IN_EXCEL)),
    (0, b"TABLE\n0,1", Foreign("DIF表格（.dif）", IN_EXCEL)),
    (0, b"%!PS", Foreign("PostScript打印文件")),
    (0, b"AT&TFORM", Foreign("DjVu扫描件", PICTURE)),
    (0, b"CAJ\0", Foreign("CAJ文献")),
    (0, b"Founder CEB", Foreign("CEB版式文件", "请向制作单位索取Excel、Word原件")),
    (0, b"\x89HDF\r\n\x1a\n", Foreign("HDF5数据文件", IN_EXCEL)),
    (0, b"$FL2", Foreign("SPSS数据文件", "请在SPSS中导出为Excel（.xlsx）")),
    (0, b"<stata_dta>", Foreign("Stata数据文件", "请在Stata中导出为Excel（.xlsx）")),
    (0, b"ARROW1\0\0", Foreign("Feather数据文件")),
    (0, b"Obj\x01", Foreign("Avro数据文件")),
    (0, b"bplist00", Foreign("苹果属性列表")),
    (0, b"BEGIN:VCARD", Foreign("电子名片（vCard）")),
    (0, b"BEGIN:VCALENDAR", Foreign("日程（iCalendar）")),
    (0, b"\xca\xfe\xba\xbe", Foreign("程序文件")),
    (0, b"\x7fELF", Foreign("程序文件")),
)
"""Where, which bytes, and what that is; the first that fits holds."""
SHORT: tuple[tuple[bytes, Foreign], ...] = (
    (b"MZ", Foreign("程序文件", "程序不予打开；自解压的压缩包请先解压，再导入里面的文件")),
    (b"BM", Foreign("BMP图片", PICTURE)),
    (b"AC10", Foreign("CAD图纸")),
)
"""Beginnings that a text might have too: they count where binary content follows."""

SHIELDS = (
    (b"E-SafeNet", "E-SafeNet"),
    (b"%TSD-Header-###%", "TSD"),
    (b"DOCGUARDER_FILE", "DocGuarder"),
    (b"DG_FILE VER", "DocGuarder"),
    (b"DRMONE", "Fasoo DRM"),
    (b"<DOCUMENT SAFER", "Document SAFER"),
    (b"SCDSA00", "Document Security"),
    (b".pfile", "Rights Management"),
)
"""What document-security products write at the head of the files they encrypt: mark, name it is known by."""
SHIELD_HEAD = 128
"""Bytes within which such a mark stands."""
WORDS_OF_SHIELDS = (b"encrypt", b"drm", b"lock", b"safenet", b"protect", b"secur")
"""In the readable head of binary content: another product of this kind."""

ENCODINGS = {
    b"\xff\xfe\0\0": "utf-32-le",
    b"\0\0\xfe\xff": "utf-32-be",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
}
"""Byte-order mark → encoding, the longer first: the mark of UTF-32 begins like that of UTF-16."""
GUESSED = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
SAMPLE = 1 << 16
"""Bytes looked at; text is text from its beginning on."""
CONTROL_BYTES = tuple(bytes([byte]) for byte in (*range(1, 32), 127) if byte not in b"\t\n\v\f\r\x1a")
"""Bytes that stand in no text; single ones get there by copying from other programs."""
MOST_CONTROLS, FEW_CONTROLS = 0.05, 0.01
"""Share of them above which content is binary, in any case and where it is no UTF-8: chance gives 0.1."""
PLAUSIBLE = 0.95
"""Share of ordinary characters that makes bytes text in a wide encoding without a mark."""
SHORTEST, SEPARATORS = 8, 0.05
"""Characters such text has at least, and the share of ASCII among them."""
CHAOS, CHAOS_FROM = 0.875, 200
"""Share of the greatest possible entropy that encrypted content reaches, and bytes from which that says anything."""


def foreign(raw: bytes) -> Foreign | None:
    """The kind of file these bytes begin like, where it is one that is not read."""
    for at, mark, found in SIGNATURES:
        if raw.startswith(mark, at):
            return found
    for mark, found in SHORT:
        if raw.startswith(mark) and b"\0" in raw[:1024]:
            return found
    return Foreign("dBase数据表（.dbf）", IN_EXCEL) if _dbase(raw) else None


def _dbase(raw: bytes) -> bool:
    """Whether a dBase header with its fields begins here: version, date, and a mark after the last field."""
    if len(raw) < 65 or raw[0] not in {0x03, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0xCB, 0xF5}:  # noqa: PLR2004
        return False
    length = int.from_bytes(raw[8:10], "little")
    begins = length >= 65 and raw[2] <= 12 and raw[3] <= 31  # noqa: PLR2004
    return begins and b"\r" in raw[length - 264 if length > 328 else 64 : length]  # noqa: PLR2004


def shield(raw: bytes) -> str | None:
    """The name of the document-security product that has encrypted these bytes; None where none is known to have."""
    head = raw[:SHIELD_HEAD]
    return next((name for mark, name in SHIELDS if mark in head), None)


def wide_encoding(raw: bytes) -> str:
    """UTF-16 or UTF-32 by its mark, or by what the bytes give without one; else the empty string."""
    for mark, encoding in ENCODINGS.items():
        if raw.startswith(mark):
            return encoding
    if b"\0" not in raw[:SAMPLE]:
        return ""
    return next((encoding for encoding in GUESSED if _plausible(raw, encoding)), "")


def _plausible(raw: bytes, encoding: str) -> bool:
    width = 4 if "32" in encoding else 2
    if len(raw) % width:
        return False
    text = raw[:SAMPLE].decode(encoding, errors="replace")
    ordinary = sum(
        " " <= sign <= "~" or sign in "\t\r\n" or "\u3000" <= sign <= "\u303f" or "\u4e00" <= sign <= "\u9fff"
        or "\uff00" <= sign <= "\uffef"
        for sign in text
    )  # fmt: skip
    # CJK characters alone come out of many bytes; text has spaces, commas, digits or line ends between them.
    plain = sum(sign < "\x7f" for sign in text)
    return ordinary >= PLAUSIBLE * len(text) and len(text) >= SHORTEST and plain >= SEPARATORS * len(text)


def marked_wide(raw: bytes) -> bytes:
    """A byte-order mark of UTF-16 or UTF-32 at the beginning; empty where there is none."""
    return next((mark for mark in ENCODINGS if raw.startswith(mark)), b"")


def binary(raw: bytes) -> bool:
    """Whether this is no text in any encoding of one byte a unit (UTF-8, GB18030), NULs aside."""
    sample = raw[:SAMPLE]
    share = sum(map(sample.count, CONTROL_BYTES)) / max(len(sample) - sample.count(0), 1)
    if share > MOST_CONTROLS:
        return True
    if not share or decodes(sample, "utf-8"):
        return False
    return share > FEW_CONTROLS or not decodes(sample, "gb18030")


def decodes(sample: bytes, encoding: str) -> bool:
    """Whether the beginning of a text is in this encoding; its last character may be cut off."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def scrambled(raw: bytes) -> bool:
    """Whether binary content looks encrypted: its bytes as even as chance makes them, or a head that says so."""
    head = raw[:64].lower()
    if any(word in head for word in WORDS_OF_SHIELDS):
        return True
    sample = raw[:SAMPLE]
    if len(sample) < CHAOS_FROM:
        return False
    entropy = -sum(n / len(sample) * math.log2(n / len(sample)) for n in Counter(sample).values())
    return entropy > CHAOS * min(8.0, math.log2(len(sample)))


def empty(raw: bytes) -> bool:
    """Whether there is something, and all of it NULs: what a file is that was never downloaded or written out."""
    return bool(raw) and not raw.strip(b"\0")
