"""Forms and reports mixed anew from their own lines, words and cells: no recogniser breaks, and the account closes."""

from collections.abc import Callable
from dataclasses import replace

import forms_example
import offices
from hypothesis import given, settings
from hypothesis import strategies as st
from test_account import FORMS, closes
from test_fuzz_grammar import CELLS, EXAMPLES, VOCABULARY, fuzzed

from perfeval.ingest.document import EMPTY, Cell, Content, Paragraph
from perfeval.ingest.importing import recognised
from perfeval.ingest.prose import recognise_prose

LINES = offices.report()
PLACES = st.tuples(st.integers(0, 60), st.integers(0, 60))
TEXTS = CELLS | st.sampled_from(
    sorted({cell.text for text in FORMS.values() for row in forms_example.grid(text).rows for cell in row})
)
Rows = list[list[Cell]]


def blank(rows: Rows, at: int, other: int) -> None:
    rows[at][other % len(rows[at])] = EMPTY


def double(rows: Rows, at: int, other: int) -> None:
    rows.insert(other % len(rows), list(rows[at]))


def swap(rows: Rows, at: int, other: int) -> None:
    rows[at], rows[other % len(rows)] = rows[other % len(rows)], rows[at]


def drop(rows: Rows, at: int, _: int) -> None:
    if len(rows) > 1:
        del rows[at]


def shift(rows: Rows, at: int, _: int) -> None:
    rows[at] = rows[at][1:] + rows[at][:1]


EDITS: list[Callable[[Rows, int, int], None]] = [blank, double, swap, drop, shift]


@settings(fuzzed, max_examples=max(25, EXAMPLES // 10))
@given(
    st.sampled_from(sorted(FORMS)),
    st.lists(st.tuples(st.sampled_from(EDITS), PLACES), max_size=5),
    st.lists(st.tuples(PLACES, TEXTS), max_size=5),
)
def test_a_form_with_its_cells_exchanged_is_read_or_refused_and_every_cell_accounted_for(
    name: str,
    edits: list[tuple[Callable[[Rows, int, int], None], tuple[int, int]]],
    texts: list[tuple[tuple[int, int], str]],
) -> None:
    whole = forms_example.grid(FORMS[name])
    rows = [list(row) for row in whole.rows]
    for edit, (at, other) in edits:
        edit(rows, at % len(rows), other)
    for (row, column), text in texts:
        line = rows[row % len(rows)]
        line[column % len(line)] = Cell(text)
    content = Content("甲.xlsx", "xlsx", (replace(whole, rows=tuple(map(tuple, rows))),))
    documents = recognised(content)
    assert documents
    assert not [one for document in documents for one in document.problems if one.code == "E727"]
    if any(document.family for document in documents):
        closes(content)


@settings(fuzzed, max_examples=max(25, EXAMPLES // 10))
@given(
    st.lists(
        st.sampled_from(LINES) | CELLS | st.lists(st.sampled_from(VOCABULARY), max_size=9).map("".join), max_size=30
    ),
    PLACES,
)
def test_a_report_with_its_lines_mixed_is_read_or_refused(lines: list[str], cut: tuple[int, int]) -> None:
    begin, size = cut
    mixed = [*LINES[:begin], *lines, *LINES[begin + size :]]
    paragraphs = tuple(Paragraph(line, number) for number, line in enumerate(mixed, start=1))
    for document in recognise_prose(Content("报告.txt", "txt", paragraphs)):
        known = set(document.indicators["target"]) - {""}
        joined = "".join("".join(mixed).split())
        assert all("".join(str(target).split()) in joined for target in known), "nothing is made up"
