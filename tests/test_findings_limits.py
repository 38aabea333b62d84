"""Every limit that a rule of the findings has: an office just short of it, at it and just beyond, and what is said."""

import ast
import importlib.util
import pkgutil
from decimal import Decimal
from pathlib import Path

import pytest
from findings_office import (
    COST,
    COUNT,
    FIRST,
    HANDED,
    KNOWN,
    MENDED,
    ON_TIME,
    OPENED,
    PLEASED,
    ROWS,
    SAFE,
    TRAINED,
    UNSCORED,
    WAIT,
    Office,
    added,
    as_told,
    cell,
    judged,
    office,
    said,
    spent,
)
from hypothesis import given
from hypothesis import strategies as st

import perfeval.analysis.findings as findings_package
from perfeval.analysis.findings import findings, sureness
from perfeval.analysis.findings.actuals import shown
from perfeval.analysis.findings.catalog import HIGH, MEDIUM
from perfeval.analysis.findings.consistency import _possible
from perfeval.analysis.findings.context import joined, listed
from perfeval.analysis.findings.registry import words
from perfeval.analysis.findings.targets import _short
from perfeval.analysis.findings.text import _misspelt
from perfeval.analysis.findings.years import beside
from perfeval.model.rounding import half_up
from perfeval.model.schema import Issue, Survey

FULL_MARKS = {row[4]: {"declared_score": row[7]} for row in ROWS}


def rate(share: str) -> Office:
    """The clean office with a badly chosen name whose rate is the worse the higher."""
    return added({"indicator": "赴省重访率", "target": "完成", "actual": share, "declared_met": "完成"})


def shaved(indicator: str, target: str, actual: str, score: str) -> Office:
    """A row of 10 points that is met and has fewer."""
    return cell(COUNT, indicator=indicator, target=target, actual=actual, declared_score=score)


def again(rows: int, other: int) -> Office:
    """An office of so many figures beside a year before with the same ones, but for so many."""
    names = [row[4] for row in ROWS if row[4] != OPENED]
    before = office({name: {"actual": "77%"} for name in names[:other]}, drop=names[rows:])
    return lambda: beside(before.indicators.assign(year=2021), office(drop=names[rows:]))


def marked(weight: str, score: str) -> Office:
    """A row that reached 0.8 of its target, with a score."""
    return cell(MENDED, actual="76%", weight=weight, declared_score=score)


def whole(opening: str, adjusted: str, executed: str, *others: tuple[str, ...]) -> Office:
    return spent(("部门整体支出", "", opening, adjusted, executed), *others)


def parts(many: int, executed: str = "440") -> Office:
    """Sources of a budget, so many of them spent to the cent."""
    own = [("基本支出", "", "750", "750", "750"), ("项目支出", "", "440", "440", executed)][2 - many :]
    return spent(("部门整体支出", "", "1190", "1190", "1190"), *own)


def alike_but(*item: str) -> Office:
    """Two sources spent to the cent, and one more item."""
    own = [("基本支出", "", "750", "750", "750"), ("项目支出", "", "440", "440", "440"), item]
    return spent(("部门整体支出", "", "1190", "1190", "1190"), *own)


def short_of_money(executed: str) -> Office:
    return lambda: office({MENDED: {"reason": "资金缺口过大"}}, budget=[("部门整体支出", "", "1000", "1000", executed)])


def ahead(executed: str) -> Office:
    """Full marks everywhere beside an execution of 1,000."""
    return lambda: office(FULL_MARKS, budget=[("部门整体支出", "", "1000", "1000", executed)])


def converted(*names: str) -> Office:
    """Rows of 10 points scored 1, no other row scored."""
    return lambda: office(
        {row[4]: {"weight": "10", "declared_score": "1"} if row[4] in names else UNSCORED for row in ROWS}
    )


def copied(*names: str) -> Office:
    return lambda: office({name: {"target": "10件", "actual": "10件"} for name in names})


def graded(score: str, grade: str) -> Office:
    return said(declared_score=Decimal(score), declared_grade=grade)


def goals(*names: str) -> Office:
    """The clean office with a row each for goals of these names."""
    rows = [{"goal_no": str(3 + at), "goal": name, "indicator": f"巡逻次数{name}"} for at, name in enumerate(names)]
    return lambda: office(drop=[row[4] for row in ROWS], add=rows, every=UNSCORED, declared_score=None, surveys=())


def shares(whole: int, of: int) -> Office:
    """Percentages alone, so many of them 100."""
    rows = [
        {"indicator": f"第{n}类事项办结率", "target": "≥90%", "actual": "100%" if n < whole else "97.3%"}
        for n in range(of)
    ]
    return lambda: office(drop=[row[4] for row in ROWS], add=rows, every=UNSCORED, declared_score=None, surveys=())


def without_target(many: int) -> Office:
    return lambda: office({name: {"target": ""} for name in (TRAINED, COUNT, WAIT, KNOWN)[:many]})


def wordings(*words: str) -> Office:
    return lambda: office(
        {name: {"declared_met": word} for name, word in zip((COUNT, ON_TIME, TRAINED), words, strict=False)}
    )


def asked(respondents: int, satisfied: int, target: str = "≥90%") -> Office:
    share = f"{100 * satisfied / respondents:g}%"
    return lambda: office(
        {PLEASED: {"actual": share, "target": target}}, surveys=(Survey(PLEASED, respondents, satisfied),)
    )


def problem(indicator: str, text: str) -> Office:
    return lambda: office({MENDED: {"indicator": indicator}}, problems=(Issue(text),))


def twins(first: str, second: str) -> Office:
    """Two names in one goal."""
    return added(*({"indicator": name, "target": "≥10场", "actual": "11场"} for name in (first, second)))


def narrated(text: str) -> Office:
    """One narrative for two rows."""
    return lambda: office({name: {"narrative": text} for name in (COUNT, TRAINED)})


def goal_named(name: str, told: str) -> Office:
    first = {row[4] for row in ROWS if row[1] == FIRST}
    return lambda: office({row: {"goal": name} for row in first}, summary=(told,), key_tasks=())


def same_name(name: str) -> Office:
    """One name in both goals, with two targets."""
    return added(
        {"indicator": name, "target": "≥10场", "actual": "11场"},
        {"indicator": name, "target": "≥12场", "actual": "12场", "goal_no": "1", "goal": FIRST},
    )


def about(name: str, text: str) -> Office:
    """A row of this name beside one whose narrative is this text."""
    return lambda: office(
        {KNOWN: {"narrative": text}},
        add=[{"goal_no": "1", "goal": FIRST, "indicator": name, "narrative": "按班次"}],
        every=UNSCORED,
        declared_score=None,
    )


def claimed(text: str, **told: object) -> Office:
    return lambda: office(problems=(Issue(text),), **told)


LETTERS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"

# limit: what is on its sides, as (rule, office, whether the rule speaks)
LIMITS: dict[str, list[tuple[str, Office, bool]]] = {
    "actuals.FEWEST_TELLING": [("A13", again(4, 0), False), ("A13", again(5, 0), True)],
    "actuals.NEARLY_ALL": [("A13", again(10, 2), True), ("A13", again(10, 3), False)],
    "actuals.WORST": [
        ("A09", rate("49.9%"), False),
        ("A09", rate("50%"), True),
        ("A09", rate("50.1%"), True),
        ("P05", shaved("赴省重访率", "≤60%", "49.9%", "8"), True),
        ("P05", shaved("赴省重访率", "≤60%", "50%", "8"), False),
    ],
    "actuals.WHOLE": [
        ("A03", cell(KNOWN, target="100%", actual="全部完成"), False),
        ("A03", cell(KNOWN, target="99.9%", actual="全部完成"), True),
    ],
    "actuals.LEAST": [
        ("A12", cell(COUNT, actual="12件"), False),
        ("A12", cell(COUNT, actual="11件"), True),
    ],
    "actuals.MOST": [
        ("A12", cell(COUNT, actual="12000件"), False),
        ("A12", cell(COUNT, actual="12001件"), True),
    ],
    "deviations.FAR_ABOVE": [
        ("D04", cell(TRAINED, target="≥100场", actual="129场"), False),
        ("D04", cell(TRAINED, target="≥100场", actual="130场"), True),
        ("P05", shaved(COUNT, "≥100件", "129件", "8"), True),
        ("P05", shaved(COUNT, "≥100件", "130件", "8"), False),
    ],
    "deviations.LEAST_MORE": [
        ("D04", cell(TRAINED, target="≥2公里", actual="3公里"), False),
        ("D04", cell(TRAINED, target="≥2公里", actual="3.1公里"), True),
    ],
    "deviations.FULLY_SPENT": [("D03", short_of_money("994.99"), False), ("D03", short_of_money("995"), True)],
    "deviations.OVERSPENT": [("D03", short_of_money("1000"), True), ("D03", short_of_money("1000.01"), False)],
    "deviations.NAMED_SHARE": [  # 隐患整治率 has four pairs of characters, 小隐患整治率 five
        ("D06", problem("隐患整治率", "隐患多"), False),
        ("D06", problem("小隐患整治率", "隐患多"), True),
    ],
    "money.LEAST_ALIKE": [("M02", parts(1), False), ("M02", parts(2), True)],
    "money.of every item with a budget": [
        ("M02", alike_but("小额支出", "", "0.5", "0.5", "0.4"), False),
        ("M02", alike_but("小额支出", "", "0", "0", "0.4"), True),
        ("M02", alike_but("小额支出", "", "0.5", "0.5", ""), True),
    ],
    "money.CENT": [
        ("M02", parts(2, "440"), True),
        ("M02", parts(2, "439.99"), False),
        ("M05", whole("1200", "1250", "1250"), False),
        ("M05", whole("1200", "1250", "1250.01"), True),
    ],
    "money.LOW_RATE": [
        ("M06", whole("1200", "1250", "1124.99"), True),
        ("M06", whole("1200", "1250", "1125"), False),
    ],
    "money.UNIT_SLIP": [
        ("M04", whole("2", "2", "9999.99"), False),
        ("M04", whole("2", "2", "10000"), True),
        ("M04", whole("2", "2", "40000"), True),
        ("M04", whole("2", "2", "40000.01"), False),
    ],
    "money.OTHER_UNIT": [
        ("M04", whole("10", "10", "10", ("项目支出", "", *3 * ("9999.99",))), False),
        ("M04", whole("10", "10", "10", ("项目支出", "", *3 * ("10000",))), True),
    ],
    "money.IMPLAUSIBLE": [
        ("M04", whole(*3 * ("999999.99",)), False),
        ("M04", whole(*3 * ("1000000",)), True),
    ],
    "scores.OFF_SHARE": [  # 8 points of 10 are due
        ("P03", marked("10", "7.49"), True),
        ("P03", marked("10", "7.5"), False),
        ("P03", marked("10", "8.5"), False),
        ("P03", marked("10", "8.51"), True),
    ],
    "scores.OFF_POINTS": [  # 0.8 points of 1
        ("P03", marked("1", "0.69"), True),
        ("P03", marked("1", "0.7"), False),
        ("P03", marked("1", "0.9"), False),
        ("P03", marked("1", "0.91"), True),
    ],
    "scores.BAND": [
        ("P05", cell(WAIT, target="明显缩短", actual="明显缩短", declared_score="7.99"), True),
        ("P05", cell(WAIT, target="明显缩短", actual="明显缩短", declared_score="8"), False),
        ("P05", cell(WAIT, declared_score="9.99"), True),  # a number leaves no band
    ],
    "scores.LIMITS": [
        ("P03", cell(WAIT, target="明显改善", actual=actual, declared_score=score), speaks)
        for actual, score, speaks in (
            ("部分达成年度指标并具有一定效果", "8", True),
            ("部分达成年度指标并具有一定效果", "7.99", False),
            ("未达成年度指标且效果较差", "6", True),
            ("未达成年度指标且效果较差", "5.99", False),
        )
    ],
    "scores.ALARM": [("P07", ahead("949.99"), True), ("P07", ahead("950"), False)],
    "scores.LEAST_CONVERTED": [("P20", converted(COUNT), False), ("P20", converted(COUNT, TRAINED), True)],
    "scores.LEAST_COPIED": [("P21", copied(COUNT), False), ("P21", copied(COUNT, TRAINED), True)],
    "scores.LEAST_FULL": [
        ("P10", lambda: office({**FULL_MARKS, **dict.fromkeys((COUNT, TRAINED), UNSCORED)}), False),
        ("P10", lambda: office({**FULL_MARKS, COUNT: UNSCORED}), True),
    ],
    "scores.GRADES": [
        ("P11", graded(score, grade), speaks)
        for lowest, grade, below in (("90", "优", "良"), ("80", "良", "中"), ("60", "中", "差"))
        for score, grade, speaks in (
            (lowest, grade, False),
            (lowest, below, True),
            (f"{Decimal(lowest) - Decimal('0.01')}", grade, True),
            (f"{Decimal(lowest) - Decimal('0.01')}", below, False),
        )
    ]
    + [("P11", graded(score, grade), grade != "差") for score in ("0", "-1") for grade in "优良中差"],
    "structure.LEAST_HEAPED": [("S12", shares(9, 9), False), ("S12", shares(10, 10), True)],
    "structure.HEAPED": [("S12", shares(8, 10), False), ("S12", shares(9, 10), True), ("S12", shares(17, 19), False)],
    "structure.FUND_NAMED": [
        ("S09", goals("环境整治", "便民经费"), False),
        ("S09", goals("环境整治", "便民经费", "平安经费"), True),
    ],
    "structure.UNMAPPED": [
        ("S10", said(key_tasks=("稳住区域经济", "平安社区")), False),
        ("S10", said(key_tasks=("稳住区域经济", "党风廉政", "平安社区")), True),
    ],
    "targets.FULL": [
        ("T11", cell(ON_TIME, target="≥100%"), False),
        ("T11", cell(ON_TIME, target="≥100.1%"), True),
        ("A06", cell(ON_TIME, actual="100%"), False),
        ("A06", cell(ON_TIME, actual="100.1%"), True),
    ],
    "text.LEAST_WORDINGS": [
        ("X07", wordings("完成", "圆满完成"), False),
        ("X07", wordings("完成", "圆满完成", "完成年初目标值"), True),
    ],
    "text.MOST_EMPTY": [
        ("X02", said(measures=("进一步加强管理" + 23 * "好",)), True),
        ("X02", said(measures=("进一步加强管理" + 24 * "好",)), False),
    ],
    "text.SMALL_SAMPLE": [("E02", asked(29, 29), True), ("E02", asked(30, 30), False)],
    "text.the target itself": [  # an interval reaches below a target that the survey just meets
        ("E04", asked(1000, 900, "≥90%"), True),
        ("E04", asked(1000, 899, "≥90%"), False),
    ],
    "consistency.LIKE_NAMES": [  # 17 of 20 characters the same, 16 of 19
        ("C07", twins(LETTERS, LETTERS[:17] + "火水木"), True),
        ("C07", twins(LETTERS[:19], LETTERS[:16] + "火水木"), False),
    ],
    "context.SIMILAR": [  # 18 of 20, 17 of 19
        ("C05", narrated(LETTERS), True),
        (
            "C05",
            lambda: office({COUNT: {"narrative": LETTERS}, TRAINED: {"narrative": LETTERS[:18] + "火水"}}),
            True,
        ),
        (
            "C05",
            lambda: office({COUNT: {"narrative": LETTERS[:19]}, TRAINED: {"narrative": LETTERS[:17] + "火水"}}),
            False,
        ),
    ],
    "consistency.LEAST_NARRATIVE": [
        ("C05", narrated("由物业共同登记"), False),
        ("C05", narrated("由物业共同登记表"), True),
        ("C06", cell(KNOWN, narrative="受理便民事项件"), False),
        ("C06", cell(KNOWN, narrative="受理便民事项件数"), True),
    ],
    "consistency.LEAST_GOAL": [
        ("C13", goal_named("便民服务好", "便民服务好"), False),
        ("C13", goal_named("便民服务更好", "便民服务更好"), True),
    ],
    "consistency.FOREIGN_SHARE": [  # four pairs of 河湖巡护率, and five of 小河湖巡护率
        ("C06", about("河湖巡护率", "由网格员河湖巡三遍"), True),
        ("C06", about("小河湖巡护率", "由网格员河湖巡三遍"), False),
    ],
    "consistency.LEAST_SHARED": [
        ("C06", about("河湖率", "由网格员看河湖三遍"), False),
        ("C06", about("河湖率", "由网格员看河湖率三遍"), True),
    ],
    "consistency.LEAST_NAMED": [("C02", same_name("数量"), False), ("C02", same_name("灯柱数量"), True)],
    "consistency.all done": [
        ("C10", cell(MENDED, actual="60%", narrative="其中3处未完成整改"), True),
        ("C10", cell(MENDED, actual="100%", narrative="其中3处未完成整改"), False),
        ("C10", cell(MENDED, actual="60%", narrative="其中0处未完成整改"), False),
    ],
    "consistency.what is left": [  # at the precision that is printed: one of three left is 66.67 % done
        ("C10", cell(MENDED, actual=f"{done}%", narrative="其中1处未完成整改"), speaks)
        for done, speaks in (
            ("67", False),
            ("66", True),
            ("66.7", False),
            ("66.6", True),
            ("66.67", False),
            ("70", True),
            ("87", True),
            ("88", False),
        )
    ],
    "deviations.where money is short": [
        ("D03", spent(("部门整体支出", "", "1000", "1000", "1000")), False),
        ("D03", spent(("部门整体支出", "", "1000", "1000", "1000"), problems=(Issue("资金不足"),)), True),
        ("D03", spent(("部门整体支出", "", "1000", "1000", "1000"), summary=("弥补了资金不足",)), False),
        ("D03", spent(("部门整体支出", "", "1000", "1000", "900"), problems=(Issue("资金不足"),)), False),
    ],
    "actuals.the name again": [  # of four characters or more two, of two one
        ("A02", added({"indicator": name, "target": "完成", "actual": actual}), speaks)
        for name, actual, speaks in (
            ("夜间巡逻", "平安社区", False),
            ("夜间巡逻", "平安社区夜", False),
            ("夜间巡逻", "平安社区夜巡", True),
            ("夜间巡逻队", "平安社区夜巡", True),
            ("巡逻队", "平安巡", False),
            ("绿化", "平安绿", True),
            ("绿化", "绿化3处", False),
            ("绿化100亩", "绿化100亩", False),
            ("无烟", "无", False),
        )
    ],
    "words.claims": [
        ("X01", claimed("大部分项目仅有一个绩效指标", drop=[row[4] for row in ROWS[7:]]), True),  # one goal of two
        ("X01", claimed("指标全部完成"), True),
        ("X01", claimed("指标全部完成", drop=[MENDED]), False),
        ("X01", claimed("预算全部执行", budget=[("部门整体支出", "", "1200", "1250", "1249.99")]), True),
        ("X01", claimed("预算全部执行", budget=[("部门整体支出", "", "1200", "1250", "1250")]), False),
        ("X01", claimed("产出指标不足", drop=[KNOWN, SAFE, WAIT]), True),
        ("X01", claimed("产出指标不足", drop=[OPENED, COST, HANDED]), True),  # four of eight
        ("X01", claimed("产出指标不足", drop=[COUNT, OPENED, COST, HANDED]), False),  # three of seven
    ],
}
OTHERS = {
    "__init__.ROWS_SHOWN": "how much is named: below",
    "actuals.SHOWN": "how much is quoted: below",
    "context.LISTED": "how much is named: below",
    "targets.MOST_WITHOUT": "how it is said: below",
    "catalog.HIGH, catalog.MEDIUM": "words for a confidence: below",
    "actuals.IN_PART, targets.IN_WORDS, targets.IN_MONEY, scores.BY_BANDS": "confidences, which are told as they are",
    "consistency.NEIGHBOURS": "how far is looked, not what is said",
    "scores.EPSILON": "what floats may be off: scores.ALARM",
    "scores.FULL": "what weights are a share of",
}
"""Numbers of the rules that are no limits."""


@pytest.mark.parametrize(
    ("limit", "code", "make", "speaks"),
    [
        pytest.param(f"{limit} {at}", *case, id=f"{limit} {at}")
        for limit, cases in LIMITS.items()
        for at, case in enumerate(cases)
    ],
)
def test_a_rule_speaks_on_one_side_of_its_limit_only(limit: str, code: str, make: Office, speaks: bool) -> None:
    found = findings(make(), select=[code])
    assert (not found.empty) == speaks, found["fact"].to_list()
    assert as_told(limit, found) == judged(limit)


def test_no_limit_of_a_rule_is_without_its_two_sides() -> None:
    known = {name for names in (*LIMITS, *OTHERS) for name in names.split(", ")}
    found = set()
    for module in pkgutil.iter_modules(findings_package.__path__):
        path = f"{findings_package.__name__}.{module.name}"
        for node in ast.parse(Path(importlib.util.find_spec(path).origin).read_text(encoding="utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            names = [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
            numbers = any(isinstance(one, ast.Constant) and type(one.value) in (int, float) for one in ast.walk(node))
            decimals = any(isinstance(one, ast.Name) and one.id == "Decimal" for one in ast.walk(node))
            found |= {f"{module.name}.{name}" for name in names if name.isupper() and (numbers or decimals)}
    assert "structure.HEAPED" in found
    assert found - known == set()


@given(st.integers(1, 300), st.integers(0, 300), st.integers(0, 2))
def test_a_percentage_that_some_total_gives_is_possible(left: int, done: int, places: int) -> None:
    percent = half_up(Decimal(100 * done) / (left + done), places)
    assert percent == 100 or _possible(left, percent)


@given(st.integers(1, 5), st.decimals(0, 97, places=1))
def test_a_percentage_that_no_total_gives_is_impossible(left: int, percent: Decimal) -> None:
    given_by = (half_up(Decimal(100 * (total - left)) / total, 1) for total in range(left, 60 * left))
    assert _possible(left, percent) == (percent in set(given_by))


def test_a_copied_target_is_said_to_be_the_same_only_where_it_is() -> None:
    same, other = (findings(cell(TRAINED, actual=one)(), select=["A01"])["fact"].item() for one in ("≥24场", "≥25场"))
    assert same == "完成值为“≥24场”，与目标值一字不差，不是实际的数"
    assert other == "完成值为“≥25场”，不是实际的数"


def test_what_is_named_and_what_is_counted() -> None:
    assert listed("甲乙丙丁戊己") == joined("甲乙丙丁戊己").replace("；", "、") == "甲、乙、丙、丁、戊、己"
    assert listed("甲乙丙丁戊己庚") == "甲、乙、丙、丁、戊、己等7项"
    assert joined("甲乙丙丁戊己庚") == "甲；乙；丙；丁；戊；己；等7处"
    assert shown(40 * "字") == 40 * "字"
    assert shown(41 * "字") == 40 * "字" + "…"
    assert _short(30 * "字") == 30 * "字"
    assert _short(31 * "字") == 30 * "字" + "…"


def test_rows_without_a_target_are_told_one_by_one_up_to_three() -> None:
    assert len(findings(without_target(3)(), select=["T04"])) == 3
    told = findings(without_target(4)(), select=["T04"])
    assert len(told) == 1
    assert told["fact"].iloc[0].startswith("4项指标没有目标值")
    assert len(told["rows"].iloc[0]) == 4


@pytest.mark.parametrize(("rows", "place"), [(4, "第2、3、4、5行"), (5, "第2—6行")])
def test_a_goal_names_its_rows_up_to_four(rows: int, place: str) -> None:
    names = [row[4] for row in ROWS]
    goal = {name: {"goal": "287万元", "goal_no": "1"} for name in names[:rows]}
    found = findings(office(goal, drop=names[rows:], every=UNSCORED, surveys=()), select=["S11"])
    assert found["place"].to_list() == [f"目标1“287万元”（indicators.csv {place}）"]


@pytest.mark.parametrize(("rows", "end"), [(4, "第5行）"), (5, "第5行）等5处")])
def test_a_finding_names_its_rows_up_to_four(rows: int, end: str) -> None:
    names = [row[4] for row in ROWS][:rows]
    found = findings(office({name: {"narrative": LETTERS} for name in names}), select=["C05"])
    assert found["place"].iloc[0].endswith(end)


@pytest.mark.parametrize(
    ("confidence", "word"),
    [(HIGH, "高"), (HIGH - 1e-9, "中"), (MEDIUM, "中"), (MEDIUM - 1e-9, "低"), (1.0, "高"), (0.0, "低")],
)
def test_a_confidence_is_told_as_a_word(confidence: float, word: str) -> None:
    assert sureness(confidence) == word


@pytest.mark.parametrize(("wrong", "about"), words()["typos"].items())
def test_a_misspelt_word_is_found_wherever_it_stands_and_where_it_is_meant(
    wrong: str, about: dict[str, object]
) -> None:
    found = [(wrong, about["meant"])]
    beside = list(about.get("with", [""]))  # type: ignore[call-overload]
    for word in beside:
        for text in (f"{wrong}{word}", f"甲{wrong}{word}", f"{word}甲{wrong}"):
            assert list(_misspelt(text)) == found, text
    if beside != [""]:
        assert list(_misspelt(f"{wrong}甲")) == []
    for right in about.get("not", ()):  # type: ignore[attr-defined]
        assert list(_misspelt(f"{right}甲")) == list(_misspelt(f"甲{right}")) == []
    if wrong.isdigit():
        assert list(_misspelt(f"1{wrong}{beside[0]}")) == list(_misspelt(f"{wrong}1{beside[0]}")) == []


@pytest.mark.parametrize(("actual", "told"), [("居民办事平均等候时间", "，完成值也是"), ("12分钟", "")])
def test_a_name_for_a_target_is_told_with_whether_the_actual_is_it_too(actual: str, told: str) -> None:
    (fact,) = findings(cell(WAIT, target=WAIT, actual=actual)(), select=["T13"])["fact"]
    assert fact.partition("就是指标名称")[2] == told
