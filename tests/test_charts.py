"""Charts: what they say, that they are the same bytes every time, and that no name can break them or the page."""

import inspect
import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import example
import pandas as pd
import pytest

from perfeval.model.results import Evaluation
from perfeval.model.schema import Stage
from perfeval.present import charts, drawing, fonts, labels

ALL = tuple(
    draw
    for name, draw in vars(charts).items()
    if inspect.isfunction(draw) and inspect.getmodule(draw) is charts and not name.startswith("_")
    if [one.annotation for one in inspect.signature(draw).parameters.values()] == [Evaluation]
    and inspect.signature(draw).return_annotation == drawing.Chart | None
)
every_chart = pytest.mark.parametrize("draw", ALL, ids=lambda draw: draw.__name__)


def parsed(chart: drawing.Chart) -> ET.Element:
    """The figure as a browser sees it; fails where it is not well-formed."""
    return ET.fromstring(str(drawing.figure_html(chart)))  # noqa: S314  # our own output


def shown(chart: drawing.Chart) -> list[str]:
    return [element.text or "" for element in parsed(chart).iter("text")]


def test_every_chart_of_an_evaluation_is_found() -> None:
    assert {charts.execution, charts.by_goal, charts.by_category, charts.waterfall, charts.scores, charts.stages} <= {
        *ALL
    }


@every_chart
def test_a_notebook_shows_it_and_a_terminal_says_it(draw) -> None:
    chart = draw(example.evaluation())
    assert chart._repr_html_() == str(drawing.figure_html(chart))
    assert repr(chart) == f"{chart.title}\n{chart.alt}"


@every_chart
def test_is_the_same_bytes_every_time(draw) -> None:
    first, second = (str(drawing.figure_html(draw(example.evaluation()))) for _ in range(2))
    assert first == second
    assert len(first.encode()) < 12_000


@every_chart
def test_has_real_text_one_caption_and_one_text_equivalent(draw) -> None:
    figure = parsed(draw(example.evaluation()))
    caption, drawing = list(figure)
    assert caption.tag == "figcaption"
    assert drawing.get("role") == "img"
    assert re.search(r"\d", drawing.get("aria-label"))
    assert len(list(drawing.iter("text"))) >= 4
    assert not list(drawing.iter("title")), "the alt text would be read twice"
    assert "PingFang SC" in drawing.get("style")


def test_ids_of_a_page_are_unique_and_all_references_resolve() -> None:
    page = "".join(str(drawing.figure_html(draw(example.evaluation()))) for draw in ALL)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert ids
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", page)) | set(re.findall(r'href="#([^"]+)"', page)) == set(ids)
    assert "<style" not in page
    assert "http" not in page


@every_chart
def test_hostile_names_stay_text(draw) -> None:
    chart = draw(example.hostile())
    page = str(drawing.figure_html(chart))
    assert "<script" not in page
    parsed(chart)
    if draw is not charts.by_category:
        assert "alert" in page, "the name itself is shown, as text"


@every_chart
def test_nothing_on_file_gives_no_chart(draw) -> None:
    assert draw(example.empty()) is None


@every_chart
def test_texts_keep_inside_the_drawing(draw) -> None:
    for result in (example.evaluation(), example.hostile()):
        lines: dict[str, float] = {}
        for element in parsed(draw(result)).iter("text"):
            wide = labels.width(element.text) * fonts.SIZE
            assert wide <= drawing.WIDTH
            lines[element.get("y")] = lines.get(element.get("y"), 0) + wide
        assert max(lines.values()) <= drawing.WIDTH, "two texts of a line would meet"


def test_execution_labels_amounts_and_rates() -> None:
    chart = charts.execution(example.evaluation())
    assert shown(chart) == [
        "部门整体支出",
        "1,190.00 / 1,250.00 · 95.2%",
        "基本支出",
        "750.00 / 750.00 · 100%",
        "项目支出",
        "440.00 / 500.00 · 88%",
    ]
    assert chart.title == "预算执行率95.2%（执行数 / 预算数，万元）"


OTHERS = ("partly", "missed", "declared", "undecided")


def test_goals_met_in_full_share_a_line() -> None:
    base = example.completion()
    rows = base.by_goal["rows"]
    full = base.by_goal.assign(met=rows, most=rows, low=1.0, high=1.0, **dict.fromkeys(OTHERS, 0))
    mixed = replace(base, by_goal=pd.concat([base.by_goal.head(1), full.tail(2)], ignore_index=True))
    assert shown(charts.by_goal(example.evaluation(completion=mixed))) == [
        "目标1 便民服务",
        "1—2/3 · 33.3%—66.7%",
        "其余2个目标",
        "5/5 · 100%",
    ]
    chart = charts.by_goal(example.evaluation(completion=replace(base, by_goal=full)))
    assert chart.title == "3个目标全部完成（完成数/指标数）"


def test_forty_goals_with_long_names_are_cut_to_what_can_be_read() -> None:
    goals = pd.concat(
        [
            example.completion().by_goal.head(1).assign(goal_no=number, goal="转业未安置志愿兵安置经费" * 4)
            for number in range(1, 41)
        ]
    )
    chart = charts.by_goal(example.evaluation(completion=replace(example.completion(), by_goal=goals)))
    names = shown(chart)[::2]
    assert len(names) == charts.MOST - 1
    assert all(name.endswith("…") for name in names)
    assert "另有27个见表" in chart.title
    assert chart.alt.count("（33.3%—66.7%）") == 40


def test_categories_count_each_verdict_and_do_not_rest_on_colour() -> None:
    chart = charts.by_category(example.evaluation())
    assert shown(chart) == [
        "产出",
        "完成1 · 凭申报完成1 · 部分完成1 · 未完成1",
        "效益",
        "完成1 · 未完成1",
        "满意度",
        "完成1 · 无法判定1",
    ]
    fills = {str(style["facecolor"]) + str(style.get("hatch")) for style in drawing.STYLES.values()}
    assert len(fills) == 5
    assert chart.title == "未完成：产出1项、效益1项；部分完成：产出1项；凭申报完成：产出1项；无法判定：满意度1项"
    assert len({style.get("hatch", style["facecolor"]) for style in drawing.STYLES.values()}) == 5


def test_the_waterfall_adds_up_from_full_points_to_the_score() -> None:
    result = example.evaluation()
    lost = charts.losses(result)
    assert lost[0] == ("预算执行", pytest.approx(0.96))
    assert [name for name, _ in lost[1:]] == ["热线回访满意率", "政务公开", "背街小巷整治", "隐患整改率"]
    assert sum(points for _, points in lost) == pytest.approx(100 - 81.04)
    assert shown(charts.waterfall(result))[:2] == ["满分", "100.00"]
    bars = charts.waterfall(result).figure.axes[0].patches
    assert bars[0].get_x() + bars[0].get_width() == pytest.approx(100)
    assert bars[-1].get_x() == pytest.approx(81.04)
    assert all(one.get_x() == pytest.approx(two.get_x() + two.get_width()) for one, two in pairwise(bars))


def test_no_waterfall_where_nothing_was_lost() -> None:
    full = example.evaluation().scores["declared"]
    result = example.evaluation(
        indicators=example.indicators().assign(lost=0.0), scores={"declared": replace(full, total=100.0)}
    )
    assert charts.waterfall(result) is None


def test_many_losses_are_gathered_in_the_last_line() -> None:
    many = pd.concat([example.indicators().iloc[[3]]] * 40, ignore_index=True)
    lost = charts.losses(example.evaluation(indicators=many))
    assert len(lost) == charts.MOST
    assert lost[-1] == ("其余27项", pytest.approx(27 * 2.5))


def test_scores_stand_beside_the_declared_total() -> None:
    chart = charts.scores(example.evaluation())
    assert chart.title == "得分取决于规则：81.04至84.02分；竖线为申报81.0分"
    assert "湖北（本报告）" in shown(chart)
    alone = example.evaluation(declared_score=None, alternatives=example.evaluation().alternatives.head(1))
    assert charts.scores(alone).title == "得分取决于规则：84.02分"


def test_stages_that_have_no_dates_are_not_drawn() -> None:
    words = replace(example.NARRATIVE, stages=(Stage("准备", "六月", "七月"), Stage("提交", "", "2023-07-15")))
    assert charts.stages(example.evaluation(narrative=words)) is None
    assert shown(charts.stages(example.evaluation()))[:2] == ["准备", "6月5日—6月9日"]
