"""The blank form, the filled form, and their way back through the container."""

import datetime as dt
import io
import itertools
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from perfeval.ingest import template
from perfeval.ingest.containers import read_content
from perfeval.ingest.document import Document, Grid
from perfeval.ingest.forms import recognise
from perfeval.ingest.template import write_filled, write_template
from perfeval.model.folding import legible
from perfeval.model.schema import BUDGET, CATEGORIES, DIRECTIONS, INDICATORS, REVIEWED, Narrative


def grids(path: Path) -> dict[str, Grid]:
    content = read_content(path)
    assert content.problems == ()
    return {block.sheet: block for block in content.blocks if isinstance(block, Grid)}


def block(grid: Grid, title: str) -> tuple[list[str], list[dict[str, str]]]:
    """The headings under a block's title, and its rows with content as texts by heading."""
    texts = [[cell.text for cell in row] for row in grid.rows]
    at = next(number for number, row in enumerate(texts) if row[0] == title) + 1
    headings = [text for text in texts[at] if text]
    body = []
    for row in texts[at + 1 :]:
        if row[0] == template.INDICATOR_BLOCK:
            break
        if any(row):
            body.append(dict(zip(headings, row, strict=False)))
    return headings, body


def test_every_column_of_the_schema_has_its_place() -> None:
    assert set(template.BUDGET_HEADINGS) == set(BUDGET.names)
    assert set(template.INDICATOR_HEADINGS) == set(INDICATORS.names) - set(REVIEWED)
    assert len(template.WIDTHS) == len(template.INDICATOR_HEADINGS)


def test_the_blank_form(tmp_path: Path) -> None:
    path = write_template(tmp_path / "模板.xlsx", 2023)
    found = grids(path)
    assert list(found) == [template.SHEET, template.HELP, template.EXAMPLE]
    form = found[template.SHEET]
    assert form.rows[0][0].text == "部门整体支出绩效自评表"
    assert form.rows[1][0].text == template.MARK
    head = [cell.text for cell in form.rows[2]]
    assert head[:6] == ["单位名称", "", "年度", "2023", "自评总分", ""]
    headings, rows = block(form, template.BUDGET_BLOCK)
    assert headings == ["目标序号", "预算项目", "年初预算数", "全年预算数", "全年执行数", "分值", "得分", "执行率"]
    assert [row["预算项目"] for row in rows] == ["部门整体支出", "基本支出", "项目支出"]
    headings, rows = block(form, template.INDICATOR_BLOCK)
    assert headings == list(template.INDICATOR_HEADINGS.values())
    assert rows == []
    assert template.EXAMPLE_MARK in template.EXAMPLE


def test_the_example_adds_up_and_is_marked(tmp_path: Path) -> None:
    example = grids(write_template(tmp_path / "t.xlsx"))[template.EXAMPLE]
    assert template.EXAMPLE_MARK in example.rows[0][0].text
    _, budget = block(example, template.BUDGET_BLOCK)
    assert [row["执行率"] for row in budget] == ["98.00%", "100.00%", "96.80%"]
    money = [[cell.number for cell in row[2:5]] for row in example.rows[6:9]]
    assert [sum(column) for column in zip(*money[1:], strict=True)] == money[0]  # type: ignore[arg-type]
    _, rows = block(example, template.INDICATOR_BLOCK)
    assert sum(Decimal(row["分值"]) for row in rows) == 90
    points = sum(Decimal(row["得分"]) for row in rows) + 10 * Decimal("0.98")
    assert str(points.quantize(Decimal("0.1"))) == example.rows[2][5].text
    assert {row["一级指标"] for row in rows} == set(CATEGORIES)


def test_the_form_guides_the_hand(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx", 2023))
    sheet = book[template.SHEET]
    lists = {check.formula1 for check in sheet.data_validations.dataValidation if check.type == "list"}
    assert lists == {f'"{",".join(CATEGORIES)}"', f'"{",".join(DIRECTIONS)}"'}
    heading = next(row for row in range(1, 40) if sheet.cell(row, 3).value == "一级指标")
    first, last = f"C{heading + 1}", f"C{heading + template.BLANK_INDICATORS}"
    check = next(one for one in sheet.data_validations.dataValidation if one.formula1 == f'"{",".join(CATEGORIES)}"')
    assert str(check.sqref) == f"{first}:{last}"
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert sheet.cell(heading, 3).protection.locked
    assert not sheet[first].protection.locked
    assert sheet["A5"].protection.locked
    assert not sheet["C7"].protection.locked
    assert sheet["C7"].number_format == "#,##0.00"
    assert sheet[f"F{heading + 1}"].number_format == "@"
    assert sheet.freeze_panes == "A4"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == f"${heading}:${heading}"
    assert sheet["H7"].value.startswith("=IF(")


def test_equal_forms_are_equal_bytes(tmp_path: Path) -> None:
    first = write_template(tmp_path / "a.xlsx", 2023).read_bytes()
    time.sleep(2.1)  # an archive keeps even seconds
    assert write_template(tmp_path / "b.xlsx", 2023).read_bytes() == first
    assert write_template(tmp_path / "b.xlsx", 2024).read_bytes() != first
    properties = openpyxl.load_workbook(io.BytesIO(first)).properties
    assert properties.modified == properties.created == dt.datetime(2000, 1, 1)  # noqa: DTZ001


def test_a_form_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = write_template(tmp_path / "a.xlsx", 2023)
    before = path.read_bytes()
    long = Document("", "", 1.0, unit="长" * 40_000)
    with pytest.raises(ValueError, match="超过32767个字符"):
        write_filled(path, long)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.xlsx"]
    with pytest.raises(KeyError):
        write_template(tmp_path / "b.xlsx", 2023, "别的")


def test_text_never_becomes_a_formula(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://example.invalid","x")'
    rows = pd.DataFrame(
        {"category": ["产出"], "indicator": [evil], "target": ["@SUM(1)"], "actual": ["-1"], "reason": ["+1"]}
    )
    path = write_filled(tmp_path / "a.xlsx", Document("", "", 1.0, unit=evil, indicators=rows))
    sheet = openpyxl.load_workbook(path)[template.SHEET]
    formulas = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert all(place.startswith("H") for place in formulas)  # the execution rates, and nothing else
    _, (row,) = block(grids(path)[template.SHEET], template.INDICATOR_BLOCK)
    assert (row["三级指标"], row["年度指标值"], row["实际完成值"], row["偏差原因分析"]) == (evil, "@SUM(1)", "-1", "+1")


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=6).map(legible) | st.just(
    "_x000D_"
)
MONEY = st.decimals(-(10**9), 10**13, places=2, allow_nan=False) | st.none()
EXACT = st.decimals(0, 10**6, places=12, allow_nan=False) | st.none()
BUDGETS = st.lists(
    st.fixed_dictionaries({"item": WORDS.filter(bool), "opening": MONEY, "adjusted": EXACT, "executed": MONEY}),
    max_size=4,
)
ROWS = st.lists(
    st.fixed_dictionaries(
        dict.fromkeys(("goal", "indicator", "target", "actual", "unit", "reason", "narrative"), WORDS)
        | {"category": st.sampled_from(CATEGORIES), "goal_no": st.integers(1, 99) | st.none(), "weight": EXACT}
    ),
    max_size=5,
)


@given(budget=BUDGETS, rows=ROWS, unit=WORDS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_filled_in_is_read_back(tmp_path: Path, budget: list[dict], rows: list[dict], unit: str) -> None:
    money = pd.DataFrame(budget, columns=["item", "opening", "adjusted", "executed"], dtype=object)
    indicators = pd.DataFrame(rows, dtype=object)
    document = Document("", "", 1.0, unit=unit, year=2022, budget=money, indicators=indicators,
                        narrative=Narrative(declared_score=Decimal("98.0")))  # fmt: skip
    form = grids(write_filled(tmp_path / "a.xlsx", document))[template.SHEET]
    assert [cell.text for cell in form.rows[2][:6]] == ["单位名称", unit, "年度", "2022", "自评总分", "98.0"]
    first = template.BUDGET_ROW + 1
    names = list(template.BUDGET_HEADINGS)
    for number, record in enumerate(budget):
        cells = dict(zip(names, form.rows[first + number], strict=False))
        assert cells["item"].text == record["item"]
        for name in ("opening", "adjusted", "executed"):
            cell, wanted = cells[name], record[name]
            kept = cell.number if cell.number is not None else Decimal(cell.text) if cell.text else None
            assert kept == wanted
    _, found = block(form, template.INDICATOR_BLOCK)
    for record, row in zip(rows, found, strict=True):
        for name, heading in template.INDICATOR_HEADINGS.items():
            wanted = record.get(name)
            if isinstance(wanted, Decimal):
                assert Decimal(row[heading]) == wanted
            else:
                assert row[heading] == ("" if wanted is None else str(wanted))


def test_title_and_mark_reach_over_the_whole_form_and_headings_are_on_every_page(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx"))
    sheet = book[book.sheetnames[0]]
    last = get_column_letter(len(template.INDICATOR_HEADINGS))
    assert {f"A1:{last}1", f"A2:{last}2"} <= {str(one) for one in sheet.merged_cells.ranges}
    (at,) = [cell.row for cell in sheet["A"] if cell.value == template.INDICATOR_BLOCK]
    assert sheet.print_title_rows == f"${at + 1}:${at + 1}"


PRINTED = "orientation paperSize fitToWidth fitToHeight"
LOCKED = (
    "sheet formatCells formatColumns formatRows insertColumns insertRows deleteColumns deleteRows selectLockedCells"
)
RULE = "type operator formula1 formula2 allow_blank showErrorMessage errorTitle error"


def laid_out(path: Path) -> str:
    """How the sheets of a workbook look and print, and what may be done with them, without what stands in them."""
    lines = []
    for sheet in openpyxl.load_workbook(path):
        margins = [f"{getattr(sheet.page_margins, side):g}" for side in ("left", "right", "top", "bottom")]
        lines += [
            f"{sheet.title} {sheet.print_area} {sheet.print_title_rows} {sheet.freeze_panes}",
            f"宽 {' '.join(f'{name}{one.width:g}' for name, one in sheet.column_dimensions.items())}",
            f"并 {' '.join(sorted(map(str, sheet.merged_cells.ranges)))}",
            f"锁 {' '.join(name for name in LOCKED.split() if getattr(sheet.protection, name))}",
            f"页 {told(sheet.page_setup, PRINTED)} {sheet.sheet_properties.pageSetUpPr.fitToPage} {' '.join(margins)}",
            f"脚 {sheet.oddFooter.center.text}",
            *(f"填 {one.sqref} {told(one, RULE)}" for one in sheet.data_validations.dataValidation),
        ]
        rows = [
            (sheet.row_dimensions[row[0].row].height, *map(look, itertools.takewhile(lambda cell: cell.has_style, row)))
            for row in sheet.iter_rows()
        ]
        at = 1
        for (height, *cells), same in itertools.groupby(rows):
            at, first = at + len(list(same)), at
            runs = (f"{len(list(run))}×{text}" for text, run in itertools.groupby(cells))
            lines.append(f"行 {first}-{at - 1} {height} {'；'.join(runs)}".strip())
    return "\n".join(lines) + "\n"


def told(of: object, names: str) -> str:
    return " ".join(str(getattr(of, name)) for name in names.split())


def look(cell: Any) -> str:
    """What a cell looks like, and whether it is locked."""
    filled = cell.fill.fgColor.rgb if cell.fill.fill_type else ""
    words = ["粗" * cell.font.bold, filled, cell.border.left.style, cell.alignment.horizontal]
    ways = ["折行" * bool(cell.alignment.wrap_text), "锁" * cell.protection.locked]
    return " ".join([f"{cell.font.name}{cell.font.size:g}", *filter(None, (*words, *ways)), cell.number_format])


def test_the_form_looks_and_prints_as_it_was_laid_out(tmp_path: Path) -> None:
    golden = Path(__file__).parent / "golden" / "template.txt"
    assert laid_out(write_template(tmp_path / "t.xlsx", 2023)) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "height"),
    [
        ("", 20), ("a", 20), (17 * "a", 20), (18 * "a", 30), (8 * "字", 20), (9 * "字", 30), (26 * "字", 30 + 13),
        ("短\n短", 30), ("短\n" + 9 * "字", 30 + 13), (30 * "短\n" + "短", 400), (29 * "短\n" + "短", 394),
        (9 * "\u2e80", 30), (9 * "\u2e7f", 20),
    ],
)  # fmt: skip
def test_a_row_is_as_high_as_its_text_wants_and_never_higher_than_400_points(
    tmp_path: Path, text: str, height: float
) -> None:
    rows = pd.DataFrame({"indicator": [text], "category": ["产出"]})  # a column of 18 characters
    sheet = openpyxl.load_workbook(write_filled(tmp_path / "t.xlsx", Document("", "", 1.0, indicators=rows)))[
        template.SHEET
    ]
    (at,) = [cell.row for cell in sheet["A"] if cell.value == template.INDICATOR_BLOCK]
    assert (sheet.row_dimensions[at + 2].height, sheet.row_dimensions[at + 3].height) == (height, 20)
    assert sheet.print_area.endswith(f"$Q${at + 1 + 1 + template.SPARE}")


def with_sum(path: Path, total: str | None, **added: object) -> Document:
    """The template's own example, filled in, with a row added below the indicators and read again."""
    rows = [
        {"category": "产出", "indicator": "培训场次", "target": "≥12场", "actual": "13场", "weight": "50"},
        {"category": "满意度", "indicator": "居民满意度", "target": "≥90%", "actual": "93%", "weight": "40"},
    ]
    frame = pd.DataFrame([{**row, "declared_score": row["weight"]} for row in rows])
    whole = {"item": "部门整体支出", "adjusted": 10, "executed": 9.5, "weight": 10, "declared_score": 9.5}
    given = Narrative(declared_score=Decimal(total)) if total else Narrative()
    document = Document(
        "", "", 1.0, unit="甲", year=2024, budget=pd.DataFrame([whole]), indicators=frame, narrative=given
    )
    write_filled(path, document)
    book = openpyxl.load_workbook(path)
    sheet = book[template.SHEET]
    last = max(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 5).value)
    columns = list(template.INDICATOR_HEADINGS)
    for name, value in added.items():
        sheet.cell(last + 1, columns.index(name) + 1, value)
    book.save(path)
    (found,) = recognise(read_content(path))
    return found


def test_a_sum_added_below_the_indicators_is_no_indicator(tmp_path: Path) -> None:
    beside = with_sum(tmp_path / "a.xlsx", "99.5", indicator="合计", weight=90, declared_score=90)
    assert (len(beside.indicators), beside.narrative.declared_score) == (2, Decimal("99.5"))
    alone = with_sum(tmp_path / "b.xlsx", None, category="总分", weight=100, declared_score=97)
    assert (len(alone.indicators), alone.narrative.declared_score) == (2, Decimal(97))
    assert [one.code for one in alone.problems] == ["W657"]
    named = with_sum(tmp_path / "c.xlsx", "99.5", category="产出", indicator="合计", target="≥3件", actual="4件")
    assert (len(named.indicators), named.narrative.declared_score) == (3, Decimal("99.5"))
