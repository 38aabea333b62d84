"""The packaged font: found, complete enough, and loud when it is not."""

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from perfeval.model.errors import FontError
from perfeval.present import fonts
from perfeval.present.svg import svg


def test_the_font_is_there_and_draws_what_reports_use() -> None:
    assert fonts.ensure().suffix == ".otf"
    fonts.check(["完成未部分无法判定申报", "≥≤×÷√%‰·—“”（）①⑳", "0123456789,.", "abcXYZ <>&\"'$"])


def test_a_missing_glyph_is_named_with_its_text() -> None:
    with pytest.raises(FontError, match=r"“甲✗乙”中的✗（U\+2717）"):
        fonts.check(["完成", "甲✗乙"])


def test_a_chart_with_a_missing_glyph_fails_instead_of_drawing_a_box() -> None:
    figure = Figure(figsize=(2, 1))
    figure.text(0, 0, "做到✗")
    with pytest.raises(FontError, match="✗"):
        svg(figure, "bad")


def test_matplotlibs_own_warning_is_an_error_too() -> None:
    figure = Figure(figsize=(2, 1))
    with fonts.theme():
        text = figure.text(0, 0, "✗")
    with pytest.raises(FontError), fonts.theme():
        text.get_window_extent(mpl.backends.backend_agg.FigureCanvasAgg(figure).get_renderer())


def test_an_unknown_family_is_an_error() -> None:
    with pytest.raises(FontError, match="没有这种字体"):
        fonts.require("没有这种字体")


def test_the_style_holds_only_inside_the_block() -> None:
    before = mpl.rcParams["svg.fonttype"]
    with fonts.theme():
        assert mpl.rcParams["svg.fonttype"] == "none"
        assert mpl.rcParams["font.family"] == [fonts.FAMILY]
    assert mpl.rcParams["svg.fonttype"] == before == "path"
