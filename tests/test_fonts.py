"""The packaged font: found, complete enough; what it lacks is stood in for, and stops nothing."""

import unicodedata
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import notebook_cells
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

import perfeval as pe
from perfeval.model.errors import FontError
from perfeval.present import fonts, plot
from perfeval.present.fontfile import FAMILY
from perfeval.present.png import chart_png, png
from perfeval.present.svg import svg
from perfeval.run import project, run_report

STRANGE = (
    "消防\u200b隐患",
    "𠮷庆街",
    "㛃水巡查",
    "整治🙂率",
    "自造\ue123字",
    "甲\x1b[31m乙",
    "葛\U000e0100城",
    "\u202e倒写",
    "\U0010fffd",
    "\x00零",
    "\ufffe",
    "✗",
    "👨‍👩‍👧家庭",
)
"""Zero-width, rare, emoji, private use, control, variant, direction, unassigned: all of them have been seen in names."""


def drawing(text: str) -> Figure:
    figure = Figure(figsize=(2, 1))
    figure.text(0, 0, text)
    return figure


def test_the_font_is_there_and_draws_what_reports_use() -> None:
    assert fonts.ensure().suffix == ".otf"
    for text in ("完成未部分无法判定申报", "≥≤×÷√%‰·—“”（）①⑳〓", "0123456789,.", "abcXYZ <>&\"'$"):
        assert fonts.lacking(text) == ""
        assert fonts.drawn(text) == fonts.told(text) == text


@pytest.mark.parametrize("text", STRANGE)
def test_a_character_that_the_font_lacks_is_drawn_as_another_and_told_as_itself(text: str) -> None:
    figure = drawing(f"街道{text}率")
    page, image = svg(figure, "one"), png(figure)
    assert (
        (page, image)
        == (svg(figure, "one"), png(figure))
        == (svg(drawing(f"街道{text}率"), "one"), png(drawing(f"街道{text}率")))
    )
    (written,) = [element.text or "" for element in ET.fromstring(page).iter("text")]  # noqa: S314  # our own
    kept = [
        mark for mark in text if unicodedata.category(mark) not in ("Cf", "Cc", "Mn") and ord(mark) & 0xFFFE != 0xFFFE
    ]
    assert [mark for mark in written if mark != "〓"] == ["街", "道", *kept, "率"]
    assert figure.texts[0].get_text() == f"街道{text}率"


def test_what_is_not_seen_takes_no_place_and_what_is_missing_takes_one() -> None:
    assert png(drawing("消防\u200b隐患")) == png(drawing("消防隐患"))
    assert png(drawing("𠮷庆街")) == png(drawing("〓庆街")) != png(drawing("庆街"))


@given(st.text(st.characters(codec="utf-8"), max_size=12))
def test_any_text_can_be_drawn_and_any_text_can_be_told(text: str) -> None:
    assert fonts.lacking(fonts.drawn(text)) == ""
    assert fonts.drawn(fonts.drawn(text)) == fonts.drawn(text)
    ET.fromstring(ET.tostring(ET.Element("text", told=fonts.told(text)), encoding="unicode"))  # noqa: S314  # our own


def named(result: pe.Evaluation, text: str) -> pe.Evaluation:
    """The same evaluation of an office, goals and indicators that have this in their names."""
    rows = result.indicators
    marked = {name: [f"{text}{cell}" for cell in rows[name]] for name in ("indicator", "goal")}
    missed = result.unmet.assign(indicator=[f"{text}{cell}" for cell in result.unmet["indicator"]])
    assert len(missed)
    return replace(result, name=f"{text}{result.name}", indicators=rows.assign(**marked))


@pytest.mark.parametrize("text", STRANGE)
def test_every_chart_of_a_report_is_drawn_with_such_names(text: str, ronghua: pe.Evaluation) -> None:
    result = named(ronghua, text)
    first, second = (notebook_cells.run("annual", result) for _ in range(2))
    drawn = [cell for cell in first.shown if "<svg" in first.html(cell)]
    assert {"scores", "execution", "verdicts", "stages"} <= {*drawn}
    assert [cell for cell in drawn if first.html(cell) != second.html(cell)] == []
    chart = plot.waterfall(first.names["parts"])
    assert chart_png(chart) == chart_png(chart)


def test_a_report_of_an_office_with_such_names_is_made_alike_twice(workplace: Path) -> None:
    folder = workplace / "data" / "ronghua" / "2022"
    table = (folder / "indicators.csv").read_text(encoding="utf-8")
    (folder / "indicators.csv").write_text(
        table.replace("消防", "消防\u200b𠮷🙂\ue123\x1b", 3), encoding="utf-8", newline=""
    )
    place = project.find(workplace)
    pages = []
    for outputs in ("first", "second"):
        report = run_report(
            "annual", subdistrict="ronghua", year=2022, where=place.with_folders(None, workplace / outputs)
        )
        assert not report.error
        pages.append((report.folder / "annual.html").read_bytes())
    assert pages[0] == pages[1]
    assert "消防𠮷🙂\ue123〓".encode() in pages[0]


def test_an_unknown_family_is_an_error() -> None:
    with pytest.raises(FontError, match="没有这种字体"):
        fonts.require("没有这种字体")


def test_the_style_holds_only_inside_the_block() -> None:
    before = mpl.rcParams["svg.fonttype"]
    with fonts.theme():
        assert mpl.rcParams["svg.fonttype"] == "none"
        assert mpl.rcParams["font.family"] == [FAMILY]
    assert mpl.rcParams["svg.fonttype"] == before == "path"
