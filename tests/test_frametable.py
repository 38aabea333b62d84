"""Any frame as a table: complete, escaped, in Chinese."""

import re
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from perfeval.model.errors import ParameterError
from perfeval.present import columns, show

ROWS = pd.DataFrame(
    {
        "indicator": ["背街小巷整治", "隐患整改率"],
        "status": ["未完成", "完成"],
        "attainment": [0.3, None],
        "lost": [0.97, 0.0],
    }
)


def cells(text: str) -> list[list[str]]:
    """The table's body as it reads."""
    body = text.split("</thead>")[1]
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]


def heads(text: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", head) for head in re.findall(r"<th scope=\"col[^>]*>(.*?)</th>", text)]


def test_known_columns_have_chinese_headings_units_and_decimals() -> None:
    text = show.table(ROWS).text
    assert heads(text) == ["三级指标", "结论", "完成程度", "失分（分）"]
    assert cells(text) == [["背街小巷整治", "×未完成", "30.0%", "0.97"], ["隐患整改率", "✓完成", "—", "0.00"]]
    assert text.count('<td class="n">') == 4
    assert 'class="m no"' in text


def test_only_a_verdict_has_a_mark() -> None:
    frame = pd.DataFrame({"indicator": ["验收"], "target": ["完成"], "actual": ["未完成"], "status": ["未完成"]})
    assert show.table(frame).text.count('class="m ') == 1
    words = pd.Categorical(["完成"], categories=["未完成", "完成"], ordered=True)
    assert 'class="m ok"' in show.table(pd.DataFrame({"mine": words})).text


def test_columns_are_chosen_ordered_and_named() -> None:
    assert heads(show.table(ROWS, ["lost", "indicator"]).text) == ["失分（分）", "三级指标"]
    assert heads(show.table(ROWS, {"indicator": "哪一项", "lost": "丢了"}).text) == ["哪一项", "丢了（分）"]
    assert heads(show.table(ROWS, titles={"status": "完成否"}).text)[1] == "完成否"
    with pytest.raises(ParameterError, match="没有这些列：statuss，是否指“status”？"):
        show.table(ROWS, ["statuss"])
    with pytest.raises(ParameterError, match="没有“losst”这一列"):
        show.table(ROWS, bars="losst")


def test_units_and_formats_overrule_a_name() -> None:
    frame = pd.DataFrame({"name": ["甲"], "score": [0.5], "own": [1234.5]})
    text = show.table(
        frame, formats={"score": "ratio", "own": lambda value: f"约{value:.0f}"}, units={"own": "人"}
    ).text
    assert cells(text) == [["甲", "50.0%", "约1234"]]
    assert heads(text)[2] == "own（人）"


def test_a_format_can_be_that_of_a_documented_column() -> None:
    wide = pd.DataFrame({"name": ["甲街道"], 2023: [0.9487], 2024: [1.0]})
    assert show.table(wide, formats=dict.fromkeys([2023, 2024], "execution_rate")).plain.split() == (
        ["街道", "2023", "2024", "甲街道", "94.9%", "100.0%"]
    )
    assert "2023（分）" in show.table(wide, formats={2023: "score"}).plain


@pytest.mark.parametrize("named", ["titles", "units", "formats"])
def test_what_is_said_of_a_column_that_is_not_there_is_refused(named: str) -> None:
    with pytest.raises(ParameterError, match="表里没有“nmae”这一列，是否指“name”？"):
        show.table(pd.DataFrame({"name": ["甲街道"]}), **{named: {"nmae": "points"}})


def test_a_format_that_is_none_is_named_with_the_nearest() -> None:
    with pytest.raises(ParameterError, match="没有“ponts”这种写法，是否指“points”？"):
        show.table(pd.DataFrame({"score": [1.0]}), formats={"score": "ponts"})


def test_a_heading_that_brings_its_unit_gets_no_other() -> None:
    frame = pd.DataFrame({"change": [0.5], "executed": [1.0]})
    html = show.table(frame, titles={"change": "比上年（百分点）", "executed": "执行数（含结转）"}).text
    assert ">比上年（百分点）</th>" in html
    assert ">执行数（含结转）（万元）</th>" in html


def test_a_column_of_a_known_name_may_hold_words() -> None:
    assert cells(show.table(pd.DataFrame({"name": ["甲"], "score": ["优"], "rows": [["一", "二"]]})).text) == [
        ["甲", "优", "一、二"]
    ]


def test_a_name_of_several_frames_is_the_one_its_values_are_of() -> None:
    counts, points = pd.DataFrame({"declared": [1, 2]}), pd.DataFrame({"declared": [1.5, None]})
    assert (heads(show.table(counts).text), cells(show.table(counts).text)) == (["凭申报完成"], [["1"], ["2"]])
    assert (heads(show.table(points).text), cells(show.table(points).text)) == (["自评得分（分）"], [["1.50"], ["—"]])
    missing = pd.DataFrame({"name": ["甲"], "rows": [None], "score": [float("nan")]})
    assert heads(show.table(missing).text) == ["街道", "指标数", "得分（分）"]
    own = pd.DataFrame({"name": ["甲"], "indicators": [36], "score": [98]})
    assert heads(show.table(own).text) == ["街道", "indicators", "得分（分）"]
    rows = pd.DataFrame({"name": ["甲"], "row": [1204], "met": [1204.0], "goal_no": pd.array([3], dtype="Int64")})
    assert cells(show.table(rows).text) == [["甲", "1204", "1,204", "3"]]


def test_numbers_of_a_column_have_equal_decimals() -> None:
    frame = pd.DataFrame({"name": list("甲乙丙"), "x": [1.5, 2, -1000.25], "y": [1, 2, 3], "z": [1 / 3, 0.5, None]})
    assert cells(show.table(frame).text) == [
        ["甲", "1.50", "1", "0.33"],
        ["乙", "2.00", "2", "0.50"],
        ["丙", "−1,000.25", "3", "—"],
    ]


def test_a_named_index_leads_and_a_plain_one_is_left_out() -> None:
    assert heads(show.table(ROWS.set_index("indicator")).text)[0] == "三级指标"
    assert heads(show.table(ROWS[ROWS["lost"] > 0]).text)[0] == "三级指标"
    by_both = ROWS.set_index(["status", "indicator"])
    assert heads(show.table(by_both).text)[:2] == ["结论", "三级指标"]
    assert heads(show.table(by_both, ["indicator", "lost"]).text) == ["结论", "三级指标", "失分（分）"]


def test_a_crosstab_and_columns_of_several_levels() -> None:
    table = pd.crosstab(ROWS["indicator"], ROWS["status"])
    assert heads(show.table(table).text) == ["三级指标", "完成", "未完成"]
    wide = pd.DataFrame({("2021", "得分"): [1.0], ("2021", "失分"): [2.0], ("2022", "得分"): [3.0]}, index=["甲"])
    text = show.table(wide).text
    assert '<th scope="colgroup" class="n" colspan="2">2021</th>' in text
    assert 'rowspan="2"' in text
    assert cells(text) == [["甲", "1", "2", "3"]]


def test_a_total_is_set_apart() -> None:
    text = show.table(ROWS, total={"lost": 0.97}).text
    assert cells(text)[-1] == ["合计", "", "", "0.97"]
    assert '<tbody class="sum">' in text
    assert cells(show.table(ROWS, total=pd.Series({"indicator": "两项", "lost": 1})).text)[-1][0] == "两项"


def test_bars_begin_at_zero_and_keep_their_figure() -> None:
    money = pd.DataFrame({"item": list("甲乙丙"), "executed": [50.0, 100.0, None], "budget": [100.0, 100.0, 1.0]})
    assert re.findall(r"--s:([\d.]+)", show.table(money, bars="executed").text) == ["0.500", "1.000"]
    own = show.table(money.assign(executed=[25.0, 100, None]), bars={"executed": "budget"}).text
    assert re.findall(r"--s:([\d.]+)", own) == ["0.250", "1.000"]
    assert "50.00" in show.table(money, bars="executed").text


def test_tints_grow_with_the_figures() -> None:
    counts = pd.DataFrame({"name": list("甲乙丙丁"), "missed": [0, 1, 2, 3]})
    assert re.findall(r'class="n (h\d)"', show.table(counts, tint=["missed"]).text) == ["h1", "h2", "h3"]
    assert show.table(counts, tint=True).text == show.table(counts, tint="missed").text


def test_short_words_stay_on_one_line_where_the_page_is_wide_enough() -> None:
    frame = pd.DataFrame(
        {"name": ["子虚街道", "乌有街道"], "verdict": ["无法判断", "平稳"], "why": ["年份不足" * 9, "平"]}
    )
    shown = show.table(frame).text
    assert '<th scope="row" class="nw">子虚街道</th><td class="nw">无法判断</td><td>' in shown
    longer = show.table(frame.assign(name=["示例街道办事处", "甲"]), ["name", "why"])
    assert "nw" not in longer.text
    wide = pd.DataFrame([["六个字的名称"] * 10], columns=[f"第{n}列" for n in range(10)])
    assert "nw" not in show.table(wide).text  # ten of them are wider than the page
    assert show.table(wide.iloc[:, :7]).text.count('class="nw"') == 7


def test_a_long_table_is_folded_whole() -> None:
    many = pd.DataFrame({"n": range(330)})
    text = show.table(many, caption="全部指标", fold=12).text
    assert "<summary>全部指标（330行）</summary>" in text
    assert text.count("<tr>") == 331
    assert "<details" not in show.table(many.head(12), fold=12).text
    assert "共330行" in repr(show.table(many))


def test_nothing_says_so() -> None:
    assert show.table(ROWS.iloc[:0]).text == '<p class="none">没有。</p>'
    assert "一项也没有" in show.table(None, empty="一项也没有").text


def test_text_from_data_stays_text() -> None:
    hostile = '</style><script>alert(1)</script>"&\n二'
    frame = pd.DataFrame({hostile: [hostile], "status": ["未完成<"]}, index=pd.Index([hostile], name=hostile))
    text = show.table(frame, caption=hostile, total={hostile: hostile}, tint=True, bars=None).text
    assert "<script" not in text
    assert text.count("&lt;/style&gt;") >= 4
    assert "&#34;&amp;<br>二" in text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (True, "是"),
        (np.bool_(False), "否"),
        (date(2024, 1, 5), "2024-01-05"),
        (pd.Timestamp("2024-01-05"), "2024-01-05"),
        (pd.Timestamp("2024-01-05 08:30"), "2024-01-05 08:30"),
        (pd.NaT, "—"),
        (pd.NA, "—"),
        (Decimal("1.50"), "1.5"),
        ({"乙", "甲"}, "乙、甲"),
        ([], "—"),
        ({"a": 1}, "{&#39;a&#39;: 1}"),
        (float("inf"), "∞"),
        ("", "—"),
    ],
)
def test_any_value(value: object, said: str) -> None:
    frame = pd.DataFrame({"k": ["一"], "v": pd.Series([value], dtype=object)})
    assert cells(show.table(frame).text)[0][1] == said


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(width=32),
    st.text(max_size=8),
    st.dates(),
    st.lists(st.integers(0, 9), max_size=3),
)
NAMES = st.one_of(
    st.text(max_size=4),
    st.integers(0, 9),
    st.sampled_from(["score", "rows", "status", "executed", "attainment", "year", None, 1.5, ("甲", 1)]),
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_frame_is_shown_whole(data: st.DataObject) -> None:
    rows = data.draw(st.integers(1, 4))
    held = data.draw(st.lists(st.lists(VALUES, min_size=rows, max_size=rows), min_size=1, max_size=14))
    frame = pd.DataFrame(dict(enumerate(held)))
    frame.columns = pd.Index(data.draw(st.lists(NAMES, min_size=len(held), max_size=len(held))), tupleize_cols=False)
    shown = show.table(frame, tint=data.draw(st.booleans()), fold=data.draw(st.sampled_from([None, 2])))
    body = cells(shown.text)
    assert [len(row) for row in body] == [len(held)] * rows
    assert "nan" not in shown.text.lower() or any("nan" in str(value).lower() for value in frame.to_numpy().ravel())


def test_many_columns_that_one_s_own_format_leaves_blank() -> None:
    frame = pd.DataFrame({f"数{at}": [at] for at in range(12)})
    assert cells(show.table(frame, formats=dict.fromkeys(frame, lambda _: "")).text) == [[""] * 12]


@settings(max_examples=50, deadline=None)
@given(some.arrays(np.float64, st.integers(1, 6)))
def test_a_series_of_any_numbers(values: np.ndarray) -> None:
    shown = cells(show.table(pd.Series(values, name="score")).text)
    assert len(shown) == len(values)
    assert all(row[0].strip() for row in shown)


@pytest.mark.parametrize(
    ("written", "right"),
    [
        (["37项", "18—28项", "—"], True),
        (["90.2%", "84.6%—86.0%"], True),
        (["6/6", "5/6"], True),
        (["1", "3—6"], True),
        (["37项", "5个"], False),
        (["0102", "0203"], False),
        (["95%以上", "95%"], False),
        (["—", "—"], False),
    ],
)
def test_figures_already_written_stand_at_the_right(written: list[str], right: bool) -> None:
    assert columns.shown("自己的", pd.Series(written, dtype=object)).figures is right
    assert not columns.shown("target", pd.Series(written, dtype=object)).figures
