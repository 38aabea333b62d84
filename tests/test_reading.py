"""Target and actual read together: verdicts on real pairs, the source report row by row, and the laws of attainment."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.model.reading import Reading, read_pair, read_status
from perfeval.model.schema import (
    DEADLINE,
    DIRECTIONS,
    EQUAL,
    MET,
    MISSED,
    PARTLY,
    POSITIVE,
    REVERSE,
    STATUSES,
    UNDECIDED,
)

GOLDEN = Path(__file__).parent / "golden"


def pairs(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def verdict(reading: Reading) -> tuple[str, str, str]:
    """Direction, status and attainment to four decimals, as the golden files have them."""
    share = "" if reading.attainment is None else f"{round(reading.attainment, 4).normalize():f}"
    return reading.direction, reading.status, share


@pytest.mark.parametrize("row", pairs("practice_pairs.csv"), ids=lambda row: f"{row['indicator']}:{row['actual']}")
def test_real_pairs(row: dict[str, str]) -> None:
    """189 published pairs. Status and attainment were judged by hand.

    Where the direction is not what a guess from words and operator alone would say: money without an operator is
    反向 (not more than planned); a target in words whose name or text is about time is 时限; =提高 compares words
    and is 定性; a target found in the name makes the row 正向; 12.5, 88 and 20 under names that look qualitative are
    numbers.
    """
    found = read_pair(row["indicator"], row["target"], row["actual"])
    assert verdict(found) == (row["direction"], row["status"], row["attainment"])
    assert found.why
    assert found.direction_why


@pytest.mark.parametrize("row", pairs("written_pairs.csv"), ids=lambda row: f"{row['indicator']}:{row['actual']}")
def test_further_plausible_pairs(row: dict[str, str]) -> None:
    found = read_pair(row["indicator"], row["target"], row["actual"], unit=row["unit"])
    assert verdict(found) == (row["direction"], row["status"], row["attainment"])


RONGHUA = [
    ("完成立案5件", "完成", "办理案件5件", MET, "1"),
    ("网格案结率", "100%", "100%", MET, "1"),
    ("数据维护100%", "完成", "100%", MET, "1"),
    ("网格信息更新率", "100%", "100%", MET, "1"),
    ("家教大讲堂线下课程", "完成", "举办家教大讲堂线下课程", UNDECIDED, ""),
    ("青少年活动", "完成", "成功举办青少年活动", UNDECIDED, ""),
    ("做好共青团组织管理", "完成", "做好共青团组织管理", UNDECIDED, ""),
    ("基层党建工作完成率", "完成", "100%", MET, "1"),
    ("社区党建品牌创建", "完成", "创建社区党建品牌", UNDECIDED, ""),
    ("宣传报道", "完成", "宣传报道基层党建", UNDECIDED, ""),
    ("宣传活动", "完成", "宣传基层党建活动", UNDECIDED, ""),
    ("党性教育覆盖率", "100%", "100%", MET, "1"),
    ("非访劝返率", "100%", "100%", MET, "1"),
    ("赴省重访率", "完成", "100%", UNDECIDED, ""),
    ("公共安全宣传", "完成", "公共安全宣传到位", UNDECIDED, ""),
    ("信访积案化解率", "100%", "30%", MISSED, "0.3"),
    ("重大安全事故", "完成", "无重大安全事故", MET, "1"),
    ("消防隐患整治率99%", "完成", "70%", MISSED, "0.7071"),
    ("社区工作者考核", "100%合格", "100%合格", MET, "1"),
    ("城市新增就业人数", "100%", "城市新增就业人数完成年初目标值", UNDECIDED, ""),
    ("低保应保尽保率", "100%", "100%", MET, "1"),
    ("工作绩效考核合格率", "100%合格", "100%", MET, "1"),
    (
        "老旧社区改造",
        "有效控制",
        "旧改二期项目中我街道3个社区的土建工程已完工……三期改造已完成产值2200万元",
        UNDECIDED,
        "",
    ),
    ("志愿兵安置", "100%", "100%", MET, "1"),
    ("落实转业未安置志愿兵待遇", "100%", "100%", MET, "1"),
    ("做好疫情防控工作", "100%", "（无数值，仅叙述）", UNDECIDED, ""),
    ("非访劝返率", "完成", "100%", MET, "1"),
    ("赴省重访率", "完成", "100%", UNDECIDED, ""),
    ("消防隐患整治率99%", "完成", "100%", MET, "1.0101"),
    ("综合管理第三方考核", "完成", "上半年综合排名全市43名……全年全区综合排名第3", UNDECIDED, ""),
    ("群众对城管协管员文明执法满意度", "100%", "100%", MET, "1"),
    ("辖区无暴露垃圾", "96%", "无暴露垃圾", UNDECIDED, ""),
    ("做好辖区清扫清运日产日清", "完成", "做好辖区清扫清运日产日清", UNDECIDED, ""),
    ("群众对环境美化满意度90%以上", "完成", "100%", MET, "1.1111"),
    ("健康教育文明宣传", "完成", "持续推进健康教育文明宣传", UNDECIDED, ""),
    ("综合管理结案率", "100%", "100%", MET, "1"),
    ("背街小巷破损道路维修", "完成", "及时维修", UNDECIDED, ""),
    ("综合管理第三方考核", "完成", "上半年综合排名全市43名……全年全区综合排名第3", UNDECIDED, ""),
    ("“12135”投诉回复满意率", "100%", "背街小巷破损道路及时维修", UNDECIDED, ""),
]


@pytest.mark.parametrize(("number", "row"), list(enumerate(RONGHUA, 1)), ids=lambda value: str(value)[:20])
def test_the_source_report(number: int, row: tuple[str, str, str, str, str]) -> None:
    indicator, target, actual, status, share = row
    found = read_pair(indicator, target, actual)
    assert verdict(found)[1:] == (status, share)
    assert (found.target_from == "指标名称") == (number in (1, 3, 18, 29, 34))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("完成立案5件", "完成", "办理案件5件"), "目标取自指标名称（5件）；实际5件 ÷ 目标5件 = 100%"),
        (("消防隐患整治率99%", "完成", "70%"), "实际70% ÷ 目标99% = 70.71%，未达到目标"),
        (("基层党建工作完成率", "完成", "100%"), "比率已达上限100%"),
        (("重大安全事故", "完成", "无重大安全事故"), "已到下限"),
        (("赴省重访率", "完成", "100%"), "反向指标无数值目标，无法判定"),
        (("水标尺宽度", "≥266米", "≥266米"), "照抄了运算符"),
        (("检查次数", "100次", "100余次"), "约数（“余”）"),
        (("经费", "≤90万元", "95万元"), "目标90万元 ÷ 实际95万元 = 94.74%（越低越好），未达到目标"),
        (("灭火设备配备率", "100%", "1000件"), "单位不同（%与件）"),
        (("安全生产事故", "0起", "0人"), "目标0起，实际0起，达到目标"),
        (("安全生产事故", "≤1起", "0人"), "单位不同（起与人）"),
        (("安全生产事故", "0起", "1人"), "单位不同（起与人）"),
        (("安全生产事故发生率", "0%", "0件"), "单位不同（%与件）"),
        (("群众满意度", "90%", "0.95"), "0.95按小数理解为95%"),
        (("办件数", "5件", "4件 达成预期指标"), "以数值为准"),
        (("调解纠纷", "200件", "全年调解纠纷235件，成功率98%"), "叙述中唯一的同单位数值"),
        (("绿化面积", "300亩", "20公顷"), "公顷换算为亩"),
        (("上访人数", "0", "无"), "“无”按0计"),
        (("完工时间", "按期完成", "2023年6月"), "目标“按期完成”没有写明期限，无法判断2023年6月是否按期"),
        (
            ("环境面貌", "完成", "街面整治后一直有人值守"),
            "没有数值或等级，实际“街面整治后一直有人值守”是叙述，无法计算",
        ),
    ],
)
def test_the_sentence_says_how(row: tuple[str, str, str], said: str) -> None:
    assert said in read_pair(*row).why


def test_one_character_in_common_says_nothing_of_what_was_counted() -> None:
    assert read_pair("培训人数", "≥100人", "组织培训120人").status == MET
    assert read_pair("培训人数", "≥100人", "群众120人前来咨询").status == UNDECIDED


def test_what_the_reading_hands_to_scoring() -> None:
    found = read_pair("发放资料", "≥1.2万份", "9,000份")
    assert (found.a, found.b, found.attainment) == (Decimal(12000), Decimal(9000), Decimal("0.75"))
    assert (found.direction, found.direction_why, found.target_from) == (POSITIVE, "目标值带“≥”", "单元格")
    late = read_pair("完成时限", "2019年", "2020年")
    assert (late.direction, late.level, late.attainment, late.a) == (DEADLINE, MISSED, 0, None)
    partly = read_pair("经费支出合规性", "合规", "部分达成预期指标并具有一定效果")
    assert (partly.level, partly.attainment, partly.status) == (PARTLY, None, PARTLY)
    assert read_pair("送戏下乡", "", "197场").target_from == ""


def test_a_row_can_name_its_direction() -> None:
    assert read_pair("办件数", "10件", "8件").status == MISSED
    turned = read_pair("办件数", "10件", "8件", direction=REVERSE)
    assert (turned.status, turned.direction_why, turned.attainment) == (MET, "按行指定", Decimal("1.25"))


@pytest.mark.parametrize(
    ("name", "direction", "why"),
    [
        ("检查", REVERSE, "反向指标无数值目标，无法判定"),
        ("安全事故", POSITIVE, "反向指标无数值目标，无法判定"),
        ("检查", POSITIVE, "目标“完成”没有数值，实际“5件”无从比较"),
    ],
)
def test_a_number_beside_words_decides_nothing_whoever_says_that_less_is_better(
    name: str, direction: str, why: str
) -> None:
    assert read_pair(name, "完成", "5件", direction=direction).why == why


def test_strict_bounds() -> None:
    assert read_pair("案件", ">50件", "50件").status == MISSED
    assert read_pair("案件", "≥50件", "50件").status == MET
    assert read_pair("缺陷率", "<1%", "1%").status == MISSED
    assert read_pair("缺陷率", "≤1%", "1%").status == MET


@pytest.mark.parametrize(
    ("target", "actual", "status"),
    [
        ("3-5次", "4次", MET),
        ("3-5次", "2次", MISSED),
        ("5次", "5-8次", MET),
        ("5次", "2-3次", MISSED),
        ("5次", "4-8次", UNDECIDED),
        ("95%", "不足95%", UNDECIDED),
        ("≥95%", "不足95%", UNDECIDED),
        ("1", "100%", UNDECIDED),
        ("95%", "1", UNDECIDED),
        ("0.4%", "0.1", UNDECIDED),
        ("5件", "计划办理5件", UNDECIDED),
        ("5件", "未办5件", UNDECIDED),
        ("3个", "3个社区，5个小区", UNDECIDED),
        ("增长5%", "下降5%", UNDECIDED),
        ("365次", "每日1次", UNDECIDED),
        ("好坏", "好坏", UNDECIDED),
        ("—", "完成", UNDECIDED),
        ("**", "5件", UNDECIDED),
        ("500人次", "512户", UNDECIDED),
    ],
)
def test_nothing_is_guessed(target: str, actual: str, status: str) -> None:
    found = read_pair("开展活动", target, actual)
    assert found.status == status
    assert (found.attainment is None) == (status == UNDECIDED)
    assert found.why


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("完成年初目标", MET),
        ("完成年初目标值", MET),
        ("圆满地完成了年初目标", MET),
        ("圆满地完成了年初目标值", MET),
        ("圆满完成了年初目标", MET),
        ("较好地完成了年初目标值", MET),
        ("未完成年初目标", MISSED),
        ("已完成", MET),
        ("未完成", MISSED),
        ("部分完成", PARTLY),
        ("完成", MET),
        ("达标", MET),
        ("√", MET),
        ("×", MISSED),
        ("是", MET),
        ("否", MISSED),
        ("基本完成", PARTLY),
        ("尚未完成", MISSED),
        ("没有达到年初目标", MISSED),
        ("超额完成", MET),
        ("达成预期指标", MET),
        ("部分达成预期指标并具有一定效果", PARTLY),
        ("未达成预期指标且效果较差", MISSED),
        ("100%", MET),
        ("80%", UNDECIDED),
        ("", ""),
        ("—", ""),
        ("/", ""),
        ("见说明", UNDECIDED),
        ("是/否", UNDECIDED),
        ("☑完成 □未完成", MET),
        ("□完成 ☑未完成", MISSED),
        ("大部分目标已经完成", PARTLY),
        ("已完成。", MET),
        ("“完成”", MET),
        ("（未完成）", MISSED),
        ("部分完成；", PARTLY),
        ("100.0%", MET),
        ("99.9%", UNDECIDED),
        ("100次", UNDECIDED),
        ("完成100%", MET),
        ("5件，未完成", UNDECIDED),
    ],
)
def test_printed_status(text: str, status: str) -> None:
    assert read_status(text) == status


# ---- laws ----------------------------------------------------------------------------------------------------------

numbers = st.decimals(min_value=Decimal("0.01"), max_value=10**6, places=2)
cells = st.lists(
    st.sampled_from(
        [
            *"0123456789.%-~≥≤ 无未年月日前",
            "完成",
            "达成预期指标",
            "事故",
            "万元",
            "件",
            "以上",
            "提升",
            "及时",
            "及",
            "率",
        ]
    ),
    max_size=6,
).map("".join)


@given(
    st.text(max_size=20) | cells,
    st.text(max_size=20) | cells,
    st.text(max_size=20) | cells,
    st.sampled_from(["", "%", "万元"]),
)
def test_any_row_is_read(indicator: str, target: str, actual: str, unit: str) -> None:
    found = read_pair(indicator, target, actual, unit=unit)
    assert found.status in STATUSES
    assert found.direction in ("", *DIRECTIONS)
    assert found.why
    assert found.direction_why
    assert (found.a is None) == (found.b is None)
    assert found.attainment is None or found.attainment >= 0
    assert read_status(target) in ("", *STATUSES)


@given(numbers, numbers, numbers, st.sampled_from([POSITIVE, REVERSE, EQUAL, DEADLINE]))
def test_attainment_never_falls_as_the_actual_gets_better(
    target: Decimal, b: Decimal, c: Decimal, direction: str
) -> None:
    worse, better = sorted((b, c), reverse=direction in (REVERSE, DEADLINE))
    one, other = (read_pair("指标", f"{target}件", f"{value}件", direction=direction) for value in (worse, better))
    assert one.attainment is not None
    assert other.attainment is not None
    assert one.attainment <= other.attainment
    assert (one.status, other.status) != (MET, MISSED)


@given(numbers, numbers, st.sampled_from([POSITIVE, REVERSE, EQUAL]))
def test_attainment_does_not_depend_on_how_large_numbers_are_written(
    target: Decimal, actual: Decimal, direction: str
) -> None:
    plain = read_pair("指标", f"{target}人", f"{actual}人", direction=direction)
    scaled = read_pair("指标", f"{target}万人", f"{actual}万人", direction=direction)
    mixed = read_pair("指标", f"{target}万人", f"{actual * 10000:,.2f}人", direction=direction)
    assert plain.attainment == scaled.attainment == mixed.attainment
    assert plain.status == scaled.status == mixed.status


@given(numbers, st.sampled_from(["≥", ">", "≤", "<", "=", "不低于", "不超过"]))
def test_a_copied_operator_alone_never_makes_a_row_fail(number: Decimal, sign: str) -> None:
    copied = read_pair("指标", f"{sign}{number}件", f"{sign}{number}件")
    bare = read_pair("指标", f"{sign}{number}件", f"{number}件")
    assert copied.status == bare.status


ANOTHER_NUMBER = """
培训场次|10场|其中线上2场|无法判定
培训场次|10场|超额完成2场|无法判定
培训场次|10场|超目标2场|无法判定
培训场次|10场|多完成2场|无法判定
培训场次|10场|多2场|无法判定
培训场次|10场|超2场|无法判定
培训场次|10场|推迟12场|无法判定
培训场次|10场|预计12场|无法判定
培训场次|10场|年初目标12场|无法判定
培训场次|10场|上年12场|无法判定
培训场次|10场|近三年累计12场|无法判定
培训场次|10场|累计12场（含上年3场）|无法判定
培训场次|10场|12场，含上年3场|无法判定
培训场次|10场|应开展12场|无法判定
培训场次|10场|将开展12场|无法判定
培训场次|10场|待开展12场|无法判定
培训场次|10场|全年累计12场|完成
项目成本|≤50万元|超支2万元|无法判定
项目成本|≤50万元|比预算节约2万元|无法判定
项目成本|≤50万元|实际支出48万元|完成
节约资金|≥50万元|超支60万元|无法判定
节约资金|≥50万元|节约60万元|完成
增收|增收500元|减收600元|无法判定
新增就业|≥500人|失业600人|无法判定
失业人员再就业|≥500人|失业人员再就业520人|完成
应急演练|≥2次|开展应急演练3次|完成
接待来访|≥100人次|接待来访120人次|完成
居民收入|增长5%|较上年增长6%|完成
完成时间|12月底前|次年1月完成|无法判定
完成时间|2023年12月底前|预计2023年12月完成|无法判定
完成时间|2023年12月底前|计划2023年12月完成|无法判定
完成时间|2023年12月底前|2023年11月启动|无法判定
开工时间|2023年12月底前|2023年11月开工|完成
"""
UNDER_WAY = """
道路维修|5条|5条在建|无法判定
道路维修|5条|5条正在施工|无法判定
道路维修|5条|5条，其中2条在建|无法判定
道路维修|5条|已开工5条|无法判定
道路维修|5条|完成招标5条|无法判定
道路维修|5条|签约5条|无法判定
道路维修|5条|5条，已全部完工|完成
签约企业|≥5家|签约5家|完成
家庭医生服务|签约1500户|签约1500户|完成
开工项目|≥5个|已开工5个|完成
隐患整改率|100%|98%，2处正在整改|未完成
项目成本|≤50万元|节约2万元|无法判定
项目周期|12个月|一年半|无法判定
办理时限|2小时|2小时半|无法判定
"""
ONLY_BOUNDS = """
培训人次|≥500人次|近500人次|无法判定
培训人次|≥500人次|近600人次|完成
培训人次|≥500人次|将近400人次|未完成
培训人次|≥500人次|480余人次|未完成
培训人次|≥495人次|490余人次|无法判定
培训人次|500人次以上|490人次以上|未完成
培训人次|≥500人次|500余人次|完成
培训人次|≥500人次|400人次以上|无法判定
投诉次数|≤3次|3余次|无法判定
投诉次数|≤3次|2次以上|无法判定
项目成本|≤50万元|50余万元|无法判定
项目成本|≤50万元|40多万元|完成
项目成本|≤50万元|近50万元|完成
服务对象|约1500户|1498户|无法判定
服务对象|1500户左右|1200户|未完成
服务对象|近1500户|1498户|无法判定
耗材|控制在5万元左右|5.2万元|无法判定
耗材|控制在5万元左右|6.2万元|未完成
"""
NO_SHARES = """
居民满意度|≥95%|4.8|无法判定
居民满意度|≥95%|9.6|无法判定
居民满意度|≥95%|102%|无法判定
居民满意度|≥95%|960%|无法判定
居民满意度|≥95%|9600|无法判定
居民满意度|95|0.96|完成
居民满意度|≥4.5分|4.8分|完成
任务完成率|≥95%|105%|完成
"""


@pytest.mark.parametrize("row", "".join((ANOTHER_NUMBER, UNDER_WAY, ONLY_BOUNDS, NO_SHARES)).split())
def test_a_number_that_is_not_what_was_done_decides_nothing(row: str) -> None:
    """Beside each kind stands a near miss that is what was done."""
    indicator, target, actual, status = row.split("|")
    found = read_pair(indicator, target, actual)
    assert found.status == status, found.why


@pytest.mark.parametrize(
    ("year", "status"), [(2023, "未完成"), (2024, "完成"), (None, "完成")], ids=["late", "in its year", "not known"]
)
def test_a_deadline_without_year_is_of_the_document_s(year: int | None, status: str) -> None:
    found = read_pair("完成时间", "6月底前", "2024年1月15日", year=year)
    assert found.status == status
    assert "年度" in found.why


@pytest.mark.parametrize(
    ("target", "actual", "unmeasured"),
    [
        ("≥95%", "达成预期指标", True),
        ("100%", "全部完成", True),
        ("2023年12月31日前", "按期完成", True),
        ("0起", "未发生", False),
        ("0起", "无", False),
        ("3条", "完成3条", False),
        ("12月底前", "11月", False),
        ("优良", "良好", False),
        ("≥95%", "", False),
    ],
)
def test_words_beside_a_measurable_target_are_no_measurement(target: str, actual: str, unmeasured: bool) -> None:
    assert read_pair("道路", target, actual).unmeasured is unmeasured


def test_what_is_missed_by_a_hair_is_not_written_as_all_of_it() -> None:
    found = read_pair("惠及人数", "≥100000人", "99999人")
    assert (found.status, found.why) == (MISSED, "实际99,999人 ÷ 目标100,000人 = 99.99%，未达到目标")


def test_a_percentage_is_rounded_half_up_like_every_other_figure() -> None:
    assert "= 96.63%" in read_pair("群众满意度", "≥80%", "77.3%").why, "77.3 ÷ 80 is 96.625 %"
    assert "= 98.13%" in read_pair("群众投诉率", "≤78.5%", "80%", direction=REVERSE).why, "78.5 ÷ 80 is 98.125 %"


@pytest.mark.parametrize(("target", "status"), [("100", "完成"), ("101", "无法判定"), ("99", "完成")])
def test_a_plain_target_beside_a_share_is_a_share_up_to_a_hundred(target: str, status: str) -> None:
    assert read_pair("甲", target, "100%").status == status


@pytest.mark.parametrize(
    ("name", "target", "actual", "status", "attainment", "why"),
    [
        ("税收收入增长率", "≥0%", "-3%", "未完成", 0, "目标为0，实际-3%，未达到目标"),
        ("税收收入增长率", "≥0%", "0%", "完成", 1, "目标为0，实际0%，达到目标"),
        ("税收收入增长率", "≥0%", "0.1%", "完成", 1, "目标为0，实际0.1%，达到目标"),
        ("税收收入增长率", ">0%", "-3%", "未完成", 0, "目标为0，实际-3%，未达到目标"),
        ("税收收入增长率", ">0%", "0%", "未完成", 0, "目标为0，实际0%，未达到目标"),
        ("税收收入增长率", ">0%", "0.1%", "完成", 1, "目标为0，实际0.1%，达到目标"),
        ("新增企业净数", "≥0家", "-2家", "未完成", 0, "目标为0，实际-2家，未达到目标"),
        ("新增企业净数", "≥5家", "-2家", "未完成", 0, "实际-2家低于0，完成率按0计，未达到目标5家"),
        ("税收收入增长率", "≥5%", "-3%", "未完成", 0, "实际-3%低于0，完成率按0计，未达到目标5%"),
        ("税收收入增长率", "≥-5%", "-3%", "完成", 1, "实际-3%不低于目标-5%，达到目标"),
        ("债务增长率", "≤5%", "-3%", "完成", 1, "实际-3%，低于目标5%，达到目标"),
        ("债务增长率", "≤0%", "-3%", "完成", 1, "目标0%，实际-3%，达到目标"),
    ],
)
def test_an_actual_below_zero_is_compared_and_shown_as_it_is(
    name: str, target: str, actual: str, status: str, attainment: int, why: str
) -> None:
    found = read_pair(name, target, actual)
    assert (found.status, found.attainment, found.why) == (status, attainment, why)


@pytest.mark.parametrize("pair", [("完成", "{}"), ("{}", "完成"), ("≥5场", "{}"), ("5月前", "{}")])
def test_a_text_is_told_whole_up_to_20_characters_and_its_first_20_beyond(pair: tuple[str, str]) -> None:
    text = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
    for more, shown in (("", f"“{text}”"), ("戌", f"“{text}…”")):
        why = read_pair("巡查", *(side.format(text + more) for side in pair)).why
        assert shown in why, why
