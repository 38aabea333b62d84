"""The packaged font: found, complete enough; what it lacks is stood in for, and stops nothing."""

import io
import unicodedata
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import notebook_cells
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image, ImageChops

import perfeval as pe
from perfeval.model.bidi import straight
from perfeval.model.errors import FontError
from perfeval.present import fonts, letters, plot
from perfeval.present.fontfile import FAMILY
from perfeval.present.png import chart_png, png
from perfeval.present.svg import stood_in, svg
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
    assert png(drawing("〓庆街")) != png(drawing("庆街"))


def test_a_picture_says_which_characters_it_lacks_and_is_else_as_it_was(tmp_path: Path) -> None:
    assert stood_in(drawing("𠮷庆街🙂𠮷"), "ཨ") == "〓代替字库没有的字：U+20BB7、U+1F642、U+0F68"
    assert stood_in(drawing("𠅤㛃䶮〇·庆街")) == ""
    lacking, whole = (Image.open(io.BytesIO(png(drawing(text)))).convert("RGB") for text in ("𠮷庆街", "〓庆街"))
    assert lacking.width == whole.width
    assert lacking.height > whole.height
    apart = ImageChops.difference(lacking.crop((0, 0, *whole.size)), whole)
    assert max(most for _, most in apart.getextrema()) < 32, "the shades of edges alone, for the palette is another"
    rare, plain = (plot.bars(pd.DataFrame({"name": [name], "n": [1]}), "name", "n") for name in ("𠮷", "吉"))
    assert "U+20BB7" in "".join(saved(rare, tmp_path))
    assert "U+" not in "".join(saved(plain, tmp_path))


def saved(axes: Axes, folder: Path) -> list[str]:
    """The texts of a chart saved with its text as text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fonts, "outlined", nullcontext)
        path = plot.save(axes, folder / "chart.svg")
    root = ET.fromstring(path.read_text("utf-8"))  # noqa: S314  # our own
    return [element.text or "" for element in root.iter() if element.tag.endswith("text")]


def test_rare_characters_are_themselves_on_a_page_in_every_line() -> None:
    page = ET.fromstring(svg(drawing("𠮷庆\n街🙂"), "one"))  # noqa: S314  # our own
    assert [element.text for element in page.iter("text")] == ["𠮷庆", "街🙂"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<td>甲\u202e12</td>", "<td>甲12</td>"),
        ("<p>ئۇيغۇر تىلى：95%</p>", "<p><bdi>ئۇيغۇر تىلى</bdi>：95%</p>"),
        ('<i title="ئۇ">ئۇ</i>', '<i title="ئۇ"><bdi>ئۇ</bdi></i>'),
        ("<svg><text>ئۇ</text></svg><style>ئۇ</style>ئۇ1", "<svg><text>ئۇ</text></svg><style>ئۇ</style><bdi>ئۇ</bdi>1"),
        ("<p>葛\U000e0100城𠮷ཨ</p>", "<p>葛\U000e0100城𠮷ཨ</p>"),
    ],
)
def test_no_name_turns_round_what_stands_beside_it(given: str, expected: str) -> None:
    assert straight(given) == expected


def test_a_name_newer_than_this_python_stays_in_a_header() -> None:
    assert letters.clean("\U000323af街道\U0002ebf0\ufffe\x00") == "\U000323af街道\U0002ebf0"


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
