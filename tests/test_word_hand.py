"""The Word report edited by hand in every way people edit Word files: each edit is taken, or named with its words."""

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from test_word_round_trip import paragraph, row_of

import perfeval as pe
from perfeval.deliver.officialword import write_report
from perfeval.deliver.wordtext import Report
from perfeval.ingest import filing, importing
from perfeval.ingest.document import Paragraph
from perfeval.ingest.wordhand import told_of
from perfeval.model import reportform as form

ROOT = Path(__file__).parents[1]
CASE, NAMED = "④信访积案化解率", "信访积案化解率"
DAY = "【请填写：成文日期，如2023年7月15日】"
REVISED = f'{nsdecls("w")} w:id="1" w:author="张" w:date="2023-07-01T00:00:00Z"'
Edit = Callable[[Any], Any]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data and the report made from them."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(ROOT / "data", folder / "data")
    write_report(folder / "annual.docx", pe.evaluate(pe.load(folder / "data"), subdistrict="ronghua", year=2022))
    return folder


def imported(office: Path, path: Path) -> tuple[list[tuple[str, str, str]], list[str]]:
    """What differs from the data on file as (key, column, new), and every problem but that of derived sentences."""
    documents = importing.import_files([path], data_dir=office / "data")
    outcomes = filing.write(documents, office / "data", dry_run=True)
    found = [(row.key, row.column, row.new) for one in outcomes for row in one.differences.itertuples(index=False)]
    said = [f"{one.code} {one.message} {one.value}" for one in filing.every_problem(documents, outcomes)]
    return found, [text for text in said if not text.startswith("N705")]


def replaced(start: str, old: str, new: str) -> Edit:
    def edit(document: Any) -> None:
        line = paragraph(document, start)
        assert old in line.text
        line.text = line.text.replace(old, new)

    return edit


def gone(start: str) -> Edit:
    return lambda document: paragraph(document, start)._p.getparent().remove(paragraph(document, start)._p)


def added(before: str, text: str) -> Edit:
    return lambda document: paragraph(document, before).insert_paragraph_before(text)


def cell(number: str, place: int, text: str) -> Edit:
    return lambda document: setattr(row_of(document, form.INDICATOR_TABLE, number).cells[place], "text", text)


def row_added(document: Any) -> None:
    row = row_of(document, form.INDICATOR_TABLE, "16")
    new = docx.table._Row(copy.deepcopy(row._tr), row._parent)
    row._tr.addnext(new._tr)
    for one, text in zip(new.cells, ("", "产出", "夜间巡逻次数", "100次", "120次"), strict=False):
        one.text = text


def row_deleted(document: Any) -> None:
    row = row_of(document, form.INDICATOR_TABLE, "16")._tr
    row.getparent().remove(row)


def sections_swapped(document: Any) -> None:
    part, until = (paragraph(document, start)._p for start in ("（三）存在的问题和原因", "（四）下一步改进措施"))
    after = paragraph(document, "二、佐证材料")._p
    while part is not until:
        following = part.getnext()
        after.addprevious(part)
        part = following


def table_pasted(document: Any) -> None:
    table = document.add_table(2, 2)
    table.rows[1].cells[0].text, table.rows[1].cells[1].text = "路灯检修", "120盏"
    paragraph(document, "（四）上年度")._p.addprevious(table._tbl)


def inserted(document: Any) -> None:
    run = paragraph(document, CASE).add_run("已另报区委。")._r
    mark = parse_xml(f"<w:ins {REVISED}/>")
    run.addprevious(mark)
    mark.append(run)


def deleted(document: Any) -> None:
    line = paragraph(document, CASE)
    line._p.append(parse_xml(f"<w:del {REVISED}><w:r><w:delText>{line.text}</w:delText></w:r></w:del>"))
    line._p.remove(line.runs[0]._r)


def revised_cell(document: Any) -> None:
    line = row_of(document, form.INDICATOR_TABLE, "16").cells[4].paragraphs[0]
    line._p.append(parse_xml(f"<w:del {REVISED}><w:r><w:delText>30%</w:delText></w:r></w:del>"))
    line._p.append(parse_xml(f"<w:ins {REVISED}><w:r><w:t>35%</w:t></w:r></w:ins>"))
    line._p.remove(line.runs[0]._r)


def struck(document: Any) -> None:
    line = row_of(document, form.INDICATOR_TABLE, "16").cells[4].paragraphs[0]
    line.runs[0].font.strike = True
    line.add_run("35%")


def text_box(document: Any) -> None:
    shape = (
        "<w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>化解了2件重点积案</w:t></w:r></w:p>"
        "</w:txbxContent></v:textbox></v:shape></w:pict>"
    )
    names = f'{nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"'
    paragraph(document, CASE)._p.append(parse_xml(f"<w:r {names}>{shape}</w:r>"))


def in_header(document: Any) -> None:
    document.sections[0].header.paragraphs[0].text = "数字有更正"


ROW = f"4｜基层公共安全经费｜产出｜{NAMED}"
TAKEN: dict[str, tuple[Edit, tuple[str, str, str]]] = {
    "a typo in a narrative": (
        replaced(CASE, "化解率为30%", "化解率达到30%"), (ROW, "narrative", "信访积案化解率达到30%")),
    "a tracked insertion after the sentence": (inserted, (ROW, "narrative", "信访积案化解率为30%。已另报区委")),
    "a number in the form": (cell("16", 4, "35%"), (ROW, "actual", "35%")),
    "a tracked number in the form": (revised_cell, (ROW, "actual", "35%")),
    "a number struck out": (struck, (ROW, "actual", "35%")),
    "a row added": (row_added, ("4｜基层公共安全经费｜产出｜夜间巡逻次数", "", "有这一行")),
    "a row deleted": (row_deleted, (ROW, "", "（无）")),
    "a problem added": (added("（四）下一步", "5．人员不足。原因：编制少。"), ("problems[5]", "", "人员不足｜编制少")),
    "a measure": (
        replaced("（5）消防隐患整改", "加快实施进度", "年底前完成"), ("measures[5]", "", "消防隐患整改：年底前完成")),
    "the day of a stage": (replaced("1．前期准备", "6月9日", "6月10日"), ("stages[1]", "", "2023-06-10")),
    "the score": (replaced("“2022年度", "98分", "97分"), ("declared_score", "", "97")),
    "a grade": (replaced("“2022年度", "98分", "98分，自评等级为优"), ("declared_grade", "", "优")),
    "the day it is signed": (replaced(DAY, DAY, "2023年7月15日"), ("signed_on", "", "2023-07-15")),
    "the day in characters": (replaced(DAY, DAY, "二〇二三年七月十五日"), ("signed_on", "", "2023-07-15")),
    "a sentence of its own in a list": (
        added("（五）其他佐证材料", "另有三个项目未列入本表。"), ("last_year[3]", "", "另有三个项目未列入本表")),
}  # fmt: skip
NAMED_ONLY: dict[str, tuple[Edit, str]] = {
    "a sentence deleted": (gone(CASE), f"W730 正文里没有“{NAMED}”的完成情况"),
    "a tracked deletion": (deleted, f"W730 正文里没有“{NAMED}”的完成情况"),
    "a table pasted": (table_pasted, "W730 正文里的一张表（2行）不是附件的表，没有读入；数据请填在附件里 路灯检修、120盏"),
    "a comment": (lambda document: document.add_comment(paragraph(document, CASE).runs, "请核实30%", author="李"),
                  "N613 有1处批注没有读取：“请核实30%”"),
    "a text box": (text_box, "化解了2件重点积案"),
    "a header": (in_header, "数字有更正"),
    "an amount of the text": (replaced("2022年度部门整体支出", "5,431.28", "5,000.00"), "W730"),
    "the actual of the text": (replaced("（1）信访积案化解率（目标4）", "完成值：30%", "完成值：40%"), "W730"),
    "a heading": (replaced("（四）上年度", "应用", "运用"), "W733 “上年度部门整体自评结果应用情况”一节里没有内容"),
    "a section emptied": (gone("无。"), "W733 “其他佐证材料”一节里没有内容"),
    "the office's name": (replaced("单位名称：", "荣华街道办事处", "荣华街道"), "W730"),
    "a day that is none": (replaced(DAY, DAY, "2023年13月1日"), "2023年13月1日"),
    "who signed": (replaced("填报人", "填报人：", "填报人：张三"), "N731"),
}  # fmt: skip


def edited(office: Path, folder: Path, edit: Edit) -> Path:
    document = docx.Document(str(office / "annual.docx"))
    edit(document)
    document.save(str(folder / "edited.docx"))
    return folder / "edited.docx"


@pytest.mark.parametrize("name", TAKEN)
def test_an_edit_that_has_a_place_is_taken_and_nothing_else(office: Path, tmp_path: Path, name: str) -> None:
    edit, (key, column, new) = TAKEN[name]
    found, said = imported(office, edited(office, tmp_path, edit))
    assert [(one, where) for one, where, text in found if new in text] == [(key, column)]
    assert len(found) == 1
    assert not [text for text in said if text.startswith(("W730", "W731", "W733"))]


@pytest.mark.parametrize("name", NAMED_ONLY)
def test_an_edit_without_a_place_is_named_with_its_words(office: Path, tmp_path: Path, name: str) -> None:
    edit, expected = NAMED_ONLY[name]
    found, said = imported(office, edited(office, tmp_path, edit))
    assert found == []
    assert [text for text in said if expected in text]


def test_sections_may_stand_in_another_order(office: Path, tmp_path: Path) -> None:
    assert imported(office, edited(office, tmp_path, sections_swapped)) == ([], [])


def test_an_untouched_report_says_nothing(office: Path) -> None:
    assert imported(office, office / "annual.docx") == ([], [])


def test_the_day_is_written_and_read_back(office: Path, tmp_path: Path) -> None:
    path = edited(office, tmp_path, TAKEN["the day it is signed"][0])
    shutil.copytree(office / "data", tmp_path / "data")
    filing.write(importing.import_files([path], data_dir=tmp_path / "data"), tmp_path / "data", replace=True)
    result = pe.evaluate(pe.load(tmp_path / "data"))
    assert result.narrative.signed_on == "2023-07-15"
    again = docx.Document(str(write_report(tmp_path / "again.docx", result)))
    assert "2023年7月15日" in [line.text for line in again.paragraphs]


def test_points_of_parts_are_in_the_form_and_read_back(office: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(office / "data", data)
    head = "name,goal_no,goal,category,subcategory,weight,declared_score"
    lines = [head, "产出指标,,,产出,,40,38.5", "效益指标,,,效益,,24,"]
    (data / "ronghua" / "2022" / "blocks.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    path = write_report(tmp_path / "a.docx", pe.evaluate(pe.load(data)))

    def read() -> tuple[str, list[tuple[str, str]]]:
        (outcome,) = filing.write(importing.import_files([path], data_dir=data), data, dry_run=True)
        return outcome.status, [(row.column, row.new) for row in outcome.differences.itertuples(index=False)]

    assert read() == (filing.SAME, [])
    document = docx.Document(str(path))
    table = document.tables[-1]
    assert [cell.text for cell in table.rows[1].cells] == ["产出指标", "产出", "40", "38.5"]
    table.rows[1].cells[3].text = "37"
    document.save(str(path))
    assert read() == (filing.READY, [("declared_score", "37")])


def test_no_line_is_stretched_and_a_long_title_has_no_stray_character(office: Path) -> None:
    document = docx.Document(str(office / "annual.docx"))
    assert document.styles["Normal"].paragraph_format.alignment == WD_ALIGN_PARAGRAPH.LEFT
    name = "进一步改进辖区内老旧小区居住环境综合整治与公共服务设施配套建设工作专班街道办事处"
    report = Report(pe.evaluate(pe.load(office / "data")), f"2022年度武汉市硚口区人民政府{name}")
    lines = report.document.paragraphs[0].text.split("\n")
    assert "".join(lines[1:]) == name
    assert max(map(len, lines[1:])) - min(map(len, lines[1:])) <= 1


def test_names_that_begin_with_a_number_come_back_without_a_word(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    table = tmp_path / "data" / "ronghua" / "2022" / "indicators.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace(f",{NAMED},", f",（1）{NAMED},"), encoding="utf-8")
    result = pe.evaluate(pe.load(tmp_path / "data"), subdistrict="ronghua", year=2022)
    assert f"（1）{NAMED}" in set(result.indicators["indicator"])
    write_report(tmp_path / "annual.docx", result)
    assert imported(tmp_path, tmp_path / "annual.docx") == ([], [])


@pytest.mark.parametrize("number", ["", "3．", "（2）", "②", "（一）"])
def test_only_the_number_before_a_sentence_is_none_of_its_words(number: str) -> None:
    said = "走访次数（年初目标值：≥12次）。第一、二季度走访（1）批和③批，完成年初目标。"
    (told,) = told_of([(None, Paragraph(number + said, 1))])[("", "走访次数")]
    assert told["narrative"] == "第一、二季度走访（1）批和③批"
    assert form.fingerprint(number + said) == form.fingerprint(said)
    assert form.fingerprint(number + said) != form.fingerprint(said.replace("一、", ""))
