"""The workbook a finance officer can re-add: recalculated by LibreOffice, its formulas give what the evaluation gives."""

import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import findings_office
import openpyxl
import pytest

import perfeval as pe
from perfeval.analysis import rulesets
from perfeval.deliver.yearbook import write_yearbook
from perfeval.deliver.yearbook.rows import SUMS
from perfeval.model.verdicts import verdict
from perfeval.present.narrative import SYNTHETIC

ROOT = Path(__file__).parents[1]
ROWS, TOTALS = "指标与得分", "得分汇总"
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""
# Rows of every kind of target and direction; each is scored by another branch of the formulas.
KINDS: list[dict[str, str]] = [
    {"indicator": "食品安全投诉件数", "target": "≤10件", "actual": "12件", "category": "效益"},
    {"indicator": "重大火灾事故起数", "target": "0起", "actual": "1起", "category": "效益"},
    {"indicator": "有责投诉起数", "target": "0起", "actual": "0起", "category": "效益"},
    {"indicator": "编制社区规划份数", "target": "8份", "actual": "9份", "direction": "等于"},
    {"indicator": "新建岗亭座数", "target": "8座", "actual": "6座", "direction": "等于"},
    {"indicator": "培训人次", "target": ">=300人次", "actual": "450人次"},
    {"indicator": "走访户数", "target": ">200户", "actual": "200户"},
    {"indicator": "巡查天数", "target": "20-25天", "actual": "22天"},
    {"indicator": "巡河次数", "target": "10-12次", "actual": "8次"},
    {"indicator": "办理时限", "target": "≤5个工作日", "actual": "7个工作日", "direction": "时限"},
    {"indicator": "社区环境", "target": "改善", "actual": "明显改善", "category": "效益"},
    {"indicator": "宣传氛围", "target": "良好", "actual": "部分完成", "category": "效益"},
    {
        "indicator": "长效机制",
        "target": "健全",
        "actual": "印发三个文件",
        "declared_met": "部分完成",
        "category": "效益",
    },
    {
        "indicator": "志愿队伍",
        "target": "壮大",
        "actual": "招募了一批志愿者",
        "declared_met": "完成",
        "category": "效益",
    },
    {"indicator": "清运及时率", "target": "95%", "actual": "按计划清运", "declared_met": "完成"},
    {"indicator": "绿化养护", "target": "规范", "actual": ""},
    {"indicator": "网格巡查覆盖率", "target": "≥95%", "actual": "达成预期指标"},
    {"indicator": "路灯检修完成时间", "target": "2022年9月底前", "actual": "达成预期指标"},
]
PROJECT = [("项目支出", "", "450", "500", "437.77"), ("基本支出", "", "750", "", "")]


@dataclass(frozen=True)
class Case:
    """A workbook with the evaluation it was written from."""

    name: str
    result: pe.Evaluation


def mixed(ruleset: str | pe.model.ruleset.RuleSet, **office: Any) -> pe.Evaluation:
    """The fictional office with rows of every kind, all without weights of their own."""
    return findings_office.office(add=KINDS, every={"weight": "", "declared_score": ""}, ruleset=ruleset, **office)


def odd() -> pe.model.ruleset.RuleSet:
    """A rule set with every formula the presets do not use."""
    rules = rulesets.preset("fasp2")
    over = replace(rules.over, mode="deduct")
    return replace(rules, name="odd.toml", equal="deviation", over=over, share_places=3, spread="goals", row_places=4)


@cache
def cases() -> list[Case]:
    source = pe.load(ROOT / "data", subdistrict="ronghua", years=2022)
    found = [Case(f"ronghua-{name}", pe.evaluate(source, name)) for name in rulesets.names()]
    found += [Case(f"mixed-{name}", mixed(name)) for name in ("hubei", "fasp2", "sichuan", "chongqing")]
    found += [Case("mixed-odd", mixed(odd())), Case("mixed-exact", mixed(replace(odd(), equal="exact")))]
    found += [Case("weights", findings_office.office(budget=PROJECT))]
    return found


def soffice() -> str:
    """LibreOffice; without it the test is left out, unless the machine promises to have it."""
    found = shutil.which("soffice")
    if found is None and os.environ.get("PERFEVAL_REQUIRE_OFFICE") != "1":
        pytest.skip("LibreOffice is not on this machine")
    assert found, "PERFEVAL_REQUIRE_OFFICE is set, but there is no soffice on PATH"
    return found


def recalculated(folder: Path, files: list[Path]) -> dict[str, Any]:
    """The workbooks as LibreOffice calculates them, by name: the values kept in the files are thrown away first."""
    program, profile, bare, out = soffice(), folder / "profile", folder / "bare", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    bare.mkdir()
    for file in files:
        book = openpyxl.load_workbook(file)
        assert not any(sheet["A1"].data_type == "f" for sheet in book)
        book.save(bare / file.name)  # openpyxl writes formulas without values
    shutil.copy(files[0], bare / "whole.xlsx")  # as it was written, with its charts
    command = [
        program,
        "--headless",
        f"-env:UserInstallation={profile.as_uri()}",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    command += ["--outdir", str(out), *map(str, sorted(bare.iterdir()))]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {file.stem: openpyxl.load_workbook(file, data_only=True) for file in out.iterdir()}


def table(sheet: Any, top: int = 3) -> list[dict[str, Any]]:
    """The rows below the headings, by heading."""
    heads = [cell.value for cell in sheet[top]]
    return [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=top + 1, values_only=True)]


def indicators(book: Any) -> list[dict[str, Any]]:
    return [row for row in table(book[ROWS]) if row["三级指标"]]


def totals(book: Any) -> dict[str, dict[str, Any]]:
    return {row["项目"]: row for row in table(book[TOTALS]) if row["项目"]}


def compare(name: str, book: Any, result: pe.Evaluation) -> None:
    """Every number of the two sheets of scores against the evaluation."""
    rows, found = indicators(book), result.indicators.to_dict("records")
    assert len(rows) == len(found), name
    for row, one in zip(rows, found, strict=True):
        where = (name, one["indicator"])
        assert row["得分"] == pytest.approx(one["score"], abs=1e-9), where
        assert row["失分"] == pytest.approx(one["lost"], abs=1e-9), where
        assert row["严格口径得分"] == pytest.approx(one["strict_score"], abs=1e-9), where
        assert row["得分系数"] == pytest.approx(float(one["share"]), abs=1e-12), where
        if one["attainment"] == one["attainment"]:
            assert row["完成率"] == pytest.approx(one["attainment"], abs=1e-12), where
        else:
            assert not row["完成率"], where
        assert row["完成情况"] == verdict(one["status"], one["basis"]), where
    said = totals(book)
    for column, basis in (("得分", "declared"), ("严格口径", "strict")):
        score = result.scores[basis]
        assert said["预算执行"][column] == pytest.approx(score.execution, abs=1e-9), name
        assert said["指标合计"][column] == pytest.approx(score.indicators, abs=1e-9), name
        assert said["总分"][column] == pytest.approx(score.total, abs=1e-9), name
        assert (said["复算等级"][column] or "") == score.grade, name
    assert said["总分"]["分值"] == pytest.approx(result.scores["declared"].possible, abs=1e-9), name


def errors(book: Any) -> list[str]:
    """Cells that hold an error of the calculation."""
    return [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"
    ]


EDITS: dict[str, tuple[float, str]] = {
    "消防隐患整治率": (94.5, "94.5%"),
    "食品安全投诉件数": (7, "7件"),
    "重大火灾事故起数": (0, "0起"),
    "新建岗亭座数": (10, "10座"),
    "走访户数": (201, "201户"),
    "巡查天数": (30, "30天"),
    "办理时限": (5, "5个工作日"),
    "清运及时率": (80, "80%"),
}
"""Actuals changed: the number a person enters, and what the document would say."""


def edited(path: Path, target: Path) -> Path:
    book = openpyxl.load_workbook(path)
    heads = [cell.value for cell in book[ROWS][3]]
    for row in book[ROWS].iter_rows(min_row=4):
        name = row[heads.index("三级指标")].value
        if name in EDITS:
            row[heads.index("实际数")].value = EDITS[name][0]
    book["预算"]["F4"].value = 1000  # of 1,250
    book.save(target)
    return target


def test_recalculated_every_formula_gives_what_the_evaluation_gives(tmp_path: Path) -> None:
    found = cases()
    files = [write_yearbook(tmp_path / f"{case.name}.xlsx", case.result) for case in found]
    changed = {}
    for name in ("hubei", "fasp2"):
        file = edited(tmp_path / f"mixed-{name}.xlsx", tmp_path / f"changed-{name}.xlsx")
        rows = [row | ({"actual": EDITS[row["indicator"]][1]} if row["indicator"] in EDITS else {}) for row in KINDS]
        budget = [("部门整体支出", "", "1200", "1250", "1000"), *findings_office.BUDGET_ROWS[1:]]
        change = {"消防隐患整治率": {"actual": EDITS["消防隐患整治率"][1]}}
        changed[file.stem] = findings_office.office(
            change, add=rows, every={"weight": "", "declared_score": ""}, ruleset=name, budget=budget
        )
        files.append(file)
    books = recalculated(tmp_path, files)
    for case in found:
        compare(case.name, books[case.name], case.result)
        assert errors(books[case.name]) == []
    for name, result in changed.items():
        compare(name, books[name], result)
        before = next(case.result for case in found if case.name == name.replace("changed", "mixed"))
        assert totals(books[name])["总分"]["得分"] != before.score
    check_sentences(books, next(case.result for case in found if case.name == "mixed-hubei"))
    compare("whole", books["whole"], found[0].result)
    assert len(books["whole"]["图表"]._charts) == 3
    check_budget(books)


def check_sentences(books: dict[str, Any], result: pe.Evaluation) -> None:
    """What follows from a changed number says the new one, or that it is told of the old."""
    before, after = (indicators(books[name]) for name in ("mixed-hubei", "changed-hubei"))
    for row, now, one in zip(before, after, result.indicators.to_dict("records"), strict=True):
        said = [row[name] or "" for name in ("目标值", "实际完成值", "得分依据")]
        assert said == [one[name] for name in ("target", "actual", "derivation")]
        assert (now["目标值"] or "") == one["target"]
        if one["indicator"] not in EDITS:
            assert [now[name] or "" for name in ("实际完成值", "得分依据")] == said[1:]
            continue
        assert now["实际完成值"].startswith(f"{EDITS[one['indicator']][0]:g}")
        assert now["实际完成值"].endswith(f"（原文：{one['actual']}）")
        score = now["得分依据"].removeprefix("改后：得").partition("分。")[0]
        assert float(score) == pytest.approx(now["得分"], abs=1e-4)
        assert now["得分依据"].endswith(f"按原值：{one['derivation']}")
    for name, changed in (("mixed-hubei", False), ("changed-hubei", True)):
        facts = {row[0]: row[1] for row in books[name]["说明"].iter_rows(values_only=True)}
        total = totals(books[name])
        assert facts["结论"].startswith("按原值：") == facts["问题"].startswith("按原值：") == changed
        assert facts["现在的得分"] == f"总分{total['总分']['得分']:.2f}分{'（改动以后）' if changed else ''}"
        assert total["自评得分"]["说明"].startswith("按原值：") == changed
        assert ("执行率80.00%" in total["预算执行"]["说明"]) == changed
        assert ("执行率95.20%" in total["预算执行"]["说明"]) != changed


def check_budget(books: dict[str, Any]) -> None:
    """By hand: 1,190 of 1,250 is 95.2 %; changed to 1,000 the rate falls to 80 % and the parts no longer agree."""
    rows = {row["预算项目"]: row for row in table(books["mixed-hubei"]["预算"]) if row["预算项目"]}
    assert rows["整个单位（计分用）"]["执行率"] == pytest.approx(0.952)
    assert rows["项目支出"]["结余"] == pytest.approx(60)
    verdicts = {
        row[0]: row[6] for row in books["mixed-hubei"]["预算"].iter_rows(min_row=10, values_only=True) if row[0]
    }
    assert set(verdicts.values()) == {"结论", "相符"}
    changed = books["changed-hubei"]["预算"]
    whole = next(row for row in table(changed) if row["预算项目"] == "整个单位（计分用）")
    assert whole["执行率"] == pytest.approx(0.8)
    assert "不符" in {row[6] for row in changed.iter_rows(min_row=10, values_only=True)}
    assert totals(books["changed-hubei"])["预算执行"]["得分"] == pytest.approx(16)
    parts = {row["预算项目"]: row for row in table(books["weights"]["预算"]) if row["预算项目"]}
    assert parts["整个单位（计分用）"]["执行率"] == "—"
    assert parts["项目支出"]["执行率"] == pytest.approx(437.77 / 500)


def test_the_values_in_the_file_are_those_of_the_evaluation(tmp_path: Path) -> None:
    for case in cases():
        path = write_yearbook(tmp_path / "a.xlsx", case.result)
        compare(case.name, openpyxl.load_workbook(path, data_only=True), case.result)


def test_scores_are_formulas_and_add_up(tmp_path: Path) -> None:
    path = write_yearbook(tmp_path / "a.xlsx", mixed("hubei"))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["说明", "预算", ROWS, TOTALS, "不同规则", "问题", "图表"]
    for row in indicators(book):
        for heading in ("完成情况", "得分系数", "得分", "失分", "严格口径得分"):
            assert str(row[heading]).startswith("="), heading
    shown = openpyxl.load_workbook(path, data_only=True)
    last = next(row for row in table(shown[ROWS]) if row["年度目标"] == "合计")
    for heading in set(SUMS) & set(last):
        values = [row[heading] for row in indicators(shown) if row[heading] is not None]
        assert last[heading] == pytest.approx(sum(values), abs=1e-9)
    assert last["分值"] == pytest.approx(80)


def test_the_execution_can_be_followed_by_hand(tmp_path: Path) -> None:
    # The document's own weights: execution 10 points × 1190 ÷ 1250 = 9.52; one indicator 10 × 90 ÷ 95 = 9.4737.
    book = openpyxl.load_workbook(write_yearbook(tmp_path / "a.xlsx", findings_office.office()), data_only=True)
    said = totals(book)
    assert (said["预算执行"]["分值"], said["预算执行"]["得分"]) == (10, 9.52)
    row = next(row for row in indicators(book) if row["三级指标"] == "消防隐患整治率")
    assert (row["目标数"], row["实际数"], row["单位"], row["分值"], row["得分"]) == (95, 90, "%", 10, 9.4737)
    assert row["自评得分"] == 9.47
    assert row["自评减复算"] == pytest.approx(-0.0037)
    assert said["总分"]["得分"] == 98.99
    assert said["自评得分"]["得分"] == 98.99


@pytest.mark.parametrize("text", ["=1+1", "+cmd|'/c calc'!A1", "@SUM(A1)", "https://example.com"])
def test_text_is_never_a_formula_or_a_link(tmp_path: Path, text: str) -> None:
    change = {"消防安全培训场次": {"actual": text, "subcategory": text, "indicator": text, "target": text}}
    budget = [(text, "", "1", "2", "1")]
    path = write_yearbook(tmp_path / "x.xlsx", findings_office.office(change, budget=budget))
    book = openpyxl.load_workbook(path)
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert len(found) >= 5
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in found)


def test_equal_evaluations_give_equal_bytes(tmp_path: Path) -> None:
    paths = [write_yearbook(tmp_path / f"{name}.xlsx", mixed("sichuan")) for name in "ab"]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_an_empty_office_has_a_workbook_too(tmp_path: Path) -> None:
    empty = findings_office.office(drop=[row[4] for row in findings_office.ROWS], budget=[])
    book = openpyxl.load_workbook(write_yearbook(tmp_path / "a.xlsx", empty), data_only=True)
    assert indicators(book) == []
    assert empty.score is None
    assert totals(book)["总分"]["得分"] == "未作评价"


@pytest.mark.parametrize("left", [{}, {"declared_score": "", "weight": ""}])
def test_a_form_that_is_not_filled_in_has_no_score_and_no_formula_that_would_give_one(tmp_path: Path, left) -> None:
    """Neither 0.00 nor a grade, also once a spreadsheet program has calculated."""
    result = findings_office.office(
        every={"actual": "", "declared_met": "", "declared_score": ""} | left, declared_score=None
    )
    assert (result.state, result.score, result.grade) == ("尚未填报", None, "")
    path = write_yearbook(tmp_path / "a.xlsx", result)
    for shown in (openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)):
        said = totals(shown)
        assert said["总分"]["得分"] == said["总分"]["严格口径"] == "未作评价"
        assert said["复算等级"]["得分"] == "—"
        assert said["总分"]["说明"] == "尚未填报完成值，未作评价"
        for row in indicators(shown):
            assert {row[name] for name in ("得分系数", "得分", "失分", "严格口径得分")} == {"—"}


def test_it_can_be_printed_and_read(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_yearbook(tmp_path / "a.xlsx", mixed("hubei")))
    for sheet in book:
        assert sheet.page_setup.paperSize == 9, sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        if sheet.title != "图表":
            assert int(sheet.page_setup.fitToHeight) == 0, "one page wide, as many long as need be"
        assert sheet.page_setup.orientation == ("portrait" if sheet.title == "图表" else "landscape")
    assert book[ROWS].freeze_panes == "E4"
    assert len(book["图表"]._charts) == 3
    assert book["预算"]["D4"].number_format == "#,##0.00"


def test_made_up_figures_say_so(tmp_path: Path) -> None:
    for synthetic in (False, True):
        invented = replace(mixed("hubei"), synthetic=synthetic)
        book = openpyxl.load_workbook(write_yearbook(tmp_path / f"{synthetic}.xlsx", invented))
        assert any(SYNTHETIC in str(row) for row in book["说明"].iter_rows(values_only=True)) == synthetic
        assert {sheet.oddHeader.center.text for sheet in book} == {SYNTHETIC if synthetic else None}


def test_the_command_line(command, workplace: Path) -> None:
    done = command("export", "year.xlsx", cwd=workplace)
    assert (done.code, done.err) == (0, "")
    assert "39项指标" in done.out
    book = openpyxl.load_workbook(workplace / "year.xlsx", data_only=True)
    assert totals(book)["总分"]["得分"] == 97.86
    kept = command("export", "year.xlsx", cwd=workplace)
    assert (kept.code, "已经存在" in kept.err) == (2, True)
