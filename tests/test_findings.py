"""Findings as a whole: the source report line by line, selection, suppressions, the page of every rule."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from findings_office import ROWS, office
from hypothesis import given, settings
from hypothesis import strategies as st

import perfeval as pe
from perfeval.analysis.findings import catalog, findings, folded, reference, rules, text
from perfeval.analysis.findings.registry import CHECKS, words
from perfeval.analysis.findings.suppressing import Suppression, SuppressionError, apply, parse
from perfeval.model.errors import ParameterError
from perfeval.model.results import FINDING_COLUMNS

GOLDEN = Path(__file__).parent / "golden" / "findings-ronghua-2022.txt"

# Defects a careful reader of the source report lists, and the rule and rows that must name each. A row is that of
# indicators.csv (its first line is the heading); 0 stands for the document.
DEFECTS = [
    ("整治率99%在目标4未完成、在目标9完成", "C01", {19, 30}),
    ("非访劝返率的目标一处100%、一处完成", "C02", {14, 28}),
    ("整治率99%一处效益、一处满意度", "C03", {19, 30}),
    ("第三方考核一处产出、一处效益", "C03", {31, 39}),
    ("第三方考核重复计算，说明逐字相同", "C04", {31, 39}),
    ("计生事业费的三项指标都是目标4的", "C08", {28, 29, 30}),
    ("大部分项目只有一个指标、只设效益指标", "X01", {0}),
    ("2处未完成与70%算不通", "C10", {19}),
    ("信访积案的原因只称偏差大", "D02", {17}),
    ("资金缺口与100%执行矛盾", "D03", {17}),
    ("12135的说明是道路维修", "C06", {40}),
    ("12135没有数", "A03", {40}),
    ("疫情防控没有结果", "A03", {27}),
    ("第三方考核没有名次目标", "A10", {31, 39}),
    ("年中改变考核口径", "A11", {31, 39}),
    ("新增就业人数以100%为目标", "T05", {21}),
    ("新增就业人数没有数", "A03", {21}),
    ("完成值重复名称", "A02", {6, 7, 8, 10, 11, 12, 16, 34, 36, 38}),
    ("满意度100%没有样本", "E01", {32, 35}),
    ("目标在名称里", "T02", {2, 4, 19, 30, 35}),
    ("无暴露垃圾目标96%", "T06", {33}),
    ("无暴露垃圾的完成值没有数", "A03", {33}),
    ("安置、考核的百分比不知是什么的", "T07", {20, 25}),
    ("赴省重访率100%算完成", "A09", {15, 29}),
    ("反向指标的目标是完成", "T09", {15, 18, 29}),
    ("满意度归类错误", "S06", {24, 30, 35}),
    ("产出效益归类", "S07", {13, 14, 15, 17, 18, 25, 26}),
    ("目标7没有产出，七个目标没有效益", "S02", set(range(2, 9)) | set(range(20, 32))),
    ("八个目标没有满意度", "S03", set(range(2, 21)) | {25, 26, 27, 33, 34, 35}),
    ("目标5和8只有一项指标", "S01", {20, 27}),
    ("没有成本和时效", "S04", {0}),
    ("没有二级指标", "S05", {0}),
    ("目标以资金命名", "S09", {0}),
    ("重点工作没有对应", "S10", {0}),
    ("预算与执行一分不差", "M02", {0}),
    ("没有年初预算", "M03", {0}),
]
BARE_TARGETS = {2, 4, *range(6, 13), 15, 16, 18, 19, *range(28, 32), 34, 35, 36, 38, 39}
"""The rows whose target is the bare word 完成: 22, each named by T01, T02 or T09."""


@pytest.fixture(scope="session")
def found(ronghua: pe.Evaluation) -> pd.DataFrame:
    return findings(ronghua)


def rows_of(found: pd.DataFrame, *codes: str) -> set[int]:
    """All rows that the findings of these rules concern; goals stand for their rows, 0 for the document."""
    chosen = found[found["code"].isin(codes)]
    named: set[int] = set()
    for one in chosen.to_dict("records"):
        named |= set(one["rows"])
        span = re.search(r"第([0-9—、]+)行", one["place"])
        for part in span[1].split("、") if span and not one["rows"] else []:
            first, _, last = part.partition("—")
            named |= set(range(int(first), int(last or first) + 1))
        if not one["rows"] and not span:
            named.add(0)
    return named


@pytest.mark.parametrize(
    ("defect", "code", "rows"), DEFECTS, ids=[f"{code}-{n}" for n, (_, code, _) in enumerate(DEFECTS)]
)
def test_a_defect_of_the_source_report_is_named_at_its_row(
    found: pd.DataFrame, defect: str, code: str, rows: set[int]
) -> None:
    named = rows_of(found, code)
    assert rows <= named, f"{defect}: {code} names {sorted(named)}"


def test_every_bare_target_of_the_source_report_is_named(found: pd.DataFrame) -> None:
    assert len(BARE_TARGETS) == 22
    assert rows_of(found, "T01", "T02", "T09") >= BARE_TARGETS
    assert rows_of(found, "T01", "T02", "T09") - BARE_TARGETS <= {24}  # 有效控制


def as_text(found: pd.DataFrame) -> str:
    """The findings as people read them, for the golden file."""
    lines = []
    for one in found.itertuples(index=False):
        lines.append(f"{one.severity} {one.code} {one.title} · 把握{one.sureness}")
        lines += [f"    {one.place}", f"    {one.fact}"]
    return "\n".join(lines) + "\n"


def test_the_findings_of_the_source_report_are_as_reviewed(found: pd.DataFrame) -> None:
    assert as_text(folded(found)) == GOLDEN.read_text(encoding="utf-8")


def test_findings_have_their_columns_and_order(found: pd.DataFrame) -> None:
    assert tuple(found.columns) == FINDING_COLUMNS
    assert found["severity"].is_monotonic_increasing
    assert found["confidence"].between(0, 1).all()
    assert set(found["sureness"]) <= {"高", "中", "低"}
    assert (found[["code", "title", "place", "fact", "advice"]] != "").all(axis=None)


def test_findings_change_nothing_and_come_out_the_same_again(ronghua: pe.Evaluation) -> None:
    before = ronghua.indicators.copy(deep=True)
    first = findings(ronghua)
    pd.testing.assert_frame_equal(ronghua.indicators, before)
    pd.testing.assert_frame_equal(findings(ronghua), first)


def test_an_empty_document_is_reviewed_without_error() -> None:
    bare = office(drop=[row[4] for row in ROWS], surveys=(), declared_score=None)
    assert set(findings(bare, select=["ALL"])["code"]) <= {"M02", "M07", "D08", "P07", "E06", "S10"}


PIECES = [
    "完成",
    "率",
    "100%",
    "≥95%",
    "2处未完成",
    "排名第3",
    "无",
    "偏差大",
    "12135",
    "投诉",
    "第",
    "（",
    "“",
    "0",
    "-1",
    "万元",
    "2022年9月",
    "\n",
    "×",
]
CELL = st.lists(st.sampled_from(PIECES), max_size=6).map("".join) | st.text(max_size=12)
CLEAN = office()


@settings(max_examples=30, deadline=None)
@given(st.lists(CELL, min_size=6, max_size=6))
def test_no_text_in_a_cell_stops_the_review(cells: list[str]) -> None:
    columns = ["indicator", "target", "actual", "reason", "narrative", "goal"]
    rows = CLEAN.indicators.copy()
    rows.loc[rows.index[:2], columns] = [cells, cells[::-1]]
    found = findings(replace(CLEAN, indicators=rows), select=["ALL"])
    assert (found["fact"] != "").all()


def test_select_and_ignore_name_codes_subjects_or_everything(ronghua: pe.Evaluation) -> None:
    assert set(findings(ronghua, select=["t02", "A"])["code"].str[0]) == {"T", "A"}
    assert set(findings(ronghua, select=["T"], ignore=["T01"])["code"]) == {"T02", "T05", "T06", "T07", "T09"}
    assert {one.code for one in catalog.chosen()} == {one.code for one in rules() if one.default}
    assert {one.code for one in catalog.chosen(["ALL"])} == {one.code for one in rules()}
    assert [one.code for one in catalog.chosen(["X05"])] == ["X05"]
    assert "X05" not in {one.code for one in catalog.chosen(["X"])}
    with pytest.raises(ParameterError, match="“P1”是级别，不是检查规则的编号；编号如“T01”"):
        findings(ronghua, ignore=["p1"])
    with pytest.raises(ParameterError, match="没有编号为“T99”的检查规则，是否指"):
        findings(ronghua, select=["T99"])


def test_every_rule_has_a_check_and_a_page() -> None:
    assert set(CHECKS) == {one.code for one in rules()}
    assert len(rules()) >= 30
    for one in rules():
        page = catalog.page(one)
        assert re.fullmatch(f"[{''.join(catalog.SUBJECTS)}][0-9]{{2}}", one.code)
        assert one.severity in catalog.SEVERITIES
        assert all(said in page for said in (one.code, one.title, one.looks, one.why, one.source, one.mend))
    assert len({one.title for one in rules()}) == len(rules())
    assert {claim["measure"] for claim in words()["claims"]} <= text.MEASURES.keys()


def test_uncertain_rules_are_off() -> None:
    assert all(one.confidence >= catalog.MEDIUM for one in rules() if one.default)
    assert all(one.confidence < catalog.MEDIUM for one in rules() if not one.default)


def test_the_documentation_is_that_of_the_rules(root: Path) -> None:
    page = (root / "docs" / "findings.md").read_text(encoding="utf-8")
    assert page == reference(), "python -m perfeval.analysis.findings docs/findings.md"
    assert all(page.count(f"### {one.code} {one.title}\n") == 1 for one in rules())


SUPPRESSIONS = """
[[suppress]]
code = "s01"
goal_no = 5
reason = "该目标只发放报酬"

[[suppress]]
code = "T02"
indicator = "消防隐患整治率"
reason = "名称沿用上级文件"

[[suppress]]
code = "T01"
goal_no = 7
reason = "没有这样的问题"
"""


def test_suppressions_take_findings_away_with_their_reason(ronghua: pe.Evaluation, found: pd.DataFrame) -> None:
    left, suppressed, unused = apply(found, ronghua.indicators, parse(SUPPRESSIONS))
    assert len(left) + len(suppressed) == len(found)
    assert suppressed[["code", "row", "reason"]].to_numpy().tolist() == [
        ["T02", 19, "名称沿用上级文件"],
        ["S01", 20, "该目标只发放报酬"],
        ["T02", 30, "名称沿用上级文件"],
    ]
    assert unused == [Suppression("T01", "没有这样的问题", goal_no=7)]
    assert rows_of(left, "S01") == {27}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[suppress]]\ncode = "T01"', "第1条：缺少reason"),
        ('[[suppress]]\nreason = "x"', "第1条：缺少code"),
        ('[[suppress]]\ncode = "T01"\nreason = "  "', "第1条：缺少reason"),
        ('[[suppress]]\ncode = "T99"\nreason = "x"', "没有编号为“T99”的检查规则"),
        ('[[suppress]]\ncode = "T01"\nreasn = "x"', "不认识的键“reasn”，是否指“reason”？"),
        ('[[suppress]]\ncode = "T01"\nreason = "x"\ngoal_no = "3"', "goal_no须是整数，现为“3”"),
        ('[suppress]\ncode = "T01"', "每条须以[[suppress]]开头"),
        ('code = "T01"', "不认识的键“code”"),
        ("[[suppress]", "不是有效的TOML"),
    ],
)
def test_wrong_suppressions_are_refused(text: str, said: str) -> None:
    with pytest.raises(SuppressionError, match=re.escape(said)):
        parse(text)
