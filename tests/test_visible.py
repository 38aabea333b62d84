"""What a document hides is not read, and always named."""

from perfeval.ingest.document import EMPTY, Cell, Content, Grid, Paragraph
from perfeval.ingest.visible import visible


def grid(rows: list[list[str]], **more: object) -> Grid:
    return Grid("表", tuple(tuple(Cell(text) if text else EMPTY for text in row) for row in rows), **more)  # type: ignore[arg-type]


def seen(one: Grid) -> tuple[list[list[str]], Grid, list[str]]:
    content = visible(Content("a.xlsx", "xlsx", (one,)))
    (shown,) = content.blocks
    assert isinstance(shown, Grid)
    return [[cell.text for cell in row] for row in shown.rows], shown, [str(found) for found in content.problems]


def test_a_hidden_row_is_emptied_and_named_with_what_stands_in_it() -> None:
    texts, _, told = seen(
        grid([["指标", "值"], ["旧指标", "9"], ["新指标", "8"]], hidden_rows=frozenset([1]), first_row=3)
    )
    assert texts == [["指标", "值"], ["", ""], ["新指标", "8"]]
    assert len(told) == 1
    assert "W608" in told[0]
    assert "a.xlsx［表］ 第4行" in told[0]
    assert "“旧指标”、“9”" in told[0]


def test_a_hidden_column_is_emptied_and_named_by_its_letters() -> None:
    texts, _, told = seen(grid([["指标", "旧", "新"], ["甲", "1", "2"]], hidden_columns=frozenset([1])))
    assert texts == [["指标", "", "新"], ["甲", "", "2"]]
    assert len(told) == 1
    assert "列“B”" in told[0]
    assert "B列是隐藏的" in told[0]


def test_hidden_rows_and_columns_without_content_say_nothing() -> None:
    rows = [["甲", ""], ["", ""]]
    texts, shown, told = seen(grid(rows, hidden_rows=frozenset([1, 9]), hidden_columns=frozenset([1, 7])))
    assert texts == rows
    assert told == []
    assert not shown.hidden_rows
    assert not shown.hidden_columns


def test_a_merged_cell_that_begins_under_a_hidden_row_is_still_seen() -> None:
    one = grid([["产出", "甲"], ["", "乙"], ["", "丙"]], hidden_rows=frozenset([0]), merges=((0, 0, 2, 0),))
    texts, shown, told = seen(one)
    assert texts == [["", ""], ["产出", "乙"], ["", "丙"]]
    assert shown.merges == ((1, 0, 2, 0),)
    assert len(told) == 1
    assert "甲" in told[0]
    assert "产出" not in told[0]


def test_a_merged_cell_that_is_hidden_whole_is_hidden() -> None:
    texts, _, told = seen(grid([["产出", "甲"], ["", "乙"]], hidden_columns=frozenset([0]), merges=((0, 0, 1, 0),)))
    assert texts == [["", "甲"], ["", "乙"]]
    assert len(told) == 1
    assert "产出" in told[0]


def test_what_hides_nothing_stays_the_same() -> None:
    content = Content("a.docx", "docx", (Paragraph("甲", 1), grid([["乙"]])))
    assert visible(content) == content
