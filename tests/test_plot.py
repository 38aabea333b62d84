"""Charts as notebooks draw them: from frames, on axes of their own or the caller's, shown and saved with all they say."""

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from perfeval.model.errors import ParameterError
from perfeval.present import canvas, fonts, plot, show, style
from perfeval.present.svg import svg

MONEY = pd.DataFrame(
    {
        "item": ["基本支出", "环卫<b>", "安全"],
        "executed": [80.0, 12.5, None],
        "adjusted": [100.0, 12.0, 5.0],
        "rate": [0.8, 12.5 / 12, None],
    }
)
COUNTS = pd.DataFrame({"未完成": [1, 0], "完成": [3, 2], "凭申报完成": [0, 4]}, index=["产出", "效益"])
PARTS = pd.DataFrame(
    {
        "part": ["满分", "背街小巷整治", "隐患整改率", "复算得分"],
        "kind": ["total", "loss", "loss", "total"],
        "points": [100.0, 1.5, 0.5, 98.0],
        "cumulative": [100.0, 98.5, 98.0, 98.0],
    }
)
SCORES = pd.DataFrame(
    {"name": ["甲街道", "乙街道"], "score": [90.0, 97.5], "score_low": [88.0, 97.5], "score_high": [95.0, 97.5]}
)
STAGES = pd.DataFrame(
    {
        "name": ["准备", "实施", "报告"],
        "start": ["2023-03-01", "2023-04-01", ""],
        "end": ["2023-03-20", "", "2023-06-30"],
    }
)
DRAWN = {
    "bars": lambda **more: plot.bars(MONEY, "item", "executed", of="adjusted", line=0.9, **more),
    "stacked": lambda **more: plot.stacked(COUNTS, **more),
    "waterfall": lambda **more: plot.waterfall(PARTS, **more),
    "dots": lambda **more: plot.dots(SCORES, "name", "score", "score_low", "score_high", line=(95, "自评95分"), **more),
    "timeline": lambda **more: plot.timeline(STAGES, **more),
}
every_chart = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)


def shown(axes: Axes) -> str:
    return show.piece(axes).text


@every_chart
def test_a_chart_shows_its_title_source_and_figures(draw) -> None:
    text = shown(draw(title="要点在此 <i>", source="来源：示例"))
    assert "<figcaption>要点在此 &lt;i&gt;</figcaption>" in text
    assert '<p class="source">来源：示例</p>' in text
    alt = re.search(r'aria-label="([^"]+)"', text)[1]
    assert len(alt) > 20
    assert "nan" not in text
    drawing = ET.fromstring(re.search(r"<svg.*</svg>", text, re.DOTALL)[0])  # noqa: S314  # our own
    assert not any("要点" in (element.text or "") for element in drawing.iter("text")), "said once, above"


@every_chart
def test_the_title_an_analyst_gives_is_the_one_shown(draw) -> None:
    axes = draw()
    axes.set_title("我的标题", loc="left")
    assert "<figcaption>我的标题</figcaption>" in shown(axes)


@every_chart
def test_a_chart_draws_on_any_axes(draw) -> None:
    figure = Figure(figsize=(8, 5))
    given = figure.subplots()
    assert draw(ax=given, title="标题") is given
    assert given.get_title() == "标题"
    assert len(given.get_children()) > 12
    assert "<svg" in shown(given)


@every_chart
def test_the_palette_follows_the_page(draw) -> None:
    text = shown(draw())
    bare = re.sub(r"var\(--\w+(?:,#[0-9a-f]{6})?\)", "", text)
    palette = {fonts.INK, fonts.SOFT, fonts.LINE, fonts.TRACK, fonts.MET, fonts.MISSED, fonts.DOUBT, fonts.NEUTRAL}
    assert not palette & set(re.findall(r"#[0-9a-f]{6}", bare))
    assert "var(--ink)" in text
    assert not re.search(r"<text[^>]*fill:#", text)  # what has no colour of its own has that of the drawing


@every_chart
def test_the_same_chart_is_the_same_bytes(draw) -> None:
    assert shown(draw()) == shown(draw())


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
@every_chart
def test_a_chart_is_saved_with_its_title_and_source(draw, ending: str, tmp_path: Path) -> None:
    axes = draw(title="很长的标题" * 12, source="来源：示例")
    before = shown(axes)
    one, other = (plot.save(axes, tmp_path / f"{name}.{ending}", dpi=100) for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()
    assert shown(axes) == before, "saving leaves the chart as it was"
    lower = plot.save(draw(title="", source=""), tmp_path / "lower.png", dpi=100)
    if ending == "png":
        with Image.open(one) as image, Image.open(lower) as bare:
            assert image.info["dpi"][0] == pytest.approx(100, abs=1)
            assert image.height > bare.height + 60
            assert image.getpixel((0, 0))[:3] == (255, 255, 255)
    if ending == "svg":
        assert "<text" not in one.read_text(encoding="utf-8"), "outlines: the font is not where it goes"


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"不能存为“图\.gif”"):
        plot.save(DRAWN["stacked"](), tmp_path / "图.gif")


@pytest.mark.parametrize(
    ("given", "name", "told"),
    [
        (None, "图.png", "没有图可存：数据里没有可画的"),
        (MONEY, "图.png", r"只能存图，不能存数据表（DataFrame）"),
        (Figure().subplots(), "没有/图.png", "没有“.*没有”这个目录，图没有存"),
    ],
    ids=["nothing to show", "a frame", "no folder"],
)
def test_what_cannot_be_saved_is_told(given, name: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=told):
        plot.save(given, tmp_path / name)


def test_a_waterfall_of_several_years_is_refused_not_chained() -> None:
    two = pd.concat([PARTS, PARTS])
    with pytest.raises(ParameterError, match="“复算得分”之后又是“满分”：一张图只画一个街道的一年"):
        plot.waterfall(two)


def test_what_is_added_is_not_denied_by_the_alt_text() -> None:
    axes = DRAWN["bars"]()
    assert "后加" not in axes.told()
    axes.axvline(50)
    assert "图上另有后加的内容" in axes.told()


def test_points_can_be_asked_for_their_names() -> None:
    text = shown(DRAWN["bars"]())
    assert "<title>环卫&lt;b&gt;：12.50 / 12.00，104.2%</title>" in text
    axes = DRAWN["dots"]()
    points = axes.scatter([89, 90, 91], [0, 1, 2])
    plot.name_artist(points, ["甲", "乙", "丙"])
    assert [f"<title>{name}</title>" in shown(axes) for name in "甲乙丙"] == [True] * 3


# ---- what each says


def test_bars_keep_a_row_without_a_figure_and_draw_the_line_of_each_whole() -> None:
    axes = DRAWN["bars"]()
    assert "竖线：全年预算数的90.0%" in [text.get_text() for text in axes.texts]
    assert "安全— / 5.00，—" in axes.alt
    marks = [line.get_xdata()[0] for line in axes.lines if line.get_linewidth() == 1.6]
    assert marks == pytest.approx([90, 10.8, 4.5])
    assert axes.get_xlim()[0] == 0


def test_nothing_to_show_is_none() -> None:
    empty = MONEY.iloc[:0]
    assert plot.bars(empty, "item", "executed") is None
    assert plot.bars(MONEY.assign(executed=None), "item", "executed") is None
    assert plot.stacked(COUNTS.iloc[:0]) is None
    assert plot.stacked(COUNTS * 0) is None
    assert plot.waterfall(PARTS[PARTS["kind"] == "total"]) is None
    assert plot.dots(SCORES.iloc[:0], "name", "score") is None
    assert plot.timeline(STAGES.iloc[:1]) is None
    assert show.stack(None, "一句话", plot.bars(empty, "item", "executed")).text == "<p>一句话</p>"


def test_a_column_that_is_not_there_or_has_no_figures_is_named() -> None:
    with pytest.raises(ParameterError, match="没有“excuted”这一列，是否指“executed”？"):
        plot.bars(MONEY, "item", "excuted")
    with pytest.raises(ParameterError, match="“item”这一列不全是数"):
        plot.bars(MONEY, "rate", "item")


def test_dots_as_good_as_equal_are_left_to_a_sentence() -> None:
    close = pd.DataFrame({"title": list("甲乙丙"), "score": [97.60, 97.61, 97.62]})
    assert plot.dots(close, "title", "score") is None
    assert plot.nearly_equal(close, "score")
    assert plot.dots(close, "title", "score", line=99) is not None
    assert plot.dots(close, "title", "score", within=0) is not None


def test_a_trifle_does_not_fill_the_picture() -> None:
    low, high = plot.dots(SCORES.assign(score=[90.0, 91.6]), "name", "score").get_xlim()
    assert high - low >= 10
    rates = pd.DataFrame({"name": ["甲", "乙"], "rate": [0.99, 1.0]})
    low, high = plot.dots(rates, "name", "rate").get_xlim()
    assert high == pytest.approx(1, abs=0.01)
    assert high - low >= 0.05


def test_connectors_of_the_waterfall_meet_the_next_bar() -> None:
    axes = DRAWN["waterfall"]()
    bars = {round(bar.get_y(), 3): bar for bar in axes.patches if bar.get_linewidth() == 1}
    ends = [line.get_ydata() for line in axes.lines if len(set(line.get_xdata())) == 1 and len(line.get_xdata()) == 2]
    assert len(ends) == 3
    for first, last in ends[:-1]:
        assert round(last, 3) in bars
        assert first < last
    assert axes.title.get_text() == "失分2分，在背街小巷整治、隐患整改率两项"


def test_too_many_steps_stand_together_and_say_how_many() -> None:
    losses = [1 + place / 100 for place in range(40)]
    parts = pd.DataFrame(
        {
            "part": ["满分", *(f"指标{place}" for place in range(40)), "得分"],
            "kind": ["total", *["loss"] * 40, "total"],
            "points": [100, *losses, 100 - sum(losses)],
            "cumulative": [100, *(100 - pd.Series(losses).cumsum()), 100 - sum(losses)],
        }
    )
    axes = plot.waterfall(parts)
    said = [text.get_text() for text in axes.texts]
    assert "其余27项" in said
    assert sum(name.startswith("指标") for name in said) == 13


def test_parts_that_are_no_verdicts_are_stacked_too() -> None:
    axes = plot.stacked(pd.DataFrame({"甲": [1.0, 2], "乙": [3, None]}, index=[2021, 2022]), share=True, title="")
    assert "2022" in axes.alt
    assert canvas.STACKED[0] not in axes.alt


def test_a_users_own_matplotlib_draws_chinese(tmp_path: Path) -> None:
    code = """
import warnings; warnings.simplefilter("error")
import matplotlib; matplotlib.use("agg")
import matplotlib.pyplot as plt
from perfeval import plot
plt.title("完成率（−5%）"); plt.savefig("own.png")
plt.style.use("ggplot"); plot.theme(); plt.title("再一次"); plt.savefig("own.png")
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONUTF8": "1"}, check=False
    )
    assert done.returncode == 0
    assert (tmp_path / "own.png").stat().st_size > 0


def test_a_chart_leaves_the_users_settings_alone() -> None:
    with mpl.rc_context({"font.size": 33.0, "text.color": "red"}):
        shown(DRAWN["bars"]())
        assert (mpl.rcParams["font.size"], mpl.rcParams["text.color"]) == (33.0, "red")


def test_a_chart_brings_its_style_along_but_not_into_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    axes = DRAWN["stacked"]()
    assert axes._repr_mimebundle_()[0]["text/html"].startswith("<style>")
    monkeypatch.setenv(style.REPORT, "1")
    assert axes._repr_mimebundle_()[0]["text/html"].startswith("<figure")


def test_a_drawing_says_once_what_its_points_share_and_no_point_twice() -> None:
    axes = plot.multiples(
        pd.DataFrame({"name": list("甲甲甲乙乙乙"), "year": [2022, 2023, 2024] * 2, "rate": [0.9, 0.8, 0.7] * 2}),
        "name",
        y="rate",
    )
    drawn = ET.fromstring(svg(axes.figure, "c1"))  # noqa: S314  # our own
    points = list(drawn.iter("use"))
    assert len(points) == 6
    assert [point.get("style") for point in points] == [None] * 6
    assert {len(group) for group in drawn.iter("g") if group.find("use") is not None} == {3}
    ids = {one.get("id") for one in drawn.iter() if "id" in one.attrib}
    assert {point.get("href") for point in points} <= {f"#{one}" for one in ids}
    assert max(map(len, ids)) <= len("c1-ff")
    for path in drawn.iter("path"):
        numbers = path.get("d", "").strip("Mz").split()
        pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
        assert "C" in path.get("d", "") or len(pairs) < 3 or all(one != two for one, two in pairwise(pairs))
