"""A scale written on one side only: 万, 千 and 亿 carry to a number without one, unless it is written in full."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.model.comparing import in_one_scale
from perfeval.model.reading import read_pair
from perfeval.model.schema import MET, MISSED, PARTLY, UNDECIDED
from perfeval.model.values import read

COST, COUNT = "项目总成本", "服务人次"


@pytest.mark.parametrize(
    ("name", "target", "actual", "unit", "status", "share"),
    [
        (COST, "≤90万元", "90", "", MET, "1"),
        (COST, "≤90万元", "95", "", MISSED, "0.9474"),
        (COST, "≤202.6万元", "132.9", "", MET, "1.5245"),
        (COST, "≤90万元", "约95", "", MISSED, "0.9474"),
        (COST, "≤1.2亿元", "1.3", "", MISSED, "0.9231"),
        (COST, "≤1.2亿元", "13000", "万元", MISSED, "0.9231"),
        ("维修面积", "≥3万平方米", "3.2", "", MET, "1.0667"),
        ("维修面积", "≥3万平方米", "2.9", "", MISSED, "0.9667"),
        ("维修面积", "3.2", "≥3万平方米", "", MISSED, "0.9375"),
        ("补助金额", "≥12万元", "12.5", "", MET, "1.0417"),
        ("补助金额", "12万元", "120000", "", MET, "1"),
        (COUNT, "≥1.6万人次", "1.7", "", MET, "1.0625"),
        (COUNT, "≥1.6万人次", "17000", "", MET, "1.0625"),
        (COUNT, "≥2千人次", "1800", "", MISSED, "0.9"),
        (COUNT, "≥2千人次", "2.1", "", MET, "1.05"),
        ("造林面积", "≥3万亩", "32000", "", MET, "1.0667"),
        ("接待量", "≥3万/月", "3.2", "", MET, "1.0667"),
        ("投放数量", "1-2万份", "1.5", "", MET, "1"),
        ("投放数量", "1-2万份", "15000", "", MET, "1"),
        (COUNT, "≥1.6万人次", "1.7", "人次", MET, "1.0625"),
        (COST, "≤90", "95", "万元", MISSED, "0.9474"),
        (COST, "≤90", "950000", "万元", MISSED, "0.9474"),
        (COST, "≤90万元", "95", "元", MISSED, "0.9474"),
        ("成本控制数(万元)", "≤90", "880000", "", MET, "1.0227"),
        ("成本控制数（万元）", "≤90", "95", "", MISSED, "0.9474"),
        ("维修面积", "≥3", "3.2万平方米", "", MET, "1.0667"),
        (COST, "≤90万元", "0", "", MET, "1"),
    ],
)
def test_a_scale_carries_unless_the_number_is_written_in_full(
    name: str, target: str, actual: str, unit: str, status: str, share: str
) -> None:
    found = read_pair(name, target, actual, unit=unit)
    assert (found.status, round(found.attainment or Decimal(0), 4)) == (status, Decimal(share)), found.why


@pytest.mark.parametrize(
    ("target", "actual", "unit"),
    [
        ("≥1.6万人次", "20", ""),
        ("≤15万元", "16元", ""),
        ("≥1.2亿元", "13000", ""),
        ("≥10000", "1", ""),
    ],
)
def test_what_is_beyond_belief_in_every_unit_is_left_open_with_its_readings(
    target: str, actual: str, unit: str
) -> None:
    found = read_pair(COST, target, actual, unit=unit)
    assert (found.status, found.attainment) == (UNDECIDED, None)
    assert "换一种单位理解是" in found.why


def test_an_assumed_scale_is_told() -> None:
    assert "没有写明“万”，按目标的单位理解" in read_pair(COST, "≤90万元", "95").why
    assert "按已经写全的数理解" in read_pair(COST, "12万元", "120000").why


def test_a_share_beyond_belief_is_told_even_where_nothing_else_fits() -> None:
    found = read_pair("开展活动", "≥1次", "25次")
    assert found.status == MET
    assert "超出1%到1,000%的常见范围" in found.why


@pytest.mark.parametrize(
    ("name", "target", "actual", "status"),
    [
        ("资金拨付", "12月底到位", "12月20日", MET),
        ("资金拨付", "12月底到位", "次年1月", UNDECIDED),
        ("服务周期内空气质量", "优良", "良", MET),
        ("服务周期内空气质量", "优良", "差", MISSED),
        ("财政资金补助", "1600元/亩", "1500元/亩", MISSED),
        ("财政资金补助", "1600元/亩", "1600元/亩", MET),
        ("低保标准", "860元/人·月", "800元/人·月", MISSED),
        ("办学环境", "做到社会认可的办学环境", "社会认可的办学环境", MET),
        ("办学环境", "做到社会认可的办学环境", "社会不认可的办学环境", UNDECIDED),
        ("系统运行", "全天候可用", "全天候", MET),
        ("办公条件", "改善条件", "明显改善", MET),
        ("办公条件", "改善条件", "未改善", MISSED),
        ("办公条件", "改善条件", "办公条件未改善", UNDECIDED),
        ("服务", "提升服务质量", "良好", UNDECIDED),
        ("办公条件", "改善条件", "明显提高费用", UNDECIDED),
        ("办公条件", "改善条件", "办学条件明显改善", MET),
        ("办公条件", "改善办公条件", "条件明显改善", UNDECIDED),
        ("服务", "提升服务质量", "服务环境明显提升", UNDECIDED),
        ("成本", "降低成本", "费用明显降低", UNDECIDED),
        ("居住环境", "提升居住环境", "居住环境显著提升", MET),
        ("居民幸福感", "居民幸福感明显提升", "居民幸福感有所提升", PARTLY),
        ("服务", "显著提升服务质量", "服务质量有所提升", PARTLY),
        ("服务", "提升服务质量", "服务质量降低", UNDECIDED),
        ("宣传活动", "≥12场", "13场次", MET),
        ("走访", "≥300户", "310户次", MET),
        ("服务", "≥100人次", "98人", MISSED),
    ],
)
def test_pairs_that_were_misread(name: str, target: str, actual: str, status: str) -> None:
    found = read_pair(name, target, actual)
    assert found.status == status, found.why


@given(st.decimals(1, 999, places=1), st.decimals(1, 999, places=1), st.sampled_from(["万", "亿", "千"]))
def test_a_bare_actual_is_judged_as_the_same_number_with_the_unit(a: Decimal, b: Decimal, scale: str) -> None:
    bare, full = read_pair(COUNT, f"≥{a}{scale}人次", f"{b}"), read_pair(COUNT, f"≥{a}{scale}人次", f"{b}{scale}人次")
    if bare.attainment is not None and Decimal("0.01") <= b / a <= 10:
        assert (bare.status, bare.attainment) == (full.status, full.attainment)


@pytest.mark.parametrize(
    ("actual", "meant"), [("30", 300_000), ("30.1", None), ("0.03", 300), ("0.029", None), ("300", 300), ("299", None)]
)
def test_a_reading_is_believed_from_one_hundredth_to_ten_times_the_target(actual: str, meant: int | None) -> None:
    found = in_one_scale(read("≥3万平方米"), read(actual))
    assert (found.actual.low if not found.beyond else None) == meant


@pytest.mark.parametrize(
    ("name", "target", "actual", "status"),
    [
        ("知晓率", "≥90%", "1.05", UNDECIDED),  # 1.05 % or, as a spreadsheet keeps it, 105 %
        ("覆盖率", "1.05", "95%", UNDECIDED),
        ("知晓率", "≥0.95", "92", UNDECIDED),  # 9,684 % of the target, or short of it
        ("知晓率", "≥95", "0.92", MISSED),  # the name makes the 95 one of 95 %
        ("覆盖率", "≥90%", "0.85—1.05", UNDECIDED),
        ("覆盖率", "0.9—1.05", "95%", UNDECIDED),
        ("覆盖率", "≥95%", "0.9—1", UNDECIDED),
        ("覆盖率", "≥80%", "0.9—1", MET),
        ("知晓率", "≥90%", "0.95", MET),
        ("知晓率", "≥90%", "95", MET),
        ("投诉率", "≤5%", "1.5", MET),
        ("增长率", "≥5%", "1.2", MISSED),
        ("服务人次", "≥0.9", "0.8", MISSED),
        ("服务人次", "≥120", "0.5", MISSED),
        ("道路里程", "≥12公里", "0.5公里", MISSED),
    ],
)
def test_a_bare_decimal_is_no_percentage_where_it_may_be_one(name: str, target: str, actual: str, status: str) -> None:
    found = read_pair(name, target, actual)
    assert (found.status, bool(found.why)) == (status, True), found.why


@given(st.decimals("0.10", "0.99", places=2), st.decimals("0.10", "0.99", places=2))
def test_two_bare_shares_are_decided_alike_or_not_at_all_however_they_are_written(one: Decimal, other: Decimal) -> None:
    alike = read_pair("知晓率", f"≥{one}", f"{other}").status
    percent = f"{one * 100:f}", f"{other * 100:f}"
    written = [(f"≥{one}", percent[1]), (f"≥{percent[0]}", f"{other}"), (f"≥{percent[0]}", percent[1])]
    assert {read_pair("知晓率", *pair).status for pair in written} <= {alike, UNDECIDED}
