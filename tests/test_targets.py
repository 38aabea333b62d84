"""Targets against last year's targets and actuals: which way is good, units, deadlines, what cannot be compared."""

import math
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
import years as files
from hypothesis import given
from hypothesis import strategies as st
from several_years import matched, row, years

import perfeval as pe
from perfeval.analysis.evaluation import history as gathered
from perfeval.analysis.findings.years import over_years
from perfeval.analysis.series import converted, perhaps_share
from perfeval.analysis.targets import (
    ABOVE,
    BELOW,
    INCOMPARABLE,
    LEFT,
    LEVEL,
    LOOSENED,
    RAISED,
    UNCHANGED,
    demand,
    targets,
)
from perfeval.model.columns import FINDINGS, TARGETS
from perfeval.model.schema import DEADLINE, EQUAL, POSITIVE, REVERSE
from perfeval.model.values import read


def rows(*pairs: tuple[str, str], name: str = "示例事项数", first: int = 2021, **cells: str) -> pd.DataFrame:
    """One indicator's (target, actual) by year, as ``pe.rows`` has them."""
    base = {
        "subdistrict": "shili", "name": "示例街道", "district": "示例区", "track": "T01", "category": "产出", "goal": "示例目标",
        "indicator": name, "unit": "", "direction": "", "attainment": math.nan, "status": "完成", "file": "indicators.csv",
        "row": 2, "synthetic": True,
    } | cells  # fmt: skip
    return pd.DataFrame(
        [base | {"year": first + n, "target": wanted, "actual": done} for n, (wanted, done) in enumerate(pairs)]
    )


CASES = [
    # direction, before (target, actual), after (target): move, against
    ("≥95%", "96%", "≥90%", LOOSENED, BELOW),
    ("≥95%", "96%", "≥98%", RAISED, ABOVE),
    ("≥95%", "99%", "≥98%", RAISED, BELOW),
    ("≥95%", "95%", "≥95%", UNCHANGED, LEVEL),
    ("≥95%", "90%", "95%以上", UNCHANGED, ABOVE),
    ("≤5件", "3件", "≤8件", LOOSENED, BELOW),
    ("≤8件", "9件", "≤5件", RAISED, ABOVE),
    ("≤5件", "5件", "≤5件", UNCHANGED, LEVEL),
    ("≥1.6万人", "16500人", "≥15000人", LOOSENED, BELOW),
    ("≤45万元", "440000元", "≤45万元", UNCHANGED, BELOW),
    ("≥5件", "8件", "≥5人", INCOMPARABLE, INCOMPARABLE),
    ("≥95%", "已按计划完成", "≥95%", UNCHANGED, INCOMPARABLE),
    ("≥95%", "96%", "明显提高", INCOMPARABLE, INCOMPARABLE),
    ("2021年6月底前", "2021年5月20日", "2022年9月底前", LOOSENED, BELOW),
    ("2021年9月底前", "2021年9月15日", "2022年6月底前", RAISED, ABOVE),
]


@pytest.mark.parametrize(("wanted", "done", "then", "move", "against"), CASES)
def test_a_target_is_compared_by_what_it_asks_for(wanted: str, done: str, then: str, move: str, against: str) -> None:
    name = "项目完工时间" if "月" in wanted else "示例事项数"
    told = targets(rows((wanted, done), (then, ""), name=name)).iloc[0]
    assert (told["move"], told["against"]) == (move, against), told["why"]
    assert (told["year"], told["previous_year"]) == (2022, 2021)


@pytest.mark.parametrize(
    ("name", "wanted", "then", "why"),
    [
        ("水质类别", "3类", "4类", "“类”是等级、类别"),
        ("资质等级", "2级", "1级", "“级”是等级、类别"),
        ("公示时间", "7天", "5天", "时长类指标"),
        ("用水量", "1000吨", "1100吨", "像是越少越好的事"),
        ("室内温度", "18-26℃", "16-26℃", "“温度”不是越高越好"),
        ("培训人数", "150人（三年）", "50人", "写的是几个年度"),
        ("培训人数", "50人（后调整为60人）", "55人", "另写有“后调整为60人”"),
        ("项目成本", "100", "≤100万元", "一方没有单位"),
        ("项目完工时间", "6月前", "6月底前", "含不含当期"),
        ("巡查次数", "5-8次", "5-10次", "范围的另一端不同"),
        ("巡查次数", "3-5次", "≥3次", "一方是范围"),
        ("巡查次数", "3-5次", "≥4次", "一方是范围"),
        ("走访户数", "约100户", "≥98户", "约数"),
        ("走访户数", "约100户", "约95户", "约数"),
        ("走访户数", "约100户", "≥100户", "约数"),
        ("知晓率", "＞90%", "≥90%", "含不含本数"),
        ("投诉件数", "≤5件", "＜5件", "含不含本数"),
        ("运维费用", "≤2万元/月", "≤24万元", "没有确定的换算"),
        ("运维费用", "≤2万元/月", "≤2万元", "没有确定的换算"),
        ("巡查次数", "≥2次/周", "≥100次", "没有确定的换算"),
        ("群众满意度", "≥90%", "≥4.5", "没有可比的数"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_what_leaves_its_demand_open_is_neither_loosened_nor_raised(
    name: str, wanted: str, then: str, why: str, turned: bool
) -> None:
    before, after = (then, wanted) if turned else (wanted, then)
    told = targets(rows((before, before), (after, after), name=name)).iloc[0]
    assert told["move"] == INCOMPARABLE, told["why"]
    assert why in told["why"]


@pytest.mark.parametrize(
    ("name", "wanted", "then", "move"),
    [
        ("走访户数", "约100户", "约50户", LOOSENED),  # far beyond what 约 leaves open
        ("走访户数", "约100户", "约100户", UNCHANGED),
        ("运维费用", "≤2万元/年", "≤2.4万元", LOOSENED),  # one year's total is per year
        ("运维费用", "≤2万元/月", "≤1.8万元/月", RAISED),
        ("事故发生率", "≤5‰", "≤0.5%", UNCHANGED),
        ("知晓率", "≥90%", "≥85", LOOSENED),
    ],
)
def test_what_is_clear_enough_is_still_told(name: str, wanted: str, then: str, move: str) -> None:
    told = targets(rows((wanted, wanted), (then, then), name=name)).iloc[0]
    assert told["move"] == move, told["why"]


def test_a_trace_is_told_as_what_it_is() -> None:
    told = targets(rows(("≤0.002%", "0.001%"), ("≤0.002%", ""), name="差错率")).iloc[0]
    assert told["why"] == "目标未变（≤0.002%）；要求不及上年实际0.001%"


@pytest.mark.parametrize(
    ("name", "wanted", "done", "told"),
    [
        ("走访户数", "≥100户", "约150户", "不及上年实际150户（约）"),
        ("走访户数", "≥100户", "150-160户", "不及上年实际150—160户"),
        ("全区排名", "前10名", "第8名", "不及上年实际第8名"),
    ],
)
def test_what_was_reached_is_told_as_it_was_written(name: str, wanted: str, done: str, told: str) -> None:
    why = targets(rows((wanted, done), (wanted, ""), name=name)).iloc[0]["why"]
    assert told in why


def test_a_year_that_is_missing_is_named_where_a_target_moved() -> None:
    gap = rows(("≥100户", "120户"), ("≥80户", "")).assign(year=[2021, 2023])
    told = targets(gap).iloc[0]
    assert told["why"] == "与2021年相比，目标由≥100户放宽为≥80户（减少20户）；要求不及2021年实际120户"


OTHER_KIND = "不是同一类的值（数、期限或同一等级的词）"
DEMANDS = [
    # way, one, other: whether it asks for more, and how much or why not
    (POSITIVE, "良好", "优秀", 1, "要求提高"),
    (POSITIVE, "优秀", "良好", -1, "要求降低"),
    (POSITIVE, "显著提升", "明显提升", 0, "相同"),
    (POSITIVE, "良好", "显著提升", None, "不是同一等级的词"),
    (POSITIVE, "良好", "≥95%", None, OTHER_KIND),
    (POSITIVE, "≥95%", "良好", None, OTHER_KIND),
    (POSITIVE, "≥95%", "2022年6月底前", None, OTHER_KIND),
    (POSITIVE, "2022年6月底前", "≥95%", None, OTHER_KIND),
    (POSITIVE, "≥8", "≥10件", 1, "增加2件"),
    (POSITIVE, "≥8件", "≥10", 1, "增加2件"),
    (POSITIVE, "≥10%", "≥8%", -1, "减少2个百分点"),
    (REVERSE, "≤10件", "≤8件", 1, "减少2件"),
    (REVERSE, "≤8件", "≤10件", -1, "增加2件"),
    (POSITIVE, "3-5件", "4-6件", 1, "增加1件"),
    (POSITIVE, "3-5件", "3-5件", 0, "相同"),
    (POSITIVE, "3-5件", "3-6件", None, "范围的另一端不同"),
    (REVERSE, "3-5件", "2-5件", None, "范围的另一端不同"),
    (REVERSE, "3-5件", "3-4件", 1, "减少1件"),
    (POSITIVE, "3件", "3-5件", None, "一方是范围，一方不是"),
    (POSITIVE, "≥8%", "增长8%", None, "一方是增减幅度，一方不是"),
    (POSITIVE, "增长8%", "增长10%", 1, "增加2个百分点"),
    (POSITIVE, "≥8", "≥8万元", None, "一方没有单位，看不出是不是同一量级"),
    (POSITIVE, "≥8万元", "≥8", None, "一方没有单位，看不出是不是同一量级"),
    (POSITIVE, "≥0.95", "≥95%", None, "没有可比的数"),
    (POSITIVE, "≥8件", "≥8公里", None, "单位不同（件与公里），没有确定的换算"),
    (EQUAL, "10件", "8件", None, "须等于目标或方向不明，没有高低之分"),
    (EQUAL, "10件", "10件", 0, "相同"),
    (DEADLINE, "2021年6月底前", "2022年9月底前", -1, "期限推后"),
    (DEADLINE, "2021年9月底前", "2022年6月底前", 1, "期限提前"),
    (DEADLINE, "6月底前", "2022年6月底前", 0, "期限相同"),
    (DEADLINE, "2021年3月至6月", "2022年3月至6月", 0, "期限相同"),
    (DEADLINE, "6月前", "2022年6月底前", None, "其中一年的期限含不含当期，看不出"),
]


@pytest.mark.parametrize(("way", "one", "other", "more", "how"), DEMANDS)
def test_what_asks_for_more_and_by_how_much(way: str, one: str, other: str, more: int | None, how: str) -> None:
    found = demand(read(one), 2021, read(other), 2022, (way, way))
    assert (found.more, found.how) == (more, how)


def test_a_way_that_turned_leaves_nothing_to_compare() -> None:
    found = demand(read("≥8件"), 2021, read("≤8件"), 2022, (POSITIVE, REVERSE))
    assert (found.more, found.how) == (None, "方向由正向改为反向")
    assert demand(read("≥8件"), 2021, read("≥8件"), 2022, ("", POSITIVE)).how == "方向由不明改为正向"
    assert demand(read("≥8件"), 2021, read("≥8件"), 2022, (POSITIVE, "")).how == "方向由正向改为不明"


def test_a_direction_that_the_row_gives_is_none_that_is_inferred() -> None:
    told = targets(rows(("2级", "2级"), ("1级", "1级"), name="资质等级", direction="反向")).iloc[0]
    assert told["move"] == RAISED


def test_a_value_to_be_hit_asks_for_no_more_and_no_less() -> None:
    told = targets(rows(("=12场", "12场"), ("=10场", "10场"), direction="等于")).iloc[0]
    assert (told["move"], told["against"]) == (INCOMPARABLE, INCOMPARABLE)
    assert "没有高低之分" in told["why"]


def test_left_unchanged_though_exceeded_by_far_is_a_word_of_its_own() -> None:
    told = targets(rows(("≥80户", "128户"), ("≥80户", "90户")).assign(attainment=[1.6, 1.125])).iloc[0]
    assert told["kind"] == LEFT
    assert told["already"] == pytest.approx(1.6)
    assert told["why"] == "目标未变（≥80户）；要求不及上年实际128户，超额较多而未调整"


def test_an_unchanged_target_within_a_tenth_of_what_was_reached_is_no_sign() -> None:
    near, far = (targets(rows(("≥100户", done), ("≥100户", ""))).iloc[0] for done in ("109户", "110户"))
    assert (near["kind"], near["against"]) == (UNCHANGED, BELOW)
    assert (far["kind"], far["against"]) == (BELOW, BELOW)


def test_amounts_are_given_in_the_unit_of_the_later_year() -> None:
    told = targets(rows(("≤45万元", "44.2万元"), ("≤460000元", ""))).iloc[0]
    assert told["value_unit"] == "元"
    assert told["previous_target_value"] == 450000
    assert told["previous_actual_value"] == 442000
    assert told["target_value"] == 460000
    assert told["already"] == pytest.approx(460000 / 442000)


def test_years_at_exactly_the_target_are_counted_where_better_was_possible() -> None:
    hair = targets(rows(("≥8场", "8场"), ("≥8场", "8场"), ("≥8场", "9场"))).iloc[-1]
    assert (hair["exact_years"], hair["years"]) == (2, 3)
    whole = targets(rows(*[("100%", "100%")] * 3, name="案件办结率")).iloc[-1]
    none = targets(rows(*[("≤0起", "0起")] * 3, name="安全事故起数")).iloc[-1]
    assert (whole["exact_years"], none["exact_years"]) == (0, 0)


@pytest.mark.parametrize(
    ("a", "a_unit", "b", "b_unit", "perhaps"),
    [
        ("0.95", "", "95", "%", True),
        ("1", "", "100", "%", True),
        ("-0.05", "", "-5", "%", True),
        ("1.01", "", "101", "%", True),
        ("4.8", "", "96", "%", True),  # out of five
        ("10", "", "95", "%", True),
        ("10.1", "", "95", "%", False),
        ("0", "", "0", "%", False),
        ("95", "%", "0.95", "", True),
        ("0.5", "%", "95", "", False),
        ("0.95", "%", "95", "%", False),
        ("0.95", "", "0.96", "", False),
        ("0.95", "", "95", "公里", False),
    ],
)
def test_a_bare_number_up_to_ten_is_perhaps_a_share(a: str, a_unit: str, b: str, b_unit: str, perhaps: bool) -> None:
    assert perhaps_share(Decimal(a), a_unit, Decimal(b), b_unit) is perhaps


@pytest.mark.parametrize(
    ("value", "own", "unit", "found"),
    [
        ("2000", "米", "公里", "2"),
        ("20", "公顷", "亩", "300"),
        ("500", "‰", "%", "50"),
        ("-5", "%", "%", "-5"),
        ("5", "件", "起", "5"),  # counts the same
        ("5", "", "件", "5"),
        ("5", "件", "公里", None),
        ("5", "人次", "人", None),
    ],
)
def test_an_amount_in_another_unit(value: str, own: str, unit: str, found: str | None) -> None:
    assert converted(Decimal(value), own, unit) == (None if found is None else Decimal(found))


@pytest.mark.parametrize("pairs", [[("≥95%", "96%"), ("≥0.95", "0.96")], [("≥0.95", "0.96"), ("≥95%", "96%")]])
def test_what_is_perhaps_a_share_is_put_into_no_unit(pairs: list[tuple[str, str]]) -> None:
    # 96 % beside a bare 0.95 was told to be 101 times the target
    told = targets(rows(*pairs, name="合格率")).iloc[0]
    assert told["move"] == told["against"] == "无法比较"
    assert told[["previous_target_value", "previous_actual_value", "already"]].isna().all()
    assert (told["target_value"], told["value_unit"]) in {(0.95, ""), (95, "%")}


def test_what_was_lost_is_no_share_of_what_is_asked_for() -> None:
    told = targets(rows(("≥8%", "-5%"), ("≥10%", ""), name="营业收入增长率")).iloc[0]
    assert told["previous_actual_value"] == -5
    assert math.isnan(told["already"])


def test_a_gap_between_years_is_named() -> None:
    told = targets(pd.concat([rows(("≥95%", "96%")), rows(("≥90%", "91%"), first=2024)])).iloc[0]
    assert (told["year"], told["previous_year"]) == (2024, 2021)
    assert "2021年实际96%" in told["why"]


def test_a_new_definition_is_a_new_track_and_is_not_compared() -> None:
    found = rows(("≥95%", "96%"), ("≥90%", "91%")).assign(track=["T01", "T02"])
    assert targets(found).empty


@pytest.mark.parametrize("found", [rows().reindex(columns=rows(("1", "1")).columns), rows(("≥95%", "96%"))])
def test_without_a_year_before_the_frame_is_empty_and_whole(found: pd.DataFrame) -> None:
    told = targets(found)
    assert told.empty
    assert {name: str(kind) for name, kind in told.dtypes.items()} == {one.name: one.dtype for one in TARGETS}


@given(st.integers(1, 200), st.integers(0, 300), st.integers(1, 200), st.sampled_from(["≥", "≤"]))
def test_the_two_directions_mirror_each_other(wanted: int, done: int, then: int, sign: str) -> None:
    told = targets(rows((f"{sign}{wanted}件", f"{done}件"), (f"{sign}{then}件", ""))).iloc[0]
    easier = (then < wanted) if sign == "≥" else (then > wanted)
    below = (then < done) if sign == "≥" else (then > done)
    assert (told["move"] == LOOSENED) == easier
    assert (told["against"] == BELOW) == below
    assert (told["move"] == UNCHANGED) == (then == wanted)
    if done and not math.isnan(told["already"]):
        assert (told["already"] > 1) == below


def test_it_agrees_with_the_changes_of_a_history() -> None:
    from perfeval.analysis.changes import changes

    tables = [
        [row("处置率", "≥90%", "92%"), row("投诉", "≤9件", "7件"), row("启用时间", "6月底前", "6月1日")],
        [row("处置率", "≥85%", "86%"), row("投诉", "≤5件", "5件"), row("启用时间", "9月底前", "9月1日")],
        [row("处置率", "≥85%", "86%"), row("投诉", "≤6件", "5件"), row("启用时间", "9月底前", "9月1日")],
    ]
    by_year = years(*tables)
    indicators, matches = matched(by_year)
    told = targets(indicators.assign(subdistrict="shili", name="示例街道", district="示例区", synthetic=True))
    said = changes(by_year, indicators, matches)
    moves = told[told["move"].isin([LOOSENED, RAISED])]
    assert set(zip(moves["track"], moves["year"], moves["move"], strict=True)) == set(
        zip(said["track"], said["year"], said["kind"], strict=True)
    )
    assert len(told) == len(list(pairwise(tables))) * 3


def test_the_findings_of_a_history_are_those_on_its_targets() -> None:
    tables = [[row("处置率", "≥90%", "92%")], [row("处置率", "≥85%", "86%")], [row("处置率", "≥85%", "86%")]]
    found = over_years(gathered(years(*tables)))
    assert list(found.columns) == [one.name for one in FINDINGS]
    assert found[["year", "code", "row"]].to_numpy().tolist() == [[2022, "T14", 2]]


def test_a_single_year_has_no_findings_over_years() -> None:
    found = over_years(gathered(years([row("处置率", "≥90%", "92%")])))
    assert found.empty
    assert list(found.columns) == [one.name for one in FINDINGS]


def test_a_year_looks_back_at_the_last_one_on_file_and_stays_as_it_is_where_it_cannot(tmp_path: Path) -> None:
    office = files.write(tmp_path / "data")
    results = {year: pe.evaluate(pe.load(tmp_path / "data", years=year)) for year in (2020, 2023)}
    told = pe.look_back(results[2023], tmp_path / "data").targets
    assert set(told["previous_year"]) == {2022}
    assert told.set_index("indicator").loc["投诉件数", ["previous_target", "previous_actual", "move"]].tolist() == [
        "≤9件", "8件", "未变",
    ]  # fmt: skip
    assert pe.look_back(results[2020], tmp_path / "data").targets.empty
    (office / "2022" / "indicators.csv").write_text("no such column\n1\n", encoding="utf-8")
    assert pe.look_back(results[2023], tmp_path / "data").targets.empty
