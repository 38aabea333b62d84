"""A cell of the workbook is changed: every sentence that depends on it changes too, or says 按原值; nothing is an error.

No sentence is listed here. What must change is found by its words: a text that still tells a number which the change has
replaced, and does not say that it is told of what was first written, is stale.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import findings_office
import openpyxl
import pytest
from test_yearbook import ROWS, TOTALS, errors, recalculated

import perfeval as pe
from perfeval.deliver.yearbook import write_yearbook
from perfeval.deliver.yearbook.cellformats import BEFORE
from perfeval.deliver.yearbook.formulas import Cells, attainment
from perfeval.model.reading import read_pair

BUDGET, ABOUT, ALTERNATIVES = "预算", "说明", "不同规则"
OLD_TEXT = "（原文："
NAME = 4
"""Characters beyond which a text that is typed over is a name, and not a word that others use as well."""
Place = tuple[str, str]
"""Sheet and cell."""


def office() -> pe.Evaluation:
    """Own weights and scores, each number but once, and a row that counts by a level."""
    names = [row[4] for row in findings_office.ROWS]
    change = {
        name: dict(zip(("target", "actual", "weight", "declared_score"), cells, strict=True))
        for name, cells in VALUES.items()
    }
    level = {
        "indicator": "宣传氛围",
        "target": "良好",
        "actual": "部分完成",
        "category": "效益",
        "weight": "7.77",
        "declared_score": "5.31",
    }
    budget = [
        ("部门整体支出", "", "1211.11", "1253.33", "1187.77"),
        ("基本支出", "", "757.57", "751.51", "749.49"),
        ("项目支出", "", "453.54", "501.82", "438.28"),
    ]
    return findings_office.office(
        change,
        add=[level],
        drop=[name for name in names if name not in VALUES],
        budget=budget,
        declared_score=Decimal("91.37"),
    )


VALUES = {
    "受理便民事项件数": ("≥1231件", "1277件", "23.46", "22.22"),
    "服务大厅改造费用": ("≤45.67万元", "44.29万元", "17.89", "16.98"),
    "消防隐患整治率": ("≥95.5%", "90.3%", "18.93", "17.76"),
    "居民安全感满意度": ("≥85.1%", "87.15%", "20.51", "19.43"),
}
"""Target, actual, weight and score of the rows that are kept."""


def entries(book: Any) -> Iterator[tuple[Place, str]]:
    """The cells that people may change, each with the heading of its column."""
    for sheet in book:
        if not sheet.protection.sheet:
            continue
        for row in sheet.iter_rows(min_row=4):
            for cell in row:
                if not cell.protection.locked:
                    yield (sheet.title, cell.coordinate), str(sheet.cell(3, cell.column).value)


def with_cells(path: Path, target: Path, values: dict[Place, object]) -> Path:
    book = openpyxl.load_workbook(path)
    for (sheet, cell), value in values.items():
        book[sheet][cell].value = value
    book.save(target)
    return target


def shown(book: Any) -> dict[Place, object]:
    """What a reader sees, by place."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and not hidden(sheet, cell.column_letter)
    }


def hidden(sheet: Any, letter: str) -> bool:
    at = openpyxl.utils.column_index_from_string(letter)
    return any(one.hidden and one.min <= at <= one.max for one in sheet.column_dimensions.values())


def said(number: float) -> set[str]:
    """How sentences may write a number; what is too short to tell one number from another is left out."""
    ways = {f"{number:g}", f"{number:.2f}", f"{number:.4f}", f"{number:,.2f}"}
    ways |= {f"{number * 100:g}%", f"{number * 100:.1f}%", f"{number * 100:.2f}%"}
    return {way for way in ways if len(re.sub(r"[^0-9]", "", way).strip("0")) > 1 and len(way) > 2}


def stale(before: dict[Place, object], after: dict[Place, object], own: Place) -> list[tuple[Place, str, str]]:
    """Texts that tell a number which is no more, with that number."""
    gone: set[str] = set()
    for place, value in before.items():
        if isinstance(value, int | float) and value != after.get(place):
            gone |= said(float(value))
    typed_over = before.get(own)
    if isinstance(typed_over, str) and typed_over != after.get(own):
        gone |= {*re.findall(r"[0-9]+[.][0-9]+", typed_over), *([typed_over] if len(typed_over) > NAME else [])}
    found = []
    for place, text in after.items():
        if not isinstance(text, str) or text != before.get(place) or BEFORE in text or OLD_TEXT in text:
            continue
        found += [
            (place, text, one) for one in sorted(gone) if re.search(rf"(?<![\d.,]){re.escape(one)}(?![\d.,])", text)
        ]
    return found


CHANGES: dict[str, tuple[Place, object]] = {
    "opening": ((BUDGET, "D4"), 1333.21),
    "adjusted": ((BUDGET, "E4"), 1444.21),
    "executed": ((BUDGET, "F4"), 1022.21),
    "executed of a part": ((BUDGET, "F6"), 333.21),
    "target": ((ROWS, "I6"), 99.9),
    "actual": ((ROWS, "J6"), 71.3),
    "actual not met any more": ((ROWS, "J4"), 613),
    "level": ((ROWS, "M8"), "未完成"),
    "weight": ((ROWS, "P6"), 11.29),
    "declared score": ((ROWS, "T6"), 7.19),
    "execution's points": ((TOTALS, "B4"), 14.7),
    "share of a level": ((TOTALS, "H6"), 0.321),
    "lowest of a grade": ((TOTALS, "J8"), 97.1),
    "declared total": ((TOTALS, "C12"), 66.61),
}
"""One cell of every kind, and what is typed into it."""
UNLOCKED: dict[str, tuple[Place, object]] = {
    "actual as text": ((ROWS, "F6"), "97.9%"),
    "target as text": ((ROWS, "E6"), "≥88.8%"),
    "name": ((ROWS, "D6"), "火灾隐患消除率"),
    "category": ((ROWS, "B6"), "过程"),
    "direction": ((ROWS, "G6"), "反向"),
    "item": ((BUDGET, "A6"), "专项支出"),
}
"""Cells that are locked, changed all the same."""


def test_no_sentence_is_left_stale_and_nothing_is_an_error(tmp_path: Path) -> None:
    path = write_yearbook(tmp_path / "first.xlsx", office())
    book = openpyxl.load_workbook(path)
    typed = dict(entries(book))
    assert {typed[place] for place, _ in CHANGES.values()} == set(typed.values()), "every kind of yellow cell"
    files = [path]
    every = CHANGES | UNLOCKED
    files += [with_cells(path, tmp_path / f"{name}.xlsx", dict([change])) for name, change in every.items()]
    for name, value in {"text": "五十", "nothing": None}.items():
        files.append(with_cells(path, tmp_path / f"{name}.xlsx", dict.fromkeys(typed, value)))
    books = recalculated(tmp_path, files)
    assert {name: errors(found) for name, found in books.items() if errors(found)} == {}
    before = shown(books["first"])
    assert not [text for text in before.values() if BEFORE in str(text)]
    found = {name: stale(before, shown(books[name]), place) for name, (place, _) in every.items()}
    assert {name: texts for name, texts in found.items() if texts} == {}
    first = before[ABOUT, "B4"]
    assert {str(shown(books[name])[ABOUT, "B4"]) for name in every} == {f"{BEFORE}{first}"}


@pytest.mark.parametrize(("target", "met"), [("≥0%", "A1>=0"), (">0%", "A1>0"), ("0%", "A1>=0")])
def test_a_target_of_nothing_is_reached_from_nothing_on(target: str, met: str) -> None:
    reading = read_pair("税收收入增长率", target, "1%", direction="正向")
    assert f"IF(T1=0,IF({met},1,0)," in attainment(reading, Cells("T1", "A1", "S1", "L1", "O1"))
