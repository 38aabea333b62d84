"""The grammar of one cell: what real cells mean, and the laws reading obeys."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from perfeval.model.amounts import quantities
from perfeval.model.folding import vocabulary
from perfeval.model.reading import read_pair
from perfeval.model.values import KINDS, LONGEST, Value, describe, normal, read

UNITS = (
    "",
    "%",
    "‰",
    "人",
    "人次",
    "件",
    "万元",
    "元/人·月",
    "次/月",
    "公里",
    "平方米",
    "个月",
    "工作日",
    "天",
    "册次",
    "TB",
)
SIGNS = {"": "", ">=": "≥", ">": ">", "<=": "≤", "<": "<", "=": "="}


def amount(text: str, unit: str = "") -> tuple[str, Decimal | None, str]:
    found = read(text, unit)
    assert found.kind == "number", found
    return found.operator, found.low, found.unit


@pytest.mark.parametrize(
    ("text", "operator", "number", "unit"),
    [
        ("100%", "", "100", "%"),
        ("９５．５％", "", "95.5", "%"),
        ("百分之九十五", "", "95", "%"),
        ("千分之三", "", "3", "‰"),
        ("九成以上", ">=", "90", "%"),
        ("九成五", "", "95", "%"),
        ("≥ 95 ％", ">=", "95", "%"),
        ("≧95%", ">=", "95", "%"),
        ("⩾95%", ">=", "95", "%"),
        ("≮95%", ">=", "95", "%"),
        ("=>95%", ">=", "95", "%"),
        ("﹥95%", ">", "95", "%"),
        ("≯3次", "<=", "3", "次"),
        ("≦3次", "<=", "3", "次"),
        ("═100%", "=", "100", "%"),
        ("﹦100%", "=", "100", "%"),
        ("＝100%", "=", "100", "%"),
        ("不低于95%", ">=", "95", "%"),
        ("不得少于12种", ">=", "12", "种"),
        ("至少3场", ">=", "3", "场"),
        ("大于或等于3", ">=", "3", ""),
        ("95%及以上", ">=", "95", "%"),
        ("90%（不含）以上", ">", "90", "%"),
        ("小于0.9‰", "<", "0.9", "‰"),
        ("不超过3次", "<=", "3", "次"),
        ("控制在5%以内", "<=", "5", "%"),
        ("12个月内", "<=", "12", "个月"),
        ("不低于95%以上", ">=", "95", "%"),
        ("1,200.50万元", "", "12005000", "元"),
        ("1.2亿", "", "120000000", ""),
        ("3千万元", "", "30000000", "元"),
        ("1346.0088万平方米", "", "13460088", "平方米"),
        ("1712486㎡", "", "1712486", "平方米"),
        ("0.565km", "", "0.565", "公里"),
        ("5千克", "", "5", "公斤"),
        ("5千瓦时", "", "5", "千瓦时"),
        ("三千人", "", "3000", "人"),
        ("两次", "", "2", "次"),
        ("十二个月", "", "12", "个月"),
        ("1个半月", "", "1.5", "个月"),
        ("1 200 人", "", "1200", "人"),
        ("1 0 0 %", "", "100", "%"),
        ("100百分比", "", "100", "%"),
        ("98%(百分比)", "", "98", "%"),
        ("530元/人*月", "", "530", "元/人·月"),
        ("780元/生/年", "", "780", "元/生·年"),
        ("每人每月500元", "", "500", "元/人·月"),
        ("500元/(人·月)", "", "500", "元/人·月"),
        ("每月1次", "", "1", "次/月"),
        ("≤620万/月", "<=", "6200000", "/月"),
        ("45人（含劳务派遣）", "", "45", "人"),
        ("120人，其中党员30人", "", "120", "人"),
        ("98.26%，全市第3", "", "98.26", "%"),
        ("办理案件5件", "", "5", "件"),
        ("全年12次", "", "12", "次"),
        ("满意度≥90%", ">=", "90", "%"),
        ("12345热线办结率95%", "", "95", "%"),
        ("提高到95%", "", "95", "%"),
        ("★★95%", "", "95", "%"),
        ("-5%", "", "-5", "%"),
        ("全市前三名", "<=", "3", "名次"),
        ("综合排名第3", "", "3", "名次"),
        ("3个社区", "", "3", "个"),
        ("100分", "", "100", "分"),
    ],
)
def test_amounts(text: str, operator: str, number: str, unit: str) -> None:
    assert amount(text) == (operator, Decimal(number), unit)


@pytest.mark.parametrize(
    ("text", "number", "unit", "fuzzy"),
    [
        ("100余次", "100", "次", "余"),
        ("20多万人次", "200000", "人次", "多"),
        ("约1.6万人", "16000", "人", "约"),
        ("5.5万余亩", "55000", "亩", "余"),
        ("近百人", "100", "人", "近"),
        ("100人左右", "100", "人", "左右"),
        ("10来人", "10", "人", "来"),
    ],
)
def test_fuzzy_amounts(text: str, number: str, unit: str, fuzzy: str) -> None:
    found = read(text)
    assert (found.kind, found.low, found.unit, found.fuzzy) == ("number", Decimal(number), unit, fuzzy)


@pytest.mark.parametrize("word", sorted(vocabulary("words")["fuzzy"]["apart"]))
def test_a_word_that_ends_like_a_fuzzy_one_makes_no_number_uncertain(word: str) -> None:
    assert read(f"{word}1500户").fuzzy == ""
    assert read(f"家庭医生{word}1500户").fuzzy == ""


def test_what_was_signed_up_is_no_rough_figure() -> None:
    assert read_pair("家庭医生服务", "签约1500户", "签约1498户").status == "未完成"
    helped = read_pair("就业人数", "≥100人", "帮助失业人员再就业120人")
    assert helped.status == "完成", "a word of what was done is none of another year's number"


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("3-5次", ""),
        ("3-5次以上", ">="),
        ("≥3-5次", ">="),
        ("3次以上-5次", ">="),
        ("3-5次以内", "<="),
        ("≥3且≤5次", ""),
    ],
)
def test_a_range_has_the_bound_that_is_written_at_either_end(text: str, operator: str) -> None:
    found = read(text)
    assert (found.kind, found.operator, found.low, found.high) == ("range", operator, 3, 5)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("3-5天", "3", "5", "天"),
        ("10～20人", "10", "20", "人"),
        ("5%至10%", "5", "10", "%"),
        ("1-2万元", "10000", "20000", "元"),
        ("≥3且≤5次", "3", "5", "次"),
        ("90%到95%", "90", "95", "%"),
    ],
)
def test_ranges(text: str, low: str, high: str, unit: str) -> None:
    found = read(text)
    assert (found.kind, found.low, found.high, found.unit) == ("range", Decimal(low), Decimal(high), unit)


@pytest.mark.parametrize(
    ("text", "word", "level"),
    [
        ("100%合格", "合格", ""),
        ("100%覆盖", "覆盖", ""),
        ("全覆盖", "全覆盖", ""),
        ("应保尽保", "全覆盖", ""),
        ("较上年增长5%", "增长", ""),
        ("同比下降5%", "下降", ""),
        ("1000件 达成预期指标", "达成预期指标", "完成"),
        ("95.6% 部分达成预期指标并具有一定效果", "部分达成预期指标并具有一定效果", "部分完成"),
        ("无重大安全事故", "未发生", ""),
        ("零投诉", "未发生", ""),
        ("未发生重大安全责任事故", "未发生", ""),
    ],
)
def test_amounts_with_words(text: str, word: str, level: str) -> None:
    found = read(text)
    assert (found.kind, found.word, found.level) == ("number", word, level)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("完成", "level"),
        ("已完成", "level"),
        ("达成预期指标", "level"),
        ("部分达成预期指标并具有一定效果", "level"),
        ("未达成预期指标且效果较差", "level"),
        ("未完成", "level"),
        ("基本完成", "level"),
        ("是", "level"),
        ("否", "level"),
        ("☑", "level"),
        ("√", "level"),
        ("×", "level"),
        ("按时完成", "level"),
        ("达标", "level"),
        ("未完成（80%）", "level"),
        ("良好", "word"),
        ("效果明显", "word"),
        ("有所提升", "word"),
        ("合规", "word"),
        ("有效控制", "word"),
        ("及时", "word"),
        ("显著提升", "word"),
        ("日产日清", "word"),
        ("高", "word"),
        ("=提高", "word"),
        ("", "placeholder"),
        ("—", "placeholder"),
        ("/", "placeholder"),
        ("无", "placeholder"),
        ("**", "placeholder"),
        ("≥**人", "placeholder"),
        ("……", "placeholder"),
        ("□", "placeholder"),
        ("N/A", "placeholder"),
        ("举办家教大讲堂线下课程", "text"),
        ("5件未完成", "text"),
        ("未办5件", "text"),
        ("三级甲等", "text"),
        ("一次性通过", "text"),
        ("3个社区开工，68栋完工", "text"),
        ("数十次", "text"),
        ("2021年12月完成", "date"),
        ("年底前", "date"),
        ("2023.07-2024.01", "date"),
        ("12月", "date"),
        ("■是 □否", "level"),
        ("□是 ■否", "level"),
        ("2022年季度", "unread"),
        ("好坏", "unread"),
        ("是/否", "unread"),
        ("3/5", "unread"),
        ("1:3", "unread"),
        ("95% 98%", "unread"),
        ("1,20", "unread"),
        ("1OO%", "unread"),
        ("≥", "unread"),
        ("20-10人", "unread"),
        ("≥5次以内", "unread"),
        ("9" * 40, "unread"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    found = read(text)
    assert found.kind == kind
    assert bool(found.reason) == (kind == "unread")
    assert found.raw == text


@pytest.mark.parametrize(
    ("text", "unit", "number", "read_unit"),
    [
        ("63", "万元", "630000", "元"),
        ("150万", "万元", "1500000", "元"),
        ("150万", "元", "1500000", "元"),
        ("95", "百分比", "95", "%"),
        ("0.8", "万人", "8000", "人"),
        ("5", "定性", "5", ""),
        ("5件", "个", "5", "件"),
        ("2022.12", "万元", "20221200", "元"),
    ],
)
def test_the_unit_column_serves_a_cell_without_unit(text: str, unit: str, number: str, read_unit: str) -> None:
    assert amount(text, unit) == ("", Decimal(number), read_unit)


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("不低于95.00%", "≥95%"),
        ("约1.6万人", "16,000人（约）"),
        ("1,200.50万元", "1,200.5万元"),
        ("3~5天", "3—5天"),
        ("2022年12月31日之前", "2022年12月31日之前"),
        ("11月底前", "11月底前"),
        ("20221231", "2022年12月31日"),
        ("100%合格", "100%合格"),
        ("", "未填写"),
        ("—", "未填写（—）"),
        ("好坏", "未读出：填写的是评价尺度，不是具体的值"),
        ("全市前三名", "前3名"),
    ],
)
def test_described_for_people(text: str, described: str) -> None:
    assert describe(read(text)) == described


def test_every_word_of_the_vocabulary_is_read_as_what_it_is() -> None:
    words = vocabulary("words")
    for family in words["grades"]:
        for word in (word for step in family["steps"] for word in step):
            assert read(word).kind in ("word", "level", "number"), word
    for level in ("met", "partly", "missed"):
        for word in words["levels"][level]:
            expected = {"met": "完成", "partly": "部分完成", "missed": "未完成"}[level]
            assert read(word).level == expected, word
    for word in words["zero"]["exact"]:
        assert read(word).low == 0, word
    for word in words["placeholder"]["exact"]:
        assert read(word).kind == "placeholder", word


def test_no_vocabulary_names_a_word_twice_in_one_family() -> None:
    seen: set[str] = set()
    for family in vocabulary("words")["grades"]:
        words = [word for step in family["steps"] for word in step]
        assert len(words) == len(set(words)), family["family"]
        assert not seen & set(words), (family["family"], seen & set(words))
        seen |= set(words)


def test_a_very_long_cell_is_not_searched() -> None:
    for part in ("完成5件，", "1 ", "1 000 ", "5", "★", "( "):
        assert read(f"{part * 100_000}完").kind in KINDS
    assert read("完成5件，" * 25_000).reason == f"文字超过{LONGEST}字，不作数值解读"
    for nasty in (
        "1," * 900,
        "≥" * 1900,
        "第" * 1900 + "3名",
        "1-" * 900,
        "(" * 1900,
        "已" * 1900 + "完成",
        "零" * 1900,
    ):
        assert read(nasty).kind in KINDS


# ---- laws ----------------------------------------------------------------------------------------------------------

decimals = st.decimals(min_value=0, max_value=10**9, places=2) | st.integers(0, 10**6).map(Decimal)
fuzzies = st.sampled_from(("", "约", "余", "左右"))
SIGNS_AND_WORDS = (
    *"0123456789.,%‰-~/:()，。、 ≥≤<>=*★☑√×□年月日万亿余多约近每第前内底未不无零是否２％",
    *[
        "以上",
        "以内",
        "不低于",
        "不超过",
        "完成",
        "部分",
        "达成预期指标",
        "增长",
        "下降",
        "合格",
        "事故",
        "元",
        "人次",
        "件",
        "个月",
        "百分之",
        "九成",
        "季度",
        "及时",
    ],
    *["显著", "提升", "良好", "一百二十", "半年"],
)
near_values = st.lists(st.sampled_from(SIGNS_AND_WORDS), max_size=8).map("".join)


@st.composite
def amounts_written(draw: st.DrawFn) -> str:
    number, unit = draw(decimals), draw(st.sampled_from(UNITS))
    sign, fuzzy = SIGNS[draw(st.sampled_from(list(SIGNS)))], draw(fuzzies)
    word = draw(st.sampled_from(("", "合格", "达成预期指标", "增长")))
    before, inside, after = (fuzzy if fuzzy == kind else "" for kind in ("约", "余", "左右"))
    if word == "增长":
        return f"{word}{sign}{before}{number}{inside}{unit}{after}"
    return f"{sign}{before}{number}{inside}{unit}{after}{word}"


def without_raw(value: Value) -> tuple:
    return tuple(
        getattr(value, name) for name, about in Value.__dataclass_fields__.items() if about.compare and name != "raw"
    )


@given(st.text())
@example("\ud800")
@example("٣٤٥")
@example("½")
def test_no_text_is_too_strange(text: str) -> None:
    found = read(text)
    assert found.kind in KINDS
    assert found.raw == text
    assert describe(found)


@given(near_values, st.sampled_from(("", "万元", "%", "个", "定性")))
def test_nothing_near_a_value_raises_and_the_normal_form_reads_back(text: str, unit: str) -> None:
    found = read(text, unit)
    assert found.kind in KINDS
    again = read(normal(found))
    assert without_raw(again) == without_raw(found)


@given(amounts_written())
def test_written_amounts_read_back_from_their_normal_form(text: str) -> None:
    found = read(text)
    assert found.kind == "number", found
    assert without_raw(read(normal(found))) == without_raw(found)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(UNITS[1:]))
def test_ranges_read_back(a: int, b: int, unit: str) -> None:
    low, high = sorted((a, b))
    found = read(f"{low}~{high}{unit}")
    assume(found.kind == "range")
    assert without_raw(read(normal(found))) == without_raw(found)


@given(near_values)
def test_full_width_reads_as_half_width(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert without_raw(read(wide)) == without_raw(read(text))


@given(near_values)
def test_compatibility_variants_read_the_same(text: str) -> None:
    assert without_raw(read(unicodedata.normalize("NFKC", text))) == without_raw(read(text))


@given(st.integers(1, 9999), st.sampled_from(("人", "件", "亩", "人次")))
def test_ten_thousands_are_multiplied_in(number: int, unit: str) -> None:
    assert amount(f"{number}万{unit}") == amount(f"{number}0000{unit}") == amount(f"{number * 10000:,}{unit}")


@pytest.mark.parametrize(("there", "seen"), [(0, 0), (13, 13), (14, 14), (15, 14)])
def test_of_a_narrative_fourteen_characters_before_a_number_and_after_it_are_looked_at(there: int, seen: int) -> None:
    ((_, before, after),) = quantities(f"{there * '甲'}12{there * '乙'}")
    assert (before, after) == (seen * "甲", seen * "乙")


@pytest.mark.parametrize("sign", ["不少于", "≥", "不低于"])
@pytest.mark.parametrize("between", ["", "为", "是", "："])
def test_between_an_operator_and_its_number_may_stand_a_word_for_is(sign: str, between: str) -> None:
    assert (read(f"{sign}{between}12场").operator, read(f"{sign}{between}12场").scale) == (">=", 1)


TOLD = [
    # text, kind, normal form, as people are told
    ("95%", "number", "95%", "95%"),
    ("≥95%", "number", "≥95%", "≥95%"),
    ("＞95%", "number", ">95%", ">95%"),
    ("≤95%", "number", "≤95%", "≤95%"),
    ("<95%", "number", "<95%", "<95%"),
    ("=95%", "number", "=95%", "=95%"),
    ("95", "number", "95", "95"),
    ("0", "number", "0", "0"),
    ("-5", "number", "-5", "-5"),
    ("-5%", "number", "-5%", "-5%"),
    ("0.5", "number", "0.5", "0.5"),
    ("16000人", "number", "16000人", "16,000人"),
    ("1.6万人", "number", "16000人", "16,000人"),
    ("约1.6万人", "number", "约16000人", "16,000人（约）"),
    ("1.6万余人", "number", "16000余人", "16,000人（余）"),
    ("1600多人", "number", "1600多人", "1,600人（多）"),
    ("近500人", "number", "近500人", "500人（近）"),
    ("500人左右", "number", "500人左右", "500人（左右）"),
    ("3-5次", "range", "3-5次", "3—5次"),
    ("3-5次以上", "range", "3-5次以上", "≥3—5次"),
    ("3-5万元", "range", "30000-50000元", "3万元—5万元"),
    ("1-2亿元", "range", "100000000-200000000元", "10,000万元—20,000万元"),
    ("0.5-1万元", "range", "5000-10000元", "5,000元—1万元"),
    ("-5%-5%", "range", "-5-5%", "-5—5%"),
    ("9999元", "number", "9999元", "9,999元"),
    ("10000元", "number", "10000元", "1万元"),
    ("1万元", "number", "10000元", "1万元"),
    ("12345678元", "number", "12345678元", "1,234.5678万元"),
    ("-20000元", "number", "-20000元", "-2万元"),
    ("3.14159265", "number", "3.14159265", "3.1416"),
    ("0.00004", "number", "0.00004", "0.00004"),
    ("增长5%", "number", "增长5%", "增长5%"),
    ("下降5%", "number", "下降5%", "下降5%"),
    ("增长3-5%", "range", "增长3-5%", "增长3—5%"),
    ("提高2个百分点", "number", "增长2个百分点", "增长2个百分点"),
    ("全部", "word", "全部", "全部"),
    ("应保尽保", "number", "100%全覆盖", "100%全覆盖"),
    ("100%合格", "number", "100%合格", "100%合格"),
    ("95%合格", "number", "95%合格", "95%合格"),
    ("无", "placeholder", "无", "未填写（无）"),
    ("暂无", "placeholder", "暂无", "未填写（暂无）"),
    ("—", "placeholder", "—", "未填写（—）"),
    ("", "placeholder", "", "未填写"),
    ("未发生", "number", "未发生", "未发生"),
    ("无投诉", "number", "未发生", "未发生"),
    ("0起", "number", "0起", "0起"),
    ("完成", "level", "完成", "完成"),
    ("未完成", "level", "未完成", "未完成"),
    ("部分完成", "level", "部分完成", "部分完成"),
    ("圆满完成", "level", "圆满完成", "圆满完成"),
    ("12场 完成", "number", "12场完成", "12场 完成"),
    ("12场，达成预期指标", "number", "12场达成预期指标", "12场 达成预期指标"),
    ("优", "word", "优", "优"),
    ("=提高", "word", "=提高", "=提高"),
    ("提升", "word", "提升", "提升"),
    ("明显改善", "word", "明显改善", "明显改善"),
    ("及时", "word", "及时", "及时"),
    ("2022年6月", "date", "2022年6月", "2022年6月"),
    ("6月前", "date", "6月前", "6月前"),
    ("6月底前", "date", "6月内", "6月底前"),
    ("2022-06-30", "date", "2022年6月30日", "2022年6月30日"),
    ("2022年3月至6月", "date", "2022年3月至2022年6月", "2022年3月至6月"),
    ("2022.01-2022.12", "date", "2022年1月至2022年12月", "2022年1月至2022年12月"),
    ("上半年", "date", "1月至6月", "上半年"),
    ("6月上旬", "date", "6月1日至6月10日", "6月上旬"),
    ("20221231", "date", "2022年12月31日", "2022年12月31日"),
    ("第3名", "number", "第3名", "第3名"),
    ("前3名", "number", "前3名", "前3名"),
    ("第2.5名", "text", "第2.5名", "第2.5名"),
    ("3A", "number", "3A", "3A"),
    ("优良中差", "unread", "优良中差", "未读出：填写的是评价尺度，不是具体的值"),
    ("是/否", "unread", "是/否", "未读出：填写的是评价尺度，不是具体的值"),
    ("好坏", "unread", "好坏", "未读出：填写的是评价尺度，不是具体的值"),
    ("☑完成 □未完成", "level", "完成", "完成"),
    ("3/5", "unread", "3/5", "未读出：填写的是比值，不是单一数值"),
    ("1OO%", "unread", "1OO%", "未读出：数字中夹有字母O或l，疑似识别错误"),
    ("12↑", "unread", "12↑", "未读出：数后有“↑”，可能是负数"),
    ("每月3次", "number", "3次/月", "3次/月"),
    ("3次/月", "number", "3次/月", "3次/月"),
    ("500元/人·月", "number", "500元/人·月", "500元/人·月"),
    ("每人每月860元", "number", "860元/人·月", "860元/人·月"),
    ("九成以上", "number", "≥90%", "≥90%"),
    ("百分之九十五", "number", "95%", "95%"),
    ("万分之五", "number", "5‱", "5‱"),
    ("十余人", "number", "10余人", "10人（余）"),
    ("一半", "text", "一半", "一半"),
    ("半年", "number", "6个月", "6个月"),
    ("加强巡查", "text", "加强巡查", "加强巡查"),
    (
        "按照上级要求和群众需要开展各项工作并及时总结上报完成情况取得较好的效果好评",
        "text",
        "按照上级要求和群众需要开展各项工作并及时总结上报完成情况取得较好的效果好评",
        "按照上级要求和群众需要开展各项工作并及时总结上报完成情况取得…",
    ),
    ("见说明", "text", "见说明", "见说明"),
    ("※", "placeholder", "", "未填写"),
    ("5个（含3个）", "number", "5个", "5个"),
    ("5次以上8次以下", "text", "5次以上8次以下", "5次以上8次以下"),
    ("不少于5次", "number", "≥5次", "≥5次"),
    ("1,200", "number", "1200", "1,200"),
    ("1，200", "number", "1200", "1,200"),
    ("1.2E3", "unread", "1.2E3", "未读出：有多个数值，不知取哪一个"),
    ("完成（2022年）", "level", "完成", "完成"),
    ("（完成）", "level", "完成", "完成"),
    ("未完成（因疫情）", "level", "未完成", "未完成"),
    ("=优", "word", "=优", "=优"),
    ("==优", "text", "==优", "==优"),
    ("＝5", "number", "=5", "=5"),
    ("约增长5%", "number", "增长约5%", "增长5%（约）"),
    ("不低于增长5%", "number", "增长≥5%", "增长≥5%"),
    ("完成（未完成）", "text", "完成(未完成)", "完成（未完成）"),
    ("优（完成）", "text", "优(完成)", "优（完成）"),
]


@pytest.mark.parametrize(("text", "kind", "written", "told"), TOLD)
def test_every_kind_of_value_is_written_and_told(text: str, kind: str, written: str, told: str) -> None:
    value = read(text)
    assert (value.kind, normal(value), describe(value)) == (kind, written, told)


def test_a_cell_is_read_up_to_two_thousand_characters() -> None:
    assert read("甲" * 2000).kind == "text"
    assert read("甲" * 2001).reason == "文字超过2000字，不作数值解读"
    assert describe(read("甲" * 30)) == "甲" * 30
    assert describe(read("甲" * 31)) == "甲" * 30 + "…"
