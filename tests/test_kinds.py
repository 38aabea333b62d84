"""What a file is by its content, rightly named, with a way out that is never another name. Each test builds its file."""

import io
import random
import struct
import zipfile

import msoffcrypto
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile
from test_containers import codes, compound, docx, p, packed, parse_content, refused, saved, texts, xls, xlsx

from perfeval.ingest.checks import parse_csv
from perfeval.ingest.containers import guard
from perfeval.ingest.containers.sniff import kind_of
from perfeval.ingest.signatures import (
    SHIELDS,
    SIGNATURES,
    WORDS_OF_SHIELDS,
    binary,
    foreign,
    scrambled,
    shield,
    wide_encoding,
)
from perfeval.ingest.tabular import decode

ROW = '<row r="1"><c r="A1"><v>13</v></c></row>'
CHAOS = random.Random(7).randbytes(3000)  # noqa: S311
FLAT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'office:mimetype="application/vnd.oasis.opendocument.{kind}"><office:body><office:spreadsheet>'
    '<table:table table:name="表"><table:table-row><table:table-cell office:value-type="string"><text:p>指标</text:p>'
    '</table:table-cell><table:table-cell office:value-type="percentage" office:value="0.98"><text:p>98%</text:p>'
    "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document>"
)
PAGE = "<html><body><table><tr><td>实际完成值</td></tr></table></body></html>"
XML = '<?xml version="1.0"?><form><row>实际完成值</row></form>'
DBASE = b"\x03\x1a\x05\x04" + struct.pack("<IHH", 1, 65, 11) + bytes(20) + b"NAME".ljust(11, b"\0") + b"C" + bytes(20)
DBASE += b"\r 0123456789"


def dbase(fields: int, beyond: int) -> bytes:
    head = b"\x30\x1a\x05\x04" + struct.pack("<IHH", 1, 33 + 32 * fields + beyond, 11) + bytes(20)
    return head + DBASE[32:64] * fields + b"\r" + bytes(beyond) + b" 0123456789"


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["案件办结数", "13次"])
    return saved(book)


def locked(password: str, book: bytes | None = None) -> bytes:
    result = io.BytesIO()
    OOXMLFile(io.BytesIO(book or workbook())).encrypt(password, result)
    return result.getvalue()


# ---- encrypted by other products -------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".xlsx", ".docx", ".csv", ".txt", ".xls", ".et", ".wps", ""])
@pytest.mark.parametrize(
    "raw",
    [
        b"b\x14#e\x01\x04\0\0E-SafeNet\0\0\0LOCK\0" + CHAOS,
        b"b\x14#e\x01\x04\0\0E-SafeNet\0\0\0LOCK\0",
        b"%TSD-Header-###%" + CHAOS,
        b"%TSD-Header-###%",
        b"DG_FILE VER 3.0\0" + CHAOS,
        b"DOCGUARDER_FILE\0" + CHAOS,
        b"\x9b DRMONE  This Document is encrypted and protected by Fasoo DRM" + CHAOS,
        b"SCDSA002" + CHAOS,
        b".pfile\0" + CHAOS,
    ],
)  # fmt: skip
def test_a_file_of_a_document_security_product_is_called_encrypted(raw: bytes, suffix: str) -> None:
    (problem,) = parse_content(raw, f"自评表{suffix}").problems
    assert problem.code == "E612"
    assert "可能被文档加密软件加密" in problem.message
    assert "解密" in problem.advice
    assert "后缀" not in str(problem)


def test_rights_management_inside_a_compound_file_is_encryption() -> None:
    assert refused(parse_content(compound({"\tDRMContent": b"x" * 5000}), "a.xls"))[0] == "E612"


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".txt", ".docx"])
@pytest.mark.parametrize("raw", [CHAOS, CHAOS[:300], b"\x01\x02MYLOCK v1\0\x03\x04\x05\x06\x0e\x0f" + CHAOS[:40]])
def test_content_without_order_may_be_encrypted(raw: bytes, suffix: str) -> None:
    (problem,) = parse_content(raw, f"表{suffix}").problems
    assert problem.code == "E613"
    assert "可能被文档加密软件加密" in problem.message
    assert "后缀" not in str(problem)


def test_the_data_folder_knows_encrypted_and_binary_files_too() -> None:
    for raw, code in (
        (b"%TSD-Header-###%" + CHAOS, "E612"),
        (CHAOS, "E613"),
        (bytes(range(1, 9)) * 12 + b"\x80\x81", "E614"),
        (bytes(50), "E615"),
        (b"%PDF-1.7\n", "E102"),
        (b"\x89PNG\r\n\x1a\n", "E102"),
    ):
        text, problems = decode(raw, "budget.csv")
        assert text is None
        assert [problem.code for problem in problems] == [code]
        assert parse_csv(raw, "budget.csv")[0].empty


# ---- unknown binary content ------------------------------------------------------------------------------------------


@given(st.integers(0, 10**9), st.integers(100, 4000), st.sampled_from([".csv", ".txt", ".xlsx", ".docx", ""]))
@settings(deadline=None, max_examples=300)
def test_chance_is_never_text(seed: int, length: int, suffix: str) -> None:
    raw = random.Random(seed).randbytes(length)  # noqa: S311
    content = parse_content(raw, f"a{suffix}")
    assert not content.blocks
    assert content.problems[0].severity == "错误"


@given(
    st.text("甲乙丙的案件办结率完成，。0123456789%≥\n\t", min_size=1), st.sampled_from(["utf-8", "gb18030", "utf-16"])
)
@settings(deadline=None)
def test_text_is_never_binary(text: str, encoding: str) -> None:
    assert kind_of(text.encode(encoding), ".txt") == "txt"


@pytest.mark.parametrize("raw", [bytes(range(1, 32)) * 4, b"\x01\x02\x03\x04abc\x05\x06\x07" * 9, b"\0\x01\0\x02" * 30])
def test_an_unknown_binary_is_an_unknown_binary(raw: bytes) -> None:
    for suffix in (".csv", ".xlsx", ".txt", ".bin"):
        code, message = refused(parse_content(raw, f"a{suffix}"))
        assert code == "E614"
        assert "未知的二进制" in message


def test_nothing_but_nuls_was_not_downloaded() -> None:
    (problem,) = parse_content(bytes(4096), "a.xlsx").problems
    assert problem.code == "E615"
    assert "下载" in problem.advice
    (problem,) = parse_content(b"", "a.xlsx").problems
    assert problem.code == "E103"
    assert "下载" in problem.advice


# ---- files of other programs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (packed({"OFD.xml": "<ofd:OFD/>", "Doc_0/Document.xml": "<d/>"}), "OFD版式文件"),
        (packed({"Index/Document.iwa": "x", "Metadata/Properties.plist": "y"}), "iWork"),
        (packed({"FixedDocSeq.fdseq": "x"}), "XPS"),
        (packed({"a.txt": "x"}), "压缩包（zip）"),
        (packed({"content.xml": "x"}, "application/vnd.oasis.opendocument.text"), ".odt"),
        (packed({"content.xml": "x"}, "application/vnd.oasis.opendocument.presentation"), "演示文稿"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF文件"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP图片"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC图片"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "JPEG图片"),
        (b"L\0\0\0\x01\x14\x02\0" + bytes(60), "快捷方式"),
        (b"[InternetShortcut]\r\nURL=https://example.cn/doc\r\n", "链接"),
        (b'{"url":"https://example.cn/sheet/1","doc_id":"1"}', "链接"),
        (b"https://example.cn/l/abc\n", "链接"),
        (b"ID;PWXL;N;E\r\nC;Y1;X1;K\"a\"\r\nE\r\n", "SYLK"),
        (b"TABLE\r\n0,1\r\n\"EXCEL\"\r\n", "DIF"),
        (DBASE, "dBase"),
        (DBASE[:2] + bytes([12, 31]) + DBASE[4:], "dBase"),  # the last day of a year
        (dbase(1, 263), "dBase"),  # what Visual FoxPro writes after the last field
        (dbase(9, 263), "dBase"),
        (b"\0\1\0\0Standard Jet DB\0" + bytes(40), "Access"),
        (b"\0\1\0\0Standard ACE DB\0" + bytes(40), "Access"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n", "vCard"),
        (b"Received: from a\r\n by b\r\nFrom: a@example.cn\r\nSubject: x\r\n\r\ntext", "电子邮件"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n", "MHTML"),
        (PAGE.encode(), "网页（HTML）"),
        (PAGE.encode("utf-16"), "网页（HTML）"),
        (PAGE.encode("utf-16-le"), "网页（HTML）"),
        (PAGE.encode("utf-32"), "网页（HTML）"),
        (XML.encode("utf-16"), "XML文件"),
        (XML.encode("utf-16-be"), "XML文件"),
        (b"\xff\xfe" + '<?mso-application progid="Excel.Sheet"?>'.encode("utf-16-le"), "XML表格2003"),
        (FLAT.format(kind="text").encode(), "OpenDocument平面XML"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"a.txt".ljust(257, b"\0") + b"ustar\x0000", "tar"),
        (b"\t\x02\x06\0\0\0\x10\0\0\0", "Excel 3.0"),
        (compound({"__properties_version1.0": b"x" * 5000}), "Outlook"),
    ],
)  # fmt: skip
def test_files_of_other_programs_are_named_with_a_way_out(raw: bytes, name: str) -> None:
    for suffix in (".xlsx", ".csv", ".txt", ".docx"):
        (problem,) = parse_content(raw, f"自评表{suffix}").problems
        assert problem.code == "E607"
        assert name in problem.message
        assert problem.advice
        assert "后缀改" not in problem.advice


def test_an_encrypted_old_document_has_a_password() -> None:
    head = struct.pack("<HHIHBB", 0xA5EC, 0xC1, 0, 0, 0, 1)
    assert refused(parse_content(compound({"WordDocument": head + bytes(5000)}), "a.doc"))[0] == "E605"


def test_a_misleading_suffix_never_gets_the_advice_to_rename() -> None:
    for raw, file in ((workbook(), "a.csv"), (docx(p("甲")), "a.xlsx"), ("第一段\n".encode(), "a.docx")):
        (problem,) = parse_content(raw, file).problems
        assert problem.code == "W601"
        assert "改为" not in problem.advice
        assert "后缀" not in problem.advice


# ---- wide encodings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_read_with_and_without_their_mark(encoding: str) -> None:
    content = parse_content("指标,目标值,实际完成值\n案件办结数,≥12次,13次\n".encode(encoding), "a.csv")
    assert texts(content.blocks[0]) == [["指标", "目标值", "实际完成值"], ["案件办结数", "≥12次", "13次"]]
    assert codes(content) == ["W605"]


def test_utf8_with_nuls_is_not_read() -> None:
    assert refused(parse_content("指标,目标\n甲,1\n".encode() + bytes(40), "a.csv"))[0] == "E102"
    assert refused(parse_content("指标,\0目标\n甲,1\n".encode(), "a.csv"))[0] == "E102"


# ---- what stands around a document -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after"), [
    (b"\r\n", b""), (b"\xef\xbb\xbf", b""), (b"HTTP/1.1 200 OK\r\n\r\n", b""), (b"", b"\r\n--boundary--\r\n"),
    (b"", bytes(100_000)), (b"x" * 9, b"y" * 9),
])  # fmt: skip
def test_stray_bytes_around_an_archive_are_left_out_and_named(before: bytes, after: bytes) -> None:
    for raw, file in ((workbook(), "a.xlsx"), (docx(p("甲")), "a.docx")):
        content = parse_content(before + raw + after, file)
        assert content.blocks == parse_content(raw, file).blocks
        (problem,) = content.problems
        assert problem.code == "N605"
        assert all(f"{place}有{len(bytes_)}个" in problem.message
                   for place, bytes_ in (("开头", before), ("末尾", after)) if bytes_)  # fmt: skip


def test_an_archive_in_another_file_is_not_taken_out_of_it() -> None:
    assert "PDF" in refused(parse_content(b"%PDF-1.7\n" + workbook(), "a.pdf"))[1]
    assert "程序" in refused(parse_content(b"MZ\0\0" + workbook(), "a.exe"))[1]
    assert refused(parse_content(b"XX" + workbook()[2:], "a.xlsx"))[0] == "E606"


def test_a_workbook_that_opens_without_a_password_is_read() -> None:
    content = parse_content(locked("VelvetSweatshop"), "自评表.xlsx")
    assert texts(content.blocks[0]) == [["案件办结数", "13次"]]
    (problem,) = content.problems
    assert problem.code == "N604"
    assert "打开不问密码" in problem.message
    assert content.container == "xlsx"


def test_a_workbook_with_another_password_is_not() -> None:
    assert refused(parse_content(locked("别的密码"), "自评表.xlsx"))[0] == "E605"


def test_what_is_inside_is_looked_at_like_any_file() -> None:
    bomb = xlsx(b" " * (40 << 20))
    assert codes(parse_content(locked("VelvetSweatshop", bomb), "a.xlsx")) == ["N604", "E601"]


def test_a_password_is_not_tried_for_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = locked("VelvetSweatshop").replace(b'spinCount="100000"', b'spinCount="9999999"')
    monkeypatch.setattr(msoffcrypto, "OfficeFile", lambda _: pytest.fail("tried"))
    assert b"9999999" in raw
    assert refused(parse_content(raw, "a.xlsx"))[0] == "E605"


def test_an_old_workbook_with_another_password_says_so() -> None:
    assert refused(parse_content(xls([], struct.pack("<HHHHH", 0x2F, 6, 0, 1, 2)), "a.xls"))[0] == "E605"


def test_flat_opendocument_is_read_like_its_archive() -> None:
    for encoding in ("utf-8", "utf-8-sig"):
        content = parse_content(FLAT.format(kind="spreadsheet").encode(encoding), "自评表.fods")
        assert texts(content.blocks[0]) == [["指标", "98%"]]
        assert codes(content) == []
    entities = FLAT.format(kind="spreadsheet").replace("?>\n", '?>\n<!DOCTYPE x [<!ENTITY e "x">]>')
    assert refused(parse_content(entities.encode(), "自评表.fods"))[0] == "E602"


# ---- damage ----------------------------------------------------------------------------------------------------------

WHOLE = [
    (workbook(), "a.xlsx"),
    (b"\r\n" + workbook() + b"\0\0", "a.xlsx"),
    (FLAT.format(kind="spreadsheet").encode(), "a.fods"),
    (DBASE, "a.dbf"),
    (packed({"OFD.xml": "<o/>"}), "a.ofd"),
    (PAGE.encode("utf-16"), "a.xls"),
    (compound({"WordDocument": bytes(5000)}), "a.doc"),
    (b"b\x14#e\x01\x04\0\0E-SafeNet\0\0\0LOCK\0" + CHAOS[:300], "a.xlsx"),
]  # fmt: skip


@given(st.sampled_from(WHOLE), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=300)
def test_damaged_bytes_raise_nothing_before_they_are_read(given_file, chance: random.Random) -> None:
    whole, file = given_file
    raw = bytearray(whole)
    for _ in range(chance.randrange(8)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    mutated = bytes(
        raw[chance.choice([0, chance.randrange(len(raw))]) : chance.choice([len(raw), chance.randrange(len(raw))])]
    )
    inner, said = guard.unwrapped(mutated, file)
    assert all(problem.code in {"N604", "N605"} for problem in said)
    assert isinstance(kind_of(inner, "." + file.rpartition(".")[2]), str)
    decode(mutated, file)


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=10)
def test_damaged_encryption_stays_encrypted_or_damaged(seed: int) -> None:
    raw = bytearray(locked("VelvetSweatshop"))
    chance = random.Random(seed)  # noqa: S311
    for _ in range(5):
        raw[chance.randrange(512, len(raw))] = chance.randrange(256)
    content = parse_content(bytes(raw), "a.xlsx")
    assert content.blocks or content.problems[-1].severity == "错误"


def test_the_suffix_of_the_archive_is_no_member_of_another() -> None:
    """A workbook in which somebody embedded an OFD stays a workbook."""
    raw = io.BytesIO(workbook())
    with zipfile.ZipFile(raw, "a") as archive:
        archive.writestr("xl/embeddings/OFD.xml", "x")
    assert kind_of(raw.getvalue()) == "xlsx"


@pytest.mark.parametrize(("marks", "damaged"), [("PK\5\6", False), ("PK\1\2", False), ("PK\1\2PK\5\6", True)])
def test_one_mark_of_an_archive_makes_none(marks: str, damaged: bool) -> None:
    assert (kind_of(f"指标,值\n甲,{marks}1\n".encode(), ".csv") == "damaged") == damaged


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("甲,乙", "csv"), ("甲\t乙", "tsv"), ("甲乙", "txt"), ("", "txt"), ("\n \n", "txt"), ("甲,乙\n丙,丁\n戊", "csv"),
        ("甲,乙\n丙\n丁,戊", "txt"), ("甲\t乙,丙\n丁\t戊,己\n", "tsv"), ("甲,乙\n\n丙,丁\n戊,己", "csv"),
        (11 * "甲,乙\n" + "丙\n丁", "csv"), (8 * "甲,乙\n" + "丙\n丁", "txt"),
    ],
)  # fmt: skip
def test_text_of_an_unknown_suffix_is_a_table_where_every_line_but_the_last_read_is_divided(
    text: str, kind: str
) -> None:
    assert kind_of(text.encode(), ".dat") == kind


BEGINNINGS = {
    "PDF文件": [b"%PDF-1.7"], "PNG图片": [b"\x89PNG\r\n\x1a\n"], "JPEG图片": [b"\xff\xd8\xff\xe0"],
    "GIF图片": [b"GIF87a", b"GIF89a"], "TIFF图片": [b"II*\0", b"MM\0*"], "WebP图片": [b"RIFF\x10\0\0\0WEBPVP8 "],
    "Photoshop图片": [b"8BPS\0\1"], "图标文件": [b"\0\0\1\0\1\0"], "WMF图片": [b"\xd7\xcd\xc6\x9a\0\0"],
    "EMF图片": [b"\1" + bytes(39) + b" EMF"], "HEIC图片": [b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypmif1"],
    "音视频文件": [b"\0\0\0\x18ftypisom", b"RIFF\x10\0\0\0WAVE", b"ID3\3\0", b"ID3\4\0", b"OggS\0"],
    "7z压缩包": [b"7z\xbc\xaf\x27\x1c"], "RAR压缩包": [b"Rar!\x1a\7"], "gzip压缩包": [b"\x1f\x8b\x08"],
    "bzip2压缩包": [b"BZh91AY&SY"], "xz压缩包": [b"\xfd7zXZ\0"], "zstd压缩包": [b"\x28\xb5\x2f\xfd"],
    "cab压缩包": [b"MSCF\0\0\0\0"], "tar压缩包": [b"a.txt".ljust(257, b"\0") + b"ustar\x0000"],
    "快捷方式（.lnk）": [b"L\0\0\0\x01\x14\x02\0"], "SQLite数据库": [b"SQLite format 3\0"],
    "Access数据库（.mdb）": [b"\0\1\0\0Standard Jet DB"], "Access数据库（.accdb）": [b"\0\1\0\0Standard ACE DB"],
    "Lotus 1-2-3表格": [b"\0\0\x02\0\x06\x04\x06\0"], "Excel 2.0表格": [b"\t\0\x04\0"], "Excel 3.0表格": [b"\t\x02\x06\0"],
    "Excel 4.0表格": [b"\t\x04\x06\0"], "旧版Write文档": [b"\x31\xbe\0\0"], "WordPerfect文档": [b"\xffWPC"],
    "SYLK表格（.slk）": [b"ID;PWXL"], "DIF表格（.dif）": [b"TABLE\r\n0,1", b"TABLE\n0,1"], "PostScript打印文件": [b"%!PS-Adobe"],
    "DjVu扫描件": [b"AT&TFORM"], "CAJ文献": [b"CAJ\0"], "CEB版式文件": [b"Founder CEB 3"], "HDF5数据文件": [b"\x89HDF\r\n\x1a\n"],
    "SPSS数据文件": [b"$FL2@(#)"], "Stata数据文件": [b"<stata_dta><header>"], "Feather数据文件": [b"ARROW1\0\0"],
    "Avro数据文件": [b"Obj\x01"], "苹果属性列表": [b"bplist00"], "电子名片（vCard）": [b"BEGIN:VCARD\r\n"],
    "日程（iCalendar）": [b"BEGIN:VCALENDAR\r\n"], "程序文件": [b"\xca\xfe\xba\xbe", b"\x7fELF", b"MZ\x90\0"], "BMP图片": [b"BM6\0"],
    "CAD图纸": [b"AC1032\0"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "raw"), [(name, raw) for name, raws in BEGINNINGS.items() for raw in raws])
def test_a_file_of_another_program_is_known_by_how_it_begins(name: str, raw: bytes) -> None:
    found = foreign(raw + bytes(300))
    assert found is not None
    assert found.name == name


def test_no_beginning_that_is_known_is_untried() -> None:
    known = [raw for raws in BEGINNINGS.values() for raw in raws]
    assert [mark for at, mark, _ in SIGNATURES if not any(raw.startswith(mark, at) for raw in known)] == []
    for mark in (b"MZ", b"BM", b"AC10"):  # a text may begin so: binary content is looked for in the first 1024 bytes
        assert [foreign(mark.ljust(length) + b"\0") is None for length in (1023, 1024)] == [False, True]


def test_a_dbase_table_has_one_of_its_versions_and_a_date() -> None:
    named = [version for version in range(256) if foreign(bytes([version]) + DBASE[1:]) is not None]
    assert named == [0x03, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0xCB, 0xF5]
    for month, day, known in ((12, 31, True), (13, 31, False), (12, 32, False), (0, 0, True)):
        assert (foreign(DBASE[:2] + bytes([month, day]) + DBASE[4:]) is not None) == known
    assert foreign(DBASE[:65]) is not None
    assert foreign(DBASE[:64]) is None
    assert foreign(DBASE[:8] + b"\x40\0" + DBASE[10:]) is None  # a header of 64 bytes has no field


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize(
    ("text", "wide"),
    [
        *((f"{10 * sign},1", True) for sign in " ~\t\r\n\u3000\u303f\u4e00\u9fff\uff00\uffef"),
        *((f"{10 * sign},1", False) for sign in "\x1f\x7f\u2fff\u3040\u4dff\ua000\ufefe\ufff0"),
        ("1234567甲", True), ("123456甲", False),  # eight characters at least
        (19 * "1" + "é", True), (18 * "1" + "é", False), (18 * "1" + "éé", False),  # 95 % of them ordinary
        (19 * "甲" + ",", True), (20 * "甲" + ",", False),  # 5 % of them ASCII
        (19 * "甲" + "~", True),
    ],
)  # fmt: skip
def test_text_in_a_wide_encoding_without_a_mark_is_told_by_its_characters(encoding: str, text: str, wide: bool) -> None:
    assert wide_encoding(text.encode(encoding)) == (encoding if wide else "")


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (95 * b"a" + 5 * b"\2", False), (94 * b"a" + 6 * b"\2", True),  # 5 % of control characters
        (94 * b"a" + 6 * b"\2" + 100 * b"\0", True),  # NULs count for nothing
        (98 * b"\xb5" + b"a\2", False), (98 * b"\xb5" + 2 * b"\2", True),  # 1 % of what is GB18030 and not UTF-8
        (98 * b"\xb5" + 2 * b"\t", False), (99 * b"\xb5" + b"\xff", False), (b"\xff\2" + 98 * b"a", True), (b"", False),
    ],
)  # fmt: skip
def test_bytes_are_no_text_from_a_share_of_control_characters_on(raw: bytes, found: bool) -> None:
    assert binary(raw) == found


def test_bytes_look_encrypted_where_they_are_as_even_as_chance_or_the_head_says_so() -> None:
    even = bytes(range(256))
    assert [scrambled(even[:length]) for length in (199, 200)] == [False, True]
    assert [scrambled(even[:128] * 2), scrambled(even[:129] * 2)] == [False, True]  # seven of eight bits
    for word in WORDS_OF_SHIELDS:
        assert [scrambled(bytes(64 + more - len(word)) + word.upper()) for more in (0, 1)] == [True, False]


@pytest.mark.parametrize(("mark", "name"), SHIELDS)
def test_the_mark_of_a_document_security_product_stands_in_the_head(mark: bytes, name: str) -> None:
    assert [shield(bytes(128 + more - len(mark)) + mark) for more in (0, 1)] == [name, None]
