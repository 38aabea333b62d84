"""Charts of years and of many things at once: what they draw, what they leave out, and what they say instead."""

import math
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from perfeval import plot
from perfeval.model.errors import ParameterError
from perfeval.present import fonts
from perfeval.present.axes import ChartAxes, chart_html
from perfeval.present.plot_years import course, span

RATES = pd.DataFrame({"year": [2019, 2020, 2021, 2023], "execution_rate": [0.963, 0.95, 0.947, 0.957]})


def texts(axes: Axes | None) -> list[str]:
    assert axes is not None
    return [text.get_text() for text in axes.get_figure(root=True).findobj(Text) if text.get_text()]


def drawn(axes: Axes | None) -> str:
    found = chart_html(axes)
    assert found is not None
    return found.text


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), st.floats(0.01, 0.5))
def test_an_axis_holds_its_values_spans_the_floor_and_stops_at_its_end(held: list[float], floor: float) -> None:
    start, end = span(held, floor, 1.0)
    assert start <= min(held) + 1e-9
    assert end >= max(held) - 1e-9
    assert end <= 1.0
    assert end - start >= min(floor, 1.0) - 1e-6


def test_a_trifle_does_not_fill_the_picture() -> None:
    axes = plot.lines(RATES, y="execution_rate", title="预算执行率：平稳")
    low, high = axes.get_ylim()
    assert high - low >= 0.2 - 1e-9
    assert high <= 1.0
    assert "纵轴80.0%至100.0%，不从0起" in texts(axes)
    assert isinstance(axes, ChartAxes)
    assert axes.alt == "折线图，执行率：2019年96.3%，2020年95.0%，2021年94.7%，2023年95.7%。"


def test_a_line_breaks_where_the_definition_did_and_over_what_is_missing() -> None:
    frame = pd.DataFrame(
        {
            "year": [2019, 2020, 2021, 2022, 2023],
            "value": [1, 2, 9, math.nan, 8],
            "cut": [False, False, True, False, False],
        }
    )
    assert course(frame, "year", "value", "cut").runs() == [([2019, 2020], [1, 2]), ([2021], [9]), ([2023], [8])]
    assert "竖虚线处口径变更" in "".join(texts(plot.lines(frame, breaks="cut")))


@pytest.mark.parametrize(
    "values",
    [
        (96.3, 95, 94.7, 95.3, 96, 95.7),
        (100, 80, 60, 90, 40, 99),
        (50, 60, 70, 80, 90, 100),
        (90, 90, 90, 90.1, 90, 90),
        (100, 70, 98, 60, 97, 40),
        (96, 80, 95, 80, 95, 80, 95, 80, 70, 99),
    ],
)
def test_no_line_runs_through_a_figure_and_no_figure_meets_another(values: tuple[float, ...]) -> None:
    frame = pd.DataFrame({"year": range(2019, 2019 + len(values)), "rate": [value / 100 for value in values]})
    ax = plot.lines(frame, "year", "rate")
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text().endswith("%")]
    assert len(boxes) >= 3
    (line,) = [one for one in ax.lines if one.get_linestyle() == "-"]
    path = line.get_transform().transform_path(line.get_path())
    assert [box for box in boxes if path.intersects_bbox(box, filled=False)] == []
    assert [one for one, other in pairwise(boxes) if one.overlaps(other)] == []


def test_nothing_is_drawn_of_one_value_and_nothing_beyond_the_last_year() -> None:
    assert plot.lines(RATES.head(1), y="execution_rate") is None
    assert plot.lines(RATES.iloc[:0], y="execution_rate") is None
    axes = plot.lines(RATES, y="execution_rate")
    assert max(max(line.get_xdata(), default=0) for line in axes.lines if len(line.get_xdata()) > 1) <= 2023
    assert axes.get_xlim()[1] < 2024


def test_target_median_and_groups_are_named_at_their_ends() -> None:
    frame = RATES.assign(target=0.9, middle=[0.95, 0.95, 0.96, 0.97])
    assert {"目标", "全区中位"} <= set(texts(plot.lines(frame, y="execution_rate", target="target", median="middle")))
    two = pd.concat([RATES.assign(who="全部"), RATES.assign(who="同口径组", execution_rate=0.9)])
    assert {"全部 95.7%", "同口径组 90.0%"} <= set(texts(plot.lines(two, y="execution_rate", by="who")))


def test_what_is_outside_the_window_is_an_arrow_with_its_figure() -> None:
    frame = pd.DataFrame({"year": [2021, 2022, 2023], "execution_rate": [0.4, 0.95, math.nan]})
    axes = plot.lollipop(frame, y="execution_rate", line=(0.9, "90%"))
    assert {"40.0%", "95.0%", "90%"} <= set(texts(axes))
    assert [line.get_marker() for line in axes.lines if line.get_marker() not in ("None", "", None)] == ["v", "o"]
    assert "2023年没有可算的数" in "".join(texts(axes))
    assert plot.lollipop(frame.tail(1), y="execution_rate") is None


def test_a_slope_leaves_out_who_has_one_year_and_says_so() -> None:
    frame = pd.DataFrame({"name": ["甲", "乙", "丙"], "a": [90.0, 95.0, math.nan], "score": [93.0, 92.0, 91.0]})
    axes = plot.slope(frame, "name", "a", "score", heads=("2022年", "2023年"))
    assert "93.00 甲" in texts(axes)
    assert "1个没有两年的数" in "".join(texts(axes))
    assert plot.slope(frame.tail(1), "name", "a", "score") is None


HEAT = pd.DataFrame(
    {
        "line": ["a", "a", "b", "b"],
        "title": ["甲率", "甲率（新）", "乙率", "乙率"],
        "year": [2021, 2022, 2021, 2022],
        "attainment": [1.05, 0.999, math.nan, 0.5],
        "status": ["完成", "未完成", "无法判定", "未完成"],
        "broken": [False, True, False, False],
    }
)


def test_a_map_shows_figure_and_sign_and_never_writes_less_as_all() -> None:
    axes = plot.heat(HEAT, "line", "year", "attainment", label="title", mark="status", broken="broken")
    assert {"✓105", "×99", "?", "×50", "甲率（新）", "乙率"} <= set(texts(axes))
    assert "粗竖线处口径变更" in "".join(texts(axes))
    assert "甲率（新）2022：99%，未完成（口径变更）" in axes.alt


def test_a_map_sorts_years_as_numbers_and_refuses_two_values_for_one_cell() -> None:
    wide = pd.DataFrame({"row": ["甲"] * 3, "no": [10, 2, 1], "value": [1.0, 1.0, 1.0]})
    heads = [text for text in texts(plot.heat(wide, "row", "no", "value")) if text in {"1", "2", "10"}]
    assert heads == ["1", "2", "10"]
    with pytest.raises(ParameterError, match="不止一个值"):
        plot.heat(pd.concat([wide, wide]), "row", "no", "value")
    assert plot.heat(wide.iloc[:0], "row", "no", "value") is None


@pytest.mark.parametrize(
    "draw",
    [
        lambda frame: plot.lines(frame, y="execution_rate"),
        lambda frame: plot.lines(frame.assign(middle=0.9), y="middle", target="execution_rate"),
        lambda frame: plot.lollipop(frame, y="execution_rate"),
        lambda frame: plot.multiples(frame.assign(name="甲街道"), "name", y="execution_rate"),
    ],
    ids=["lines", "target", "lollipop", "multiples"],
)
def test_a_year_that_has_several_values_is_refused_not_joined_by_a_line(draw) -> None:
    two = pd.concat([RATES, RATES.tail(1).assign(execution_rate=0.5)])
    with pytest.raises(
        ParameterError, match=r"“execution_rate”在2023年有不止一个值：请先分组（by）、选出来或汇总成一个"
    ):
        draw(two)
    assert draw(pd.concat([RATES, RATES.tail(1)])) is not None, "the same value said twice is one value"


def test_small_multiples_share_a_scale_and_say_who_is_not_drawn() -> None:
    frame = pd.concat(
        [RATES.assign(name=name, execution_rate=RATES["execution_rate"] - n / 10) for n, name in enumerate("甲乙丙")]
    )
    axes = plot.multiples(frame, "name", y="execution_rate", most=2, titles={"甲": "甲：平稳"}, title="各街道")
    inner = axes.child_axes
    assert len(inner) == 2
    assert inner[0].get_ylim() == inner[1].get_ylim()
    assert axes.get_title() == "各街道；其余1个未列"
    assert "甲：平稳" in texts(axes)
    own = plot.multiples(frame, "name", y="execution_rate", own=True)
    assert own.child_axes[0].get_ylim() != own.child_axes[2].get_ylim()
    assert plot.multiples(frame.iloc[:0], "name", y="execution_rate") is None


GOALS = pd.DataFrame(
    {
        "goal": ["治理", "环境", "文化", "养老"],
        "rate": [0.95, 0.85, 0.97, math.nan],
        "least": [0.5, 1.0, 0.4, 1.0],
        "most": [0.5, 1.0, 1.0, 1.0],
    }
)


def test_what_is_open_is_a_range_and_what_is_missing_is_counted() -> None:
    axes = plot.quadrants(GOALS, "rate", "least", "goal", low="least", high="most")
    said = "".join(texts(axes))
    assert "竖条为完成率可能的范围1个；1个缺数未画" in said
    assert all(name in said for name in ("用足、有未完成", "未用足、都完成"))
    assert "文化97.0%、40%—100%" in axes.alt
    assert "治理" in texts(axes)
    assert plot.quadrants(GOALS.tail(1), "rate", "least", "goal") is None


def test_a_corner_says_no_more_than_the_thresholds_that_are_drawn() -> None:
    said = texts(plot.quadrants(GOALS, "rate", "least", "goal", low="least", high="most", lines=(0.85, 0.9)))
    corners = ["横不到85%、纵到90%", "横到85%、纵到90%", "横不到85%、纵不到90%", "横到85%、纵不到90%"]
    assert [one for one in said if one in corners] == corners
    assert not any("都完成" in one or "用足" in one for one in said)


def test_a_range_that_is_wholly_below_the_threshold_is_missed() -> None:
    frame = pd.DataFrame({"goal": ["甲", "乙"], "rate": [0.95, 0.96], "least": [0.5, 0.5], "most": [0.8, 1.0]})
    axes = plot.quadrants(frame, "rate", "least", "goal", low="least", high="most")
    bars = [line for line in axes.lines if len(line.get_xdata()) == 2 and line.get_xdata()[0] in (0.95, 0.96)]
    assert [line.get_color() for line in bars] == [fonts.MISSED, fonts.DOUBT]


def test_a_name_crosses_no_range_and_no_threshold_that_it_can_avoid() -> None:
    frame = pd.DataFrame({"goal": ["甲乙丙丁街道", "戊己庚辛街道"], "rate": [0.85, 0.80], "least": [0.7, 0.4]})
    frame["most"] = [0.7, 0.8]
    axes = plot.quadrants(frame, "rate", "least", "goal", low="least", high="most")
    axes.figure.canvas.draw()
    named = {text.get_text(): text.get_window_extent() for text in axes.texts if "街道" in text.get_text()}
    (left, low), (_, high) = axes.transData.transform([(0.80, 0.4), (0.80, 0.8)])
    threshold = axes.transData.transform((0.9, 0))[0]
    for extent in named.values():
        assert not (extent.x0 < left < extent.x1 and extent.y0 < high and low < extent.y1)
    assert not named["甲乙丙丁街道"].x0 < threshold < named["甲乙丙丁街道"].x1


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: plot.lines(RATES, y="execution_rate", ax=ax, title="线"),
        lambda ax: plot.lollipop(RATES, y="execution_rate", ax=ax, title="线"),
        lambda ax: plot.slope(RATES, "year", "execution_rate", "execution_rate", ax=ax, title="线"),
        lambda ax: plot.heat(HEAT, "line", "year", "attainment", ax=ax, title="线"),
        lambda ax: plot.multiples(RATES.assign(name="甲"), "name", y="execution_rate", ax=ax, title="线"),
        lambda ax: plot.quadrants(GOALS, "rate", "least", "goal", ax=ax, title="线"),
    ],
)
def test_every_chart_draws_on_axes_that_are_given(draw) -> None:
    given = Figure(figsize=(6, 4)).add_subplot()
    assert draw(given) is given
    assert given.get_title() == "线"
    own = draw(None)
    assert "线" in drawn(own)
    assert 'role="img"' in drawn(own)
