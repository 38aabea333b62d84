"""Charts of many bodies: what stands out is marked and named, what is missing is counted, every point has its name."""

import itertools
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from perfeval import plot
from perfeval.analysis.peers import limits, zones
from perfeval.model.errors import ParameterError
from perfeval.model.peers import NO_ROWS
from perfeval.present.axes import ChartAxes, chart_html

HOSTILE = "<b>街道</b>"


def offices(*counts: tuple[str, int, int, int]) -> pd.DataFrame:
    """Offices by name, met, most and rows, with the bounds and zones that follow."""
    frame = pd.DataFrame(counts, columns=["name", "met", "most", "rows"])
    overall = frame["met"].sum() / frame["rows"].sum(), frame["most"].sum() / frame["rows"].sum()
    return frame.assign(
        completion_low=frame["met"] / frame["rows"].where(frame["rows"] > 0),
        completion_high=frame["most"] / frame["rows"].where(frame["rows"] > 0),
        zone=zones(frame["met"], frame["most"], frame["rows"], overall),
    )


def bounds(frame: pd.DataFrame) -> pd.DataFrame:
    rows = frame["rows"].sum()
    return limits(np.arange(10, 50), (frame["met"].sum() / rows, frame["most"].sum() / rows))


def shown(axes: object) -> str:
    found = chart_html(axes)
    assert found is not None
    return found.text


FAR = offices(("甲", 40, 40, 40), ("乙", 39, 39, 40), (HOSTILE, 20, 20, 40), ("丁", 38, 38, 40))
OPEN = offices(("甲", 20, 40, 40), ("乙", 21, 40, 40))


def test_the_funnel_names_who_is_outside_and_escapes_it() -> None:
    axes = plot.funnel(FAR, bounds(FAR))
    assert isinstance(axes, ChartAxes)
    assert axes.get_title() == f"{HOSTILE}、乙等三个的完成率超出控制限"
    text = shown(axes)
    assert HOSTILE not in text
    assert "&lt;b&gt;街道&lt;/b&gt;：40项，50%，低于99.8%界限" in text
    assert f"{HOSTILE}40项完成50%，低于99.8%界限" in axes.alt


def test_every_office_of_the_funnel_tells_its_name_to_a_pointer() -> None:
    names = re.findall(r"<title>([^<]*)</title>", shown(plot.funnel(FAR, bounds(FAR))))
    assert len(names) == len(FAR)
    assert sum(name.startswith(("甲：", "乙：", "丁：")) for name in names) == 3


def test_names_in_the_funnel_meet_neither_each_other_nor_the_axis() -> None:
    far = offices(
        *(("无一完成街道办事处", 0, 0, 30), ("全部完成街道办事处", 40, 40, 40), ("几乎完成街道办事处", 41, 41, 42)),
        *((f"其他{number}街道", 20, 20, 40) for number in range(4)),
    )
    axes = plot.funnel(far, bounds(far))
    axes.figure.draw_without_rendering()
    named = [text.get_window_extent() for text in axes.texts]
    assert len(named) == 3
    assert not any(one.overlaps(other) for one, other in itertools.combinations(named, 2))
    whole = axes.get_window_extent()
    assert all(whole.x0 <= one.x0 and one.x1 <= whole.x1 and whole.y0 <= one.y0 for one in named)
    assert [label.get_text() for label in axes.get_yticklabels() if "−" in label.get_text()] == []
    assert axes.yaxis.label.get_window_extent().x0 >= 0


def test_points_at_one_place_have_one_label() -> None:
    twice = offices(("甲", 40, 40, 40), ("乙", 40, 40, 40), ("丙", 20, 20, 40))
    axes = plot.funnel(twice, bounds(twice))
    assert axes is not None
    assert [text.get_text() for text in axes.texts] == ["丙", "甲等两个"]


def test_what_cannot_be_told_is_hollow_and_said() -> None:
    axes = plot.funnel(OPEN, bounds(OPEN))
    assert axes is not None
    assert axes.get_title() == "各街道的完成率都不能判定是否超出控制限（空心）"
    assert "合计51.3%—100%" in axes.alt


def test_without_indicators_there_is_no_funnel() -> None:
    assert plot.funnel(FAR.assign(zone=NO_ROWS), bounds(FAR)) is None
    assert plot.funnel(FAR, bounds(FAR).head(0)) is None


MONEY = pd.DataFrame({
    "name": ["甲", HOSTILE, "丙", "丁"],
    "execution_rate": [0.8, 0.99, 1.0, np.nan],
    "score": [95.0, 80.0, np.nan, 70.0],
})  # fmt: skip


def test_a_scatter_marks_and_names_what_is_flagged() -> None:
    axes = plot.scatter(MONEY, "execution_rate", "score", flag=MONEY["execution_rate"] < 0.9, lines=(0.9, None))
    assert isinstance(axes, ChartAxes)
    assert [text.get_text() for text in axes.texts] == ["甲"]
    assert [line.get_marker() for line in axes.get_lines() if line.get_linestyle() == "None"] == ["o", "X"]
    text = shown(axes)
    assert "甲：执行率80.0%，得分95.00" in text
    assert HOSTILE not in text


def test_a_scatter_counts_the_rows_it_cannot_draw() -> None:
    axes = plot.scatter(MONEY, "execution_rate", "score", source="示例")
    assert isinstance(axes, ChartAxes)
    assert axes.source == "示例；另有2个没有这两个数，未画"
    assert "丙" not in axes.alt
    assert plot.scatter(MONEY.tail(2), "execution_rate", "score") is None


def test_an_unknown_column_is_named_with_the_nearest() -> None:
    with pytest.raises(ParameterError, match="没有“scores”这一列，是否指“score”"):
        plot.scatter(MONEY, "execution_rate", "scores")


def test_a_flag_may_be_a_column_and_may_be_missing() -> None:
    marked = MONEY.assign(odd=[True, None, True, True])
    axes = plot.scatter(marked, "execution_rate", "score", flag="odd")
    assert axes is not None
    assert [text.get_text() for text in axes.texts] == ["甲"]


def test_both_draw_on_axes_that_are_given() -> None:
    figure, (left, right) = plt.subplots(1, 2)
    assert plot.funnel(FAR, bounds(FAR), ax=left, title="甲图") is left
    assert plot.scatter(MONEY, "execution_rate", "score", ax=right) is right
    assert left.get_title() == "甲图"
    plt.close(figure)


@pytest.mark.parametrize(("rows", "drawn", "told"), [(12, 12, ""), (13, 12, "只画首尾各6个，其余1个未列")])
def test_of_many_the_first_and_the_last_are_drawn_and_the_rest_is_said(rows: int, drawn: int, told: str) -> None:
    frame = pd.DataFrame({"name": range(rows)})
    assert len(plot.ends(frame)) == drawn
    assert plot.ends(frame)["name"].iloc[-1] == rows - 1
    assert plot.unlisted(frame) == told
