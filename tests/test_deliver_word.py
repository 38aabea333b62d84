"""The Word report: the layout of GB/T 9704, the outline, figures with their alt text, tables, and equal bytes."""

import importlib.util
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import example
import findings_office
import pytest
from docx.enum.text import WD_COLOR_INDEX, WD_LINE_SPACING
from docx.oxml.ns import qn
from test_yearbook import soffice

import perfeval as pe
from perfeval import demo
from perfeval.deliver.officialword import write_report
from perfeval.deliver.wordstyle import CAPTION, CELL, CELL_HEAD, clean
from perfeval.deliver.wordtables import literal, measured
from perfeval.model import reportform as form
from perfeval.model.schema import Narrative
from perfeval.present import official
from perfeval.present.narrative import SYNTHETIC

OUTLINE = """一、自评结论
（一）部门整体绩效自评得分
（二）部门整体绩效目标完成情况
1．执行率情况
2．完成的绩效目标
3．未完成的绩效目标
（三）存在的问题和原因
（四）下一步改进措施
1．改进措施
2．拟与预算安排相结合情况
二、佐证材料
（一）基本情况
1．部门支出情况以及当年重点工作
（1）部门支出情况
（2）当年重点工作
2．年度部门整体绩效目标
（二）部门自评工作开展情况
（三）绩效目标完成情况分析
1．预算执行情况分析
2．各项绩效目标完成情况分析
（四）上年度部门整体自评结果应用情况
（五）其他佐证材料""".splitlines()
REVIEWERS = (
    "无法判定", "复算", "P0", "P1", "P2", "perfeval", "文件没有列出", "凭申报", "申报", "没有查明", "可比的数据", "完成程度",
    "失0", "分，失", "区间", "只称", "自评认为", "严格口径", "须核实", "无数值",
)  # fmt: skip
"""Words of reviewers and of perfeval, which an office's own report never says."""
MM = 36000
"""EMU."""


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory, ronghua: pe.Evaluation) -> Any:
    path = write_report(tmp_path_factory.mktemp("word") / "annual.docx", ronghua)
    return docx.Document(str(path))


def written(tmp_path: Path, result: pe.Evaluation) -> Any:
    return docx.Document(str(write_report(tmp_path / "annual.docx", result)))


def texts(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def below(document: Any, heading: str) -> list[str]:
    """The paragraphs between a heading and the next."""
    found: list[str] = []
    at = texts(document).index(heading)
    for paragraph in document.paragraphs[at + 1 :]:
        if paragraph.style.name.startswith("Heading"):
            break
        found.append(paragraph.text)
    return found


# ---- layout


def test_the_page_is_that_of_official_documents(report: Any) -> None:
    upright, across = report.sections
    assert [round(side / MM) for side in (upright.page_width, upright.page_height)] == [210, 297]
    margins = ("top_margin", "bottom_margin", "left_margin", "right_margin")
    assert [round(getattr(upright, side) / MM) for side in margins] == [37, 35, 28, 26]
    (grid,) = upright._sectPr.findall(qn("w:docGrid"))
    lines, room = int(grid.get(qn("w:linePitch"))) / 20, 225 / 25.4 * 72
    assert grid.get(qn("w:type")) == "linesAndChars"
    assert int(room / lines) == 22
    assert int(156 / 25.4 * 72 / (16 + int(grid.get(qn("w:charSpace"))) / 4096)) == 28
    assert across._sectPr.find(qn("w:docGrid")) is None
    wide, high = (across.page_width - across.left_margin - across.right_margin) / MM, across.page_height / MM
    assert (round(wide), round(high)) == (225, 210)
    assert round((across.page_height - across.top_margin - across.bottom_margin) / MM) == 156


@pytest.mark.parametrize(
    ("style", "font", "size", "line", "indent"),
    [
        ("Normal", "仿宋_GB2312", 16, 28.95, "200"),
        ("Title", "方正小标宋简体", 22, 35, "0"),
        ("Heading 1", "黑体", 16, 28.95, "200"),
        ("Heading 2", "楷体_GB2312", 16, 28.95, "200"),
        ("Heading 3", "仿宋_GB2312", 16, 28.95, "200"),
        ("Heading 4", "仿宋_GB2312", 16, 28.95, "200"),
        (CELL, "仿宋_GB2312", 10.5, None, "0"),
        (CELL_HEAD, "黑体", 10.5, None, "0"),
        (CAPTION, "黑体", 14, None, "0"),
    ],
)
def test_styles_name_the_fonts_of_official_documents(
    report: Any, style: str, font: str, size: float, line: float | None, indent: str
) -> None:
    found = report.styles[style]
    fonts = found.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "eastAsia")} == {font}
    assert not [name for name in fonts.attrib if "Theme" in name or "theme" in name]
    assert (found.font.size.pt, found.font.bold, found.font.color.rgb) == (size, False, None)
    form_ = found.paragraph_format
    if line is None:
        assert form_.line_spacing_rule == WD_LINE_SPACING.SINGLE
    else:
        assert (form_.line_spacing.pt, form_.line_spacing_rule) == (line, WD_LINE_SPACING.EXACTLY)
    assert found.element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == indent


def test_headings_are_in_words_outline_and_stay_with_what_follows(report: Any) -> None:
    heads = [paragraph for paragraph in report.paragraphs if paragraph.style.name.startswith("Heading")]
    assert [head.text for head in heads] == OUTLINE
    for level in range(1, 5):
        style = report.styles[f"Heading {level}"]
        assert style.paragraph_format.keep_with_next
        assert style.element.pPr.find(qn("w:outlineLvl")).get(qn("w:val")) == str(level - 1)
    assert {head.style.name for head in heads} == {f"Heading {level}" for level in range(1, 5)}


def test_page_numbers_stand_at_the_outer_side(report: Any) -> None:
    assert report.settings.odd_and_even_pages_header_footer
    odd, even = report.sections[0].footer, report.sections[0].even_page_footer
    sides = [footer._element.find(f".//{qn('w:jc')}").get(qn("w:val")) for footer in (odd, even)]
    assert sides == ["right", "left"]
    for footer in (odd, even):
        assert footer.paragraphs[0].text == "— 1 —"
        assert footer._element.find(f".//{qn('w:instrText')}").text.strip() == "PAGE"
        assert {size.get(qn("w:val")) for size in footer._element.iter(qn("w:sz"))} == {"28"}
    assert report.sections[1].footer.is_linked_to_previous


def test_the_file_says_neither_who_nor_when(tmp_path: Path) -> None:
    path = write_report(tmp_path / "a.docx", example.evaluation())
    with zipfile.ZipFile(path) as parts:
        core = parts.read("docProps/core.xml").decode()
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in parts.namelist() if "thumbnail" in name]
        assert "仿宋" in parts.read("word/fontTable.xml").decode()
        assert parts.testzip() is None
    assert "部门整体绩效自评结果" in core
    assert not [mark for mark in ("creator", "lastModifiedBy", "created>", "modified>", "python-docx") if mark in core]


def test_equal_evaluations_give_equal_bytes(tmp_path: Path) -> None:
    first, second = (write_report(tmp_path / f"{name}.docx", example.evaluation()) for name in "ab")
    assert first.read_bytes() == second.read_bytes()


# ---- what it says


def test_the_report_is_the_office_s_own(report: Any) -> None:
    assert texts(report)[0].replace("\n", "") == "2022年度武汉市硚口区人民政府荣华街道办事处"
    assert texts(report)[1] == "部门整体绩效自评结果"
    assert below(report, "（一）部门整体绩效自评得分") == [
        "“2022年度武汉市硚口区人民政府荣华街道办事处部门整体”绩效自评得分98分。"
    ]
    money = below(report, "1．执行率情况")
    assert money == [
        "2022年度部门整体支出全年预算数5,431.28万元，全年执行数5,431.28万元，执行率100%。其中，"
        "基本支出全年预算数2,033.69万元，全年执行数2,033.69万元，执行率100%；"
        "项目支出全年预算数3,397.59万元，全年执行数3,397.59万元，执行率100%。"
    ]
    assert below(report, "（1）部门支出情况") == below(report, "1．预算执行情况分析") == money
    assert below(report, "3．未完成的绩效目标") == [
        "“信访积案化解率”、“消防隐患整治率99%”未完成年初目标值。",
        "（1）信访积案化解率（目标4）：年初目标值：100%，实际完成值：30%。原因：偏差大。"
        "措施：涉及资金缺口过大，开展思想教育和调解。",
        "（2）消防隐患整治率99%（目标4）：年初目标值：完成，实际完成值：70%。原因：2处未完成整改：1处未纳入老旧改造工程；"
        "1处因居民与业委会的矛盾纠纷延期。措施：加快实施进度；未纳入老旧改造的1处单独整改。",
    ]
    assert below(report, "（五）其他佐证材料")[0] == "无。"
    assert "附件：2022年度部门整体绩效自评表" in texts(report)
    said = "".join(texts(report))
    assert ("4436户" in said, "约1.6万人" in said, "没有在项目之间调剂使用" in said) == (True, True, True)


def test_every_indicator_has_its_sentence_under_its_goal_and_category(report: Any) -> None:
    said = below(report, "2．各项绩效目标完成情况分析")
    assert said[:5] == [
        "12个年度目标共设39项绩效指标，完成37项，未完成2项。具体情况如下：",
        "目标1：街道运行管理经费",
        "（1）产出指标完成情况分析",
        "①完成立案5件（年初目标值：完成）。共开展疫情防控、“四风”及中央八项规定精神、“双评议”等监督检查100余次，"
        "办理案件5件，完成年初目标。",
        "②网格案结率（年初目标值：100%）。网格案结率100%，完成年初目标。",
    ]
    assert "①城市新增就业人数（年初目标值：100%）。城市新增就业人数，完成年初目标值。" in said
    assert len([line for line in said if form.WANTED in line]) == 39


def all_texts(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    heads = [head.text for section in document.sections for head in section.header.paragraphs]
    return "\n".join([*texts(document), *cells, *heads])


def test_no_reviewer_speaks_in_it(report: Any, tmp_path: Path) -> None:
    offices = {"ronghua": report, "example": written(tmp_path, example.evaluation())}
    offices |= {name: written(tmp_path, result) for name, result in demo_offices(tmp_path / "demo")}
    assert len(offices) == 8
    for name, document in offices.items():
        said = all_texts(document)
        assert not [word for word in REVIEWERS if word in said], name


def demo_offices(folder: Path) -> list[tuple[str, pe.Evaluation]]:
    demo.make(folder, subdistricts=3, years=(2022, 2023), seed=7, notebooks=Path(__file__).parents[1] / "notebooks")
    data = pe.load(folder / "data")
    units = data.sources[["subdistrict", "year"]].drop_duplicates().itertuples(index=False)
    return [(f"{who} {when}", pe.evaluate(data, subdistrict=who, year=when)) for who, when in units]


def test_what_is_missing_is_a_place_to_fill_in_that_stands_out(tmp_path: Path) -> None:
    found = written(tmp_path, example.empty())
    assert [text for text in texts(found) if text in OUTLINE] == OUTLINE
    for heading in OUTLINE:
        said = below(found, heading)
        assert not said or form.BLANK.search(said[0]), heading
    marked = [run for paragraph in found.paragraphs for run in paragraph.runs if "【" in run.text]
    assert len(marked) > 10
    assert all(run.font.highlight_color == WD_COLOR_INDEX.YELLOW and form.BLANK.fullmatch(run.text) for run in marked)
    plain = [run for paragraph in found.paragraphs for run in paragraph.runs if "【" not in run.text]
    assert not [run.text for run in plain if run.font.highlight_color]
    assert "自评得分【请填写：自评得分】分" in below(found, "（一）部门整体绩效自评得分")[0]


def test_figures_have_no_place_in_it(report: Any) -> None:
    assert not list(report.element.iter(qn("w:drawing")))


def test_tables_fit_the_page_repeat_their_heads_and_keep_their_rows(report: Any) -> None:
    assert len(report.tables) == 2
    for table in report.tables:
        assert sum(column.width for column in table.columns) / MM == pytest.approx(225, abs=1)
        head, *rows = table._tbl.tr_lst
        assert head.find(f".//{qn('w:tblHeader')}") is not None
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in [head, *rows])
        assert not [row for row in rows if row.find(f".//{qn('w:tblHeader')}") is not None]


def test_a_row_longer_than_a_page_may_break(tmp_path: Path) -> None:
    found = written(tmp_path, findings_office.office({findings_office.ROWS[0][4]: {"reason": "长" * 4000}}))
    details = next(table for table in found.tables if "偏差原因" in [cell.text for cell in table.rows[0].cells])
    rows = [row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in details.rows[:4]]
    assert rows == [True, True, False, True]


def test_the_indicators_stand_under_their_goals(report: Any) -> None:
    table = report.tables[1]
    assert [cell.text for cell in table.rows[0].cells] == [
        *("序号", "一级指标", "三级指标", "年初目标值", "实际完成值", "完成情况", "偏差原因", "改进措施")
    ]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    at = rows.index(["目标4", *["基层公共安全经费"] * 7])
    assert rows[at + 4][:7] == ["16", "产出", "信访积案化解率", "100%", "30%", "未完成年初目标", "偏差大"]
    assert rows[rows.index(["目标8", *["街道疫情防控经费"] * 7]) + 1][4] == form.SEE_TEXT
    assert len([row for row in rows if row[0].isdecimal()]) == 39
    assert len([row for row in rows if row[0].startswith("目标")]) == 12


# ---- all kinds of offices


def one(**changes: Any) -> pe.Evaluation:
    """An office with one indicator, which is met."""
    kept = findings_office.ROWS[0][4]
    return findings_office.office(drop=[row[4] for row in findings_office.ROWS if row[4] != kept], **changes)


def test_an_office_with_one_indicator_and_none_unmet(tmp_path: Path) -> None:
    found = written(tmp_path, one())
    assert below(found, "3．未完成的绩效目标") == ["年初设定的绩效目标均已完成，没有未完成的绩效目标。"]
    assert "1个年度目标共设1项绩效指标，完成1项。具体情况如下：" in texts(found)
    assert len(found.tables[1].rows) == 3


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "受理便民事项件数（年初目标值：≥1200件）。实际完成值：1260件。全年线上线下受理，完成年初目标。佐证材料：便民平台年报。"),
        ({"narrative": "全年受理1260件。"}, "受理便民事项件数（年初目标值：≥1200件）。全年受理1260件，完成年初目标。佐证材料：便民平台年报。"),
        ({"narrative": "", "evidence": ""}, "受理便民事项件数（年初目标值：≥1200件）。实际完成值：1260件，完成年初目标。"),
        (
            {"narrative": "全年受理1260件，超额完成年初目标", "declared_met": "超额完成年初目标", "evidence": ""},
            "受理便民事项件数（年初目标值：≥1200件）。全年受理1260件，超额完成年初目标。",
        ),
        (
            {"actual": "", "narrative": "", "evidence": "", "declared_score": ""},
            "受理便民事项件数（年初目标值：≥1200件）。【请填写：实际完成情况，是否完成年初目标】。",
        ),
        (
            {"target": "1200", "actual": "1300", "unit": "件", "narrative": "", "evidence": "", "reason": "新增网点"},
            "受理便民事项件数（年初目标值：1200件）。实际完成值：1300件，完成年初目标。原因：新增网点。",
        ),
    ],
)  # fmt: skip
def test_the_sentence_on_an_indicator(tmp_path: Path, changes: dict[str, str], sentence: str) -> None:
    found = written(tmp_path, findings_office.office({findings_office.ROWS[0][4]: changes}))
    said = below(found, "2．各项绩效目标完成情况分析")
    assert f"①{sentence}" in [*said, f"①{said[3]}"], said[:6]


def test_an_office_that_only_has_targets(tmp_path: Path) -> None:
    bare = dict.fromkeys(("actual", "declared_met", "declared_score", "narrative", "evidence", "reason", "measure"), "")
    result = findings_office.office({row[4]: bare for row in findings_office.ROWS})
    found = written(tmp_path, result)
    assert below(found, "3．未完成的绩效目标") == ["【请填写：未完成的绩效目标及其原因；没有的写“无”】"]
    assert "2个年度目标共设11项绩效指标，具体情况如下：" in texts(found)


@pytest.mark.parametrize(
    ("name", "district", "city", "legal"),
    [
        ("荣华街道办事处", "硚口区", "武汉市", "武汉市硚口区人民政府荣华街道办事处"),
        ("荣华街道", "硚口区", "武汉市", "武汉市硚口区人民政府荣华街道办事处"),
        ("武汉市硚口区人民政府荣华街道办事处", "硚口区", "武汉市", "武汉市硚口区人民政府荣华街道办事处"),
        ("硚口区荣华街道办事处", "硚口区", "武汉市", "武汉市硚口区人民政府荣华街道办事处"),
        ("关东街道办事处", "东湖新技术开发区", "武汉市", "武汉市东湖新技术开发区关东街道办事处"),
        ("某某镇人民政府", "新洲区", "武汉市", "武汉市新洲区某某镇人民政府"),
        ("示例街道办事处", "", "", "示例街道办事处"),
        ("教育局", "硚口区", "", "硚口区教育局"),
    ],
)
def test_the_legal_name(name: str, district: str, city: str, legal: str) -> None:
    result = replace(example.evaluation(), name=name, district=district, city=city)
    assert official.legal_name(result) == legal


def test_figures_and_short_words_stand_on_one_line() -> None:
    heads = ["序号", "三级指标", "得分", "年初目标值"]
    rows = [["1", "长" * 60, "123,456,789.01", "≥1,234,567.89元"], ["目标120", "名"]]
    sizes = measured(heads, rows, ["center", "", "right", ""], 225)
    assert sum(sizes) == pytest.approx(225)
    assert sizes[0] > 4 * 3.7 + 3.8  # 目标120 at 五号, with the sides of a cell
    assert sizes[2] > 14 * 0.58 * 3.7 + 3.8
    assert sizes[3] > 14 * 0.58 * 3.7 + 3.8
    assert sum(measured(heads, [["1", "甲", "1", "乙"]], ["center", "", "right", ""], 225)) == pytest.approx(225)


def test_a_budget_without_total_has_its_reason(tmp_path: Path) -> None:
    found = written(tmp_path, example.evaluation(execution=example.no_execution()))
    assert form.BLANK.search(below(found, "1．执行率情况")[0])
    assert found.tables[0].rows[0].cells[0].text == "预算项目"


@pytest.mark.parametrize("how", [example.hostile, lambda: worded("甲\x00\x0b\x1f乙\ud800\ufffe丙" + "长" * 5000)])
def test_any_text_stays_text(tmp_path: Path, how: Callable[[], pe.Evaluation]) -> None:
    result = how()
    path = write_report(tmp_path / "annual.docx", result)
    found = docx.Document(str(path))
    with zipfile.ZipFile(path) as parts:
        body = parts.read("word/document.xml").decode()
    assert "<script" not in body
    assert "w:hyperlink" not in body
    task = " ".join(result.narrative.key_tasks[0].split())  # on one line
    assert clean(task) in "".join(below(found, "（2）当年重点工作"))
    assert found.core_properties.title


def worded(text: str) -> pe.Evaluation:
    return replace(example.evaluation(), narrative=Narrative(key_tasks=(text,), title=text), name=text)


def test_what_xml_cannot_hold_is_left_out() -> None:
    assert clean("甲\x00\x0b\r\n乙\r丙\t\ud800𠮷\uffff") == "甲\n乙\n丙\t𠮷"


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (5431.28, "money", "5,431.28"),
        (2000.0, "money", "2,000.00"),
        (0.123456, "money", "0.123456"),
        (float("nan"), "money", ""),
        (1e-7, "money", "0.0000001"),
        (9.5, "points", "9.5"),
        ("0012", "text", "0012"),
        (4, "count", "4"),
        (None, "count", ""),
    ],
)
def test_numbers_keep_every_digit(value: Any, kind: str, text: str) -> None:
    assert literal(value, kind) == text


@pytest.mark.parametrize(
    ("level", "number", "shown"),
    [
        (1, 2, "二、"),
        (1, 12, "十二、"),
        (2, 10, "（十）"),
        (2, 21, "（二十一）"),
        (3, 3, "3．"),
        (4, 14, "（14）"),
        (5, 9, "⑨"),
        (5, 51, "（51）"),
    ],
)
def test_numbers_of_headings_and_lists(level: int, number: int, shown: str) -> None:
    assert form.numbered(level, number) == shown


def test_invented_figures_say_so_on_every_page(tmp_path: Path) -> None:
    for synthetic, said in ((True, SYNTHETIC), (False, "")):
        result = replace(example.evaluation(), synthetic=synthetic)
        found = docx.Document(str(write_report(tmp_path / f"{synthetic}.docx", result)))
        for section in found.sections:  # later ones carry on the first one's headers
            assert section.header.paragraphs[0].text == said
            assert section.even_page_header.paragraphs[0].text == said


# ---- how much of what is on file it says


@pytest.fixture(scope="module")
def measure() -> Any:
    path = Path(__file__).parents[1] / "benchmarks" / "wordbody.py"
    spec = importlib.util.spec_from_file_location("benchmark_wordbody", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_nearly_all_that_is_on_file_reaches_the_body(tmp_path: Path, measure: Any, ronghua: pe.Evaluation) -> None:
    for name, result in [("ronghua", ronghua), *demo_offices(tmp_path / "demo")[:3]]:
        found = measure.overlap(result, write_report(tmp_path / "a.docx", result))
        assert found["in_body"].sum() >= 0.95 * found["on_file"].sum() > 1000, name


def test_a_text_that_is_left_out_is_missed_by_the_measure(tmp_path: Path, measure: Any, ronghua: pe.Evaluation) -> None:
    path = write_report(tmp_path / "a.docx", ronghua)
    document = docx.Document(str(path))
    line = next(one for one in document.paragraphs if "风险预判" in one.text and form.WANTED in one.text)
    line.text = line.text.replace("注重风险预判", "")
    document.save(str(path))
    found = measure.overlap(ronghua, path)
    assert found["on_file"]["narrative"] - found["in_body"]["narrative"] >= 4
    assert measure.covered("办理案件5件", "办理了案件5件") == 4


# ---- as pages


def pages(folder: Path, *files: Path) -> list[list[str]]:
    """The text of every page of documents as LibreOffice lays them out."""
    command = [soffice(), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(folder), *map(str, files)], check=True, capture_output=True, timeout=300)
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not on this machine")
    made = [folder / f"{file.stem}.pdf" for file in files]
    shown = [
        subprocess.run([reader, "-layout", str(file), "-"], check=True, capture_output=True, timeout=60).stdout
        for file in made
    ]
    return [text.decode().rstrip("\f").split("\f") for text in shown]


def many(count: int) -> pe.Evaluation:
    """An office with so many indicators, every ninth of them missed."""
    rows = [
        {
            "goal_no": str(number // 10 + 1),
            "goal": f"第{number // 10 + 1}类公共服务综合保障经费",
            "category": ("产出", "产出", "效益", "满意度")[number % 4],
            "subcategory": ("数量", "质量", "社会效益", "服务对象满意度")[number % 4],
            "indicator": f"第{number + 1}项便民服务事项按期办结率",
            "target": "≥95%",
            "actual": "88.6%" if number % 9 == 4 else "97.3%",
            "declared_met": "未完成年初目标" if number % 9 == 4 else "完成年初目标",
            "narrative": f"全年受理{number + 100}件，按期办结{number + 90}件",
            "reason": "人员调整，部分事项延期办理" if number % 9 == 4 else "",
            "measure": "2023年6月底前补充人员" if number % 9 == 4 else "",
        }
        for number in range(count)
    ]
    return findings_office.office(drop=[row[4] for row in findings_office.ROWS], add=rows)


def test_a_report_has_no_more_pages_than_it_needs_and_breaks_no_number(tmp_path: Path, ronghua: pe.Evaluation) -> None:
    big = many(12)
    amounts = ["opening", "adjusted", "executed"]
    big.execution.items[amounts] = big.execution.items[amounts].map(lambda _: 123456789.01)
    files = [
        write_report(tmp_path / f"{name}.docx", result)
        for name, result in (("ronghua", ronghua), ("many", many(120)), ("big", big))
    ]
    source, long, rich = pages(tmp_path, *files)
    assert len(source) <= 16
    assert len(long) <= 40
    assert "".join(rich).count("123,456,789.01") >= 5 * 3  # the form alone; a number cut in two would not be found
    assert "".join(source).count("5,431.28") == 2 * 3 + 2
    assert len([line for line in source[4].splitlines() if line.strip()]) <= 22 + 1
