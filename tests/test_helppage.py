"""Help pages: nothing wider than the terminal, nothing lost, columns below one another, click's ranges in words."""

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.cli.commands import PLACES, load
from perfeval.cli.helppage import HelpContext, HelpPage, ranges, width, wrapped

SIGNS = st.text(alphabet="报告（）“”，。：； ab-/1", max_size=60)


@given(text=SIGNS, columns=st.integers(min_value=20, max_value=80))
def test_wrapping_loses_nothing_and_keeps_to_the_width(text: str, columns: int) -> None:
    lines = wrapped(text, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert width(line) <= columns or " " not in line.strip()


@pytest.mark.parametrize("sign", "，。：；）”？！…")
def test_no_line_begins_with_what_closes_the_one_before(sign: str) -> None:
    for length in range(18, 24):
        assert not any(line.startswith(sign) for line in wrapped("报" * length + sign + "告" * 9, 40))


def test_the_words_stand_below_one_another() -> None:
    page = HelpPage(width=60)
    page.write_dl([("--log 文件", "输出追加到文件"), ("-y, --year 年度", "年度")])
    first, second = page.getvalue().splitlines()
    assert width(first.partition("输出")[0]) == width(second.rpartition("年度")[0])


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("分钟  [x>=0]", "分钟（不小于0）"),
        ("份数  [x<=9]", "份数（不大于9）"),
        ("端口  [1<=x<=65535]", "端口（1—65535）"),
        ("街道", "街道"),
    ],
)
def test_ranges_are_told_in_words(said: str, meant: str) -> None:
    assert ranges(said) == meant


@pytest.mark.parametrize("name", [name for name, place in PLACES.items() if place.summary])
def test_every_help_fits_eighty_columns(name: str) -> None:
    context = HelpContext(load(name), info_name=f"perfeval {name}", max_content_width=80, terminal_width=80)
    shown = load(name).get_help(context)
    assert isinstance(context.make_formatter(), HelpPage)
    assert max(map(width, shown.splitlines())) <= 80
    assert "<=" not in shown
    assert click.unstyle(shown) == shown
