"""Pieces of judged rows, and tables: what they hold, that they are proper HTML, and that data stays text."""

from collections.abc import Callable
from html.parser import HTMLParser

import example
import pytest

import perfeval as pe
from perfeval.model.results import Evaluation
from perfeval.model.schema import MISSED, PARTLY
from perfeval.model.verdicts import VERDICTS
from perfeval.present import show, tables, verdictsigns
from perfeval.present.page import THEME

PARTS: dict[str, Callable[[Evaluation], show.Html]] = {
    "grid": lambda result: show.grid(pe.rows(result)),
    "missed": lambda result: show.missed(pe.rows(result)),
    "derivations": lambda result: show.derivations(pe.rows(result)),
    "findings": lambda result: show.findings(pe.findings(result)),
    "sources": show.sources,
}
every_part = pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
VOID = {"br", "img", "meta"}
KNOWN = {
    "a",
    "b",
    "br",
    "caption",
    "code",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "h4",
    "i",
    "p",
    "section",
    "small",
    "span",
    "strong",
    "summary",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
}


class Page(HTMLParser):
    """Reads HTML strictly: every tag closed in order; gathers tags, attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def all(self, tag: str) -> list[dict]:
        return [attrs for found, attrs in self.tags if found == tag]


@every_part
def test_data_stays_text_whatever_it_says(part: Callable[[Evaluation], show.Html]) -> None:
    page = Page(part(example.hostile()).text)
    assert {tag for tag, _ in page.tags} <= KNOWN
    for _, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on") or name in ("src", "href")]


@every_part
def test_is_the_same_every_time_and_never_shows_nan(part: Callable[[Evaluation], show.Html]) -> None:
    for result in (example.evaluation(), example.empty()):
        shown = part(result)
        assert shown == part(result)
        assert repr(shown).strip(), "says that there is nothing"
        assert not [word for word in ("nan", "None", "<NA>") if word in shown.text]
        Page(shown.text)


@every_part
def test_tables_have_captions_and_headings_with_scope(part: Callable[[Evaluation], show.Html]) -> None:
    page = Page(part(example.evaluation()).text)
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(attrs.get("scope") in ("col", "row") for attrs in page.all("th"))


def test_line_breaks_in_cells_are_kept() -> None:
    assert tables.lines(" 甲<\n乙 ") == "甲&lt;<br>乙"
    assert tables.lines(None) == "—"


def test_the_grid_has_one_mark_for_each_indicator_and_names_it() -> None:
    page = Page(show.grid(pe.rows(example.evaluation())).text)
    told = [attrs["aria-label"] for attrs in page.all("i") if "aria-label" in attrs]
    assert told == [
        "受理便民事项：完成",
        "窗口人员培训：凭申报完成",
        "政务公开：部分完成",
        "背街小巷整治：未完成",
        "垃圾及时清运率：完成",
        "隐患整改率95%：未完成",
        "群众满意度：完成",
        "热线回访满意率：无法判定",
    ]
    for count in (
        "完成 3项",
        "部分完成 1项",
        "未完成 2项",
        "凭申报完成 1项",
        "无法判定 1项",
    ):
        assert count in page.text


def test_marks_differ_in_shape_not_only_in_colour() -> None:
    shapes = [verdictsigns.MARKS[verdict] for verdict in VERDICTS]
    assert len(set(shapes)) == 5
    assert verdictsigns.MARKS[PARTLY] != verdictsigns.MARKS[MISSED]


def test_cards_show_attainment_cause_and_measure() -> None:
    shown = show.missed(pe.rows(example.evaluation())).text
    page = Page(shown)
    assert len(page.all("section")) == 3
    assert [attrs["aria-label"] for attrs in page.all("div") if "aria-label" in attrs] == ["完成程度75%", "完成程度80%"]
    assert "实际76%，目标95%（见指标名称），失2分" in page.text
    assert page.text.count("未说明") == 4
    assert "<br>" in shown


def test_no_cards_where_all_is_met() -> None:
    rows = pe.rows(example.evaluation())
    assert repr(show.missed(rows.head(1))) == "没有未完成的指标。"


def test_derivations_derive_every_score_and_say_where_it_stands() -> None:
    page = Page(show.derivations(pe.rows(example.evaluation())).text)
    assert len(page.all("details")) == 3
    for row in example.indicators().to_dict("records"):
        assert row["indicator"] in page.text
        assert f"得分：{row['derivation']}" in page.text
        assert f"第{row['row']}行" in page.text


def test_stacked_tables_say_once_what_their_cells_are_labelled_with() -> None:
    page = Page(
        str(tables.table("标题", [tables.Column("甲"), tables.Column("乙"), tables.Column("丙'\\")], [["一", 1, 2]]))
    )
    assert page.all("table")[0]["style"] == "--l2:'乙';--l3:'丙\\'\\\\'"
    assert [attrs for attrs in page.all("td") if attrs] == []


def test_the_style_sheet_labels_every_column() -> None:
    sheet = (THEME / "report" / "narrow.css").read_text(encoding="utf-8")
    for attrs in Page(show.derivations(pe.rows(example.evaluation())).text).all("table"):
        for said in attrs["style"].split(";"):
            place = said.split(":")[0].removeprefix("--l")
            assert f".st td:nth-child({place})::before {{ content: var(--l{place}); }}" in sheet
