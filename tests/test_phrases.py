"""Words as verdicts."""

import pytest

from perfeval.model.folding import fold, key
from perfeval.model.phrases import checked_option, closing_level, grade_of, level_of, nothing_happened
from perfeval.model.schema import MET, MISSED, PARTLY


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("完成", MET),
        ("已全部完成", MET),
        ("圆满地完成了年初目标值", MET),
        ("达到预期目标", MET),
        ("超额完成年度任务", MET),
        ("基本完成", PARTLY),
        ("部分达成年度指标并具有一定效果", PARTLY),
        ("尚未全部完成", PARTLY),
        ("未达成年度指标且效果较差", MISSED),
        ("没有完成", MISSED),
        ("未按时完成", MISSED),
        ("不达标", MISSED),
        ("达到", ""),
        ("完成立案", ""),
        ("举办活动", ""),
        ("及时维修", ""),
        ("城市新增就业人数完成年初目标值", ""),
        ("", ""),
    ],
)
def test_degrees_of_attainment(text: str, level: str) -> None:
    assert level_of(text) == level


@pytest.mark.parametrize(
    ("text", "family", "step", "bad"),
    [
        ("优秀", "质量", 0, False),
        ("良好", "质量", -1, False),
        ("不合格", "质量", -3, True),
        ("效果明显", "效果", 0, False),
        ("逐步提高", "趋升", -1, False),
        ("得到有效改善", "趋升", 0, False),
        ("提升明显", "趋升", 0, False),
        ("未提升", "趋升", -2, True),
        ("有所减少", "趋降", -1, False),
        ("按时完成", "及时", 0, False),
    ],
)
def test_grades(text: str, family: str, step: int, bad: bool) -> None:
    found = grade_of(text)
    assert found is not None
    assert (found.family, found.step, found.bad) == (family, step, bad)


def test_no_grade_for_a_sentence() -> None:
    assert grade_of("举办活动") is None


@pytest.mark.parametrize(
    ("text", "option"),
    [("√", ""), ("√是□否", "是"), ("□是√否", "否"), ("是√否□", "是"), ("是□否√", "否"), ("是", None), ("√5√6", None)],
)
def test_ticked_options(text: str, option: str | None) -> None:
    assert checked_option(text) == option


@pytest.mark.parametrize("text", ["未发生", "零事故", "无重大安全事故", "未发生重大安全责任事故", "无投诉", "零上访"])
def test_statements_that_nothing_happened(text: str) -> None:
    assert nothing_happened(text)


@pytest.mark.parametrize("text", ["无", "无人机巡查", "未完成", "事故", "无明显提升", "未发生3起事故"])
def test_other_statements(text: str) -> None:
    assert not nothing_happened(text)


def test_a_closing_official_level() -> None:
    assert closing_level("开展了三轮检查,达成预期指标") == (MET, "达成预期指标")
    assert closing_level("开展了三轮检查,未能达成预期指标")[0] == MISSED
    assert closing_level("开展了三轮检查,部分达成预期指标并具有一定效果")[0] == PARTLY
    assert closing_level("新增就业人数完成年初目标值") == ("", "")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("　９５．５％　", "95.5%"),
        ("★★95%。", "95%"),
        ("1 0 0 %", "100%"),
        ("1 234 567", "1234567"),
        ("95 98", "95 98"),
        ("達成預期指標", "达成预期指标"),
        ("②95\u200b%", "95%"),
        ("100 m²", "100平方米"),
        ("[bookmark: _GoBack]完成", "完成"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded


def test_a_key_has_no_punctuation() -> None:
    assert key("符合，相关 规定。") == key("符合相关规定") == "符合相关规定"
