"""What the loader says of a row that is not on file yet is said of the cells it was read from."""

from dataclasses import replace

import pytest

from perfeval.ingest.document import Document, Place
from perfeval.ingest.origins import pointed
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem
from perfeval.model.schema import INDICATORS

FILE = "data/示例/2022/indicators.csv"
READ = Document(
    "自评表.xlsx",
    "样表",
    1.0,
    places={
        ("indicators", 0, "goal"): Place("甲", 7, 0),
        ("indicators", 0, "indicator"): Place("甲", 7, 2),
        ("indicators", 0, "actual"): Place("甲", 7, 4),
        ("indicators", 1, "indicator"): Place("甲", 9, 2),
        ("indicators", 2, "indicator"): Place("乙", 3, 1, "附表.xlsx"),
        ("indicators", 2, "actual"): Place("乙", 3, 3, "附表.xlsx"),
        ("budget", 5, "item"): Place("甲", 2, 0),
    },
)


def said(message: str = "不对", *, document: Document = READ, **more: object) -> Problem:
    [found] = pointed([replace(problem("E203", message, file=FILE), **more)], document)  # type: ignore[arg-type]
    return found


def label(name: str) -> str:
    return INDICATORS.column(name).label


@pytest.mark.parametrize(
    ("row", "column", "place"),
    [
        (2, label("actual"), ("自评表.xlsx", "甲", 7, "E")),
        (2, "actual", ("自评表.xlsx", "甲", 7, "E")),
        (2, label("goal"), ("自评表.xlsx", "甲", 7, "A")),
        (3, label("indicator"), ("自评表.xlsx", "甲", 9, "C")),
        (3, label("actual"), ("自评表.xlsx", "甲", 9, "")),  # no cell of its own: the row's
        (4, label("actual"), ("附表.xlsx", "乙", 3, "D")),
        (4, "", ("附表.xlsx", "乙", 3, "")),
        (7, label("actual"), ("自评表.xlsx", "", None, label("actual"))),  # a row of another table
        (None, label("indicator"), ("自评表.xlsx", "甲", 7, "C")),  # a whole column is marked at its first row
        (None, "", ("自评表.xlsx", "", None, "")),
    ],
)
def test_a_row_is_said_of_its_cell_else_of_its_row_else_of_the_document(
    row: int | None, column: str, place: tuple[object, ...]
) -> None:
    found = said(row=row, column=column)
    assert (found.file, found.sheet, found.row, found.column) == place


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("与第2行重复", "与第7行重复"),
        ("第2、3行相同", "第7、9行相同"),
        ("第2、4…行相同", "第7、乙!3…行相同"),  # of another sheet than the one that is marked
        ("第2、9行相同", "第2、9行相同"),  # one that was read nowhere leaves them as they are
    ],
)
def test_rows_in_a_message_are_those_of_the_document(message: str, told: str) -> None:
    assert said(message, row=2, column=label("actual")).message == told


def test_a_column_is_marked_at_the_last_row_it_names() -> None:
    assert said("第2、3行为空", row=None, column=label("indicator")).row == 9


def test_what_is_no_table_stays_and_what_the_reader_said_is_not_said_again() -> None:
    other = problem("E203", "不对", file="data/示例/2022/narrative.toml", row=2)
    assert pointed([other], READ) == [other]
    mine = problem("E203", "写法不对", file="自评表.xlsx", sheet="甲", row=7, column="E")
    again = problem("E203", "不对", file=FILE, row=2, column=label("actual"))
    assert pointed([again], replace(READ, problems=(mine,))) == []
    assert len(pointed([replace(again, row=3)], replace(READ, problems=(mine,)))) == 1
