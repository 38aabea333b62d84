"""The account of cells: whatever stands on a form is used, named by a problem, or listed as left; and its place is known."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import docx
import forms_example as forms
import openpyxl
import pytest
from forms_example import content, grid
from hypothesis import given, settings
from hypothesis import strategies as st
from test_form_traps import COLUMNS, HEAD, MONEY

from perfeval.cli.importing import account_line, problem_lines
from perfeval.ingest import template
from perfeval.ingest.containers import parse_content
from perfeval.ingest.document import FORMULA, UNCOMPUTED, WRONG, Cell, Content, Document, Grid, Paragraph, Place
from perfeval.ingest.example import EXAMPLE_BUDGET, EXAMPLE_INDICATORS, EXAMPLE_UNIT
from perfeval.ingest.forms import OWN_SHEETS, readings, recognise
from perfeval.ingest.forms.closing import tally
from perfeval.ingest.forms.layout import sheet_of
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

FORMS = {name: text for name in dir(forms) if name.isupper() and isinstance(text := getattr(forms, name), str)}
ROW = "产出指标 | 数量指标 | 植树 | ≥5棵 | 6棵 | 90 | 90 | \n"
PLAIN = HEAD + MONEY + " | 年度资金总额 | 30 | 30 | 27 | 10 | 90% | 9\n" + COLUMNS + ROW


def put(sheet: Grid, row: int, column: int, cell: Cell | str) -> Grid:
    """The sheet with another cell; row and column from 0."""
    rows = [list(line) for line in sheet.rows]
    rows[row][column] = Cell(cell) if isinstance(cell, str) else cell
    return replace(sheet, rows=tuple(map(tuple, rows)))


def one(sheet: Grid) -> Document:
    documents = recognise(content(sheet))
    assert len(documents) == 1
    return documents[0]


def problems(document: Document, code: str) -> list[tuple[int | None, str]]:
    """Row and column of each problem of a kind."""
    return [(found.row, found.column) for found in document.problems if found.code == code]


def written(contents: Content) -> list[tuple[str, int, int, str]]:
    """Every cell and paragraph that has text: sheet, row, column, text; but none that repeats what it is merged with."""
    found = []
    for block in contents.blocks:
        if isinstance(block, Paragraph):
            found += [("", block.line, -1, block.text.strip())] if block.text.strip() else []
            continue
        owners = sheet_of("", [block]).owners
        for line, row in enumerate(block.rows):
            for at, cell in enumerate(row):
                text, (above, left) = cell.text.strip(), owners.get((line, at), (line, at))
                if text and ((above, left) == (line, at) or block.rows[above][left].text.strip() != text):
                    found.append((block.sheet, block.first_row + line, at, text))
    return found


def closes(contents: Content) -> tuple[Document, ...]:
    """The documents, once their account has been found to add up and to be of just the cells that there are."""
    documents = recognise(contents)
    cells = 0
    left = []
    for document in documents:
        account = document.account
        assert account.cells == account.used + account.named + len(account.left), document.file
        cells += account.cells
        left += [(at.sheet, at.row, at.column, text) for at, text in account.left]
    there = written(contents)
    assert cells == len(there)
    assert len(left) == len(set(left))
    assert set(left) <= set(there)
    return tuple(documents)


# ---- the account adds up ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
def test_the_account_of_every_family_adds_up(name: str):
    closes(content(FORMS[name]))


@pytest.mark.parametrize("name", FORMS)
def test_of_every_family_the_sets_are_disjoint(name: str):
    for reading in readings("表.xlsx", sheet_of("自评表", [grid(FORMS[name])])):
        tally = reading.tally()
        assert not tally.used & tally.named
        assert tally.headings <= tally.used


def test_several_forms_on_a_sheet_and_on_several_sheets_each_have_their_own_account():
    both = closes(content(forms.MOF + forms.HEBEI, grid(forms.SICHUAN, "二")))
    alone = [closes(content(text))[0] for text in (forms.MOF, forms.HEBEI, forms.SICHUAN)]
    assert [one.account.used for one in both] == [one.account.used for one in alone]


def test_targets_of_several_years_share_one_account():
    text = HEAD + "一级指标 | 三级指标 | 2023年指标值 | 2024年指标值 | 实际完成值\n产出指标 | 植树 | 5棵 | 6棵 | 5棵\n"
    first, second = closes(content(text))
    assert (first.year, second.year, second.account.cells, first.account.left) == (2023, 2024, 0, ())


def test_a_sheet_that_is_no_form_is_in_the_account_and_so_is_one_that_only_looks_like_one():
    other = grid("联系人 | 电话\n王某 | 12345", "通讯录")
    alike = grid("绩效自评填报进度\n街道 | 已报 | 未报\n甲 | 1 | 2", "进度")
    document = closes(content(grid(PLAIN), other, alike))[0]
    assert [(at.sheet, text) for at, text in document.account.left] == [
        ("通讯录", text) for text in ("联系人", "电话", "王某", "12345")
    ]
    assert document.account.named == 7
    assert problems(document, "N656") == [(1, "")]


def test_a_sheet_of_instructions_is_named_and_those_of_the_template_raise_nothing(tmp_path):
    document = closes(content(grid(PLAIN), grid("填表须知\n一、如实填写", "填写说明")))[0]
    assert (document.account.named, problems(document, "N662")) == (2, [(None, "")])
    assert (template.HELP, template.EXAMPLE) == OWN_SHEETS
    blank = template.write_template(tmp_path / "空白.xlsx", 2022)
    documents = recognise(parse_content(blank.read_bytes(), "空白.xlsx"))
    assert [found.code for document in documents for found in document.problems] == ["W659"]
    assert documents[0].account.left == ()


def test_every_cell_of_a_filled_template_is_used(tmp_path):
    kept = Document("", "", 1.0, unit=EXAMPLE_UNIT, year=2022, budget=EXAMPLE_BUDGET, indicators=EXAMPLE_INDICATORS)
    path = template.write_filled(tmp_path / "满.xlsx", kept)
    account = recognise(parse_content(path.read_bytes(), "满.xlsx"))[0].account
    assert (account.used, account.left) == (account.cells, ())
    assert account.cells > 100


def test_paragraphs_and_tables_of_a_document_add_up_and_paragraphs_of_no_use_are_left():
    text = docx.Document()
    text.add_paragraph("某街道2022年度项目支出绩效自评表")
    text.add_paragraph("今年雨水偏多，见附页。")
    rows = [[cell.text for cell in row] for row in grid(PLAIN).rows[1:]]
    table = text.add_table(len(rows), len(rows[0]))
    for number, row in enumerate(rows):
        for at, value in enumerate(row):
            table.cell(number, at).text = value
    text.add_paragraph("存在问题：苗木偏少")
    target = io.BytesIO()
    text.save(target)
    document = closes(parse_content(target.getvalue(), "表.docx"))[0]
    assert [text for _, text in document.account.left] == ["今年雨水偏多，见附页。"]
    assert "第2段“今年雨水偏多，见附页。”" in next(one.message for one in document.problems if one.code == "N661")
    assert document.places["narrative", 0, "problems"] == Place("", 3)


def test_a_table_laid_out_again_accounts_for_the_text_it_came_from():
    cells = [cell.text for row in grid(forms.MOF).rows for cell in row if cell.text]
    blocks = tuple(Paragraph(text, number) for number, text in enumerate([*cells, "附：收据三张"], start=1))
    document = recognise(replace(content(container="txt"), blocks=blocks))[0]
    account = document.account
    assert account.cells == account.used + account.named + len(account.left)
    assert (Place("", len(blocks)), "附：收据三张") in account.left
    assert {text for _, text in account.left} >= {"注：1.其他资金包括单位自有资金等。"}


def test_what_only_repeats_the_cell_it_is_merged_with_counts_once():
    repeated = put(grid(forms.MOF), 0, 3, "项目支出绩效自评表")
    assert one(repeated).account == one(grid(forms.MOF)).account
    other = put(grid(forms.MOF), 0, 3, "盖章处")
    assert (Place("自评表", 1, 3), "盖章处") in one(other).account.left


def test_the_note_quotes_the_first_and_counts_all():
    text = PLAIN + "".join(f"备注：第{number}条，见附页\n" for number in range(12))
    document = one(grid(text))
    message = next(found.message for found in document.problems if found.code == "N661")
    assert message.startswith(f"认出{document.account.cells}格，未用12格：自评表!A7“备注：第0条，见附页”、")
    assert message.endswith("等")
    assert account_line(document.account) == "认出46格，用34格，未用12格"
    assert not problems(one(grid(PLAIN)), "N661")


# ---- the account is honest -------------------------------------------------------------------------------------------


def facts(documents: list[Document]) -> str:
    """All that was recognised, without the account itself."""
    return repr(
        [
            (
                document.family, document.unit, document.title, document.year, document.narrative, document.blocks,
                document.budget.to_dict("records"), document.indicators.to_dict("records"),
                [found for found in document.problems if found.code != "N661"],
            )
            for document in documents
        ]
    )  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_cell_said_to_be_used_makes_a_difference(name: str):
    sheet = grid(FORMS[name])
    before = facts(recognise(content(sheet)))
    idle = []
    for reading in readings("表.xlsx", sheet_of("自评表", [sheet])):
        tally = reading.tally()
        for row, column in sorted(tally.used - tally.headings):
            others = (f"{sheet.rows[row][column].text}壬癸", "壬癸甲乙", "7.0301", "3013年度", "≥7.0301壬", "≤")
            if all(facts(recognise(content(put(sheet, row, column, other)))) == before for other in others):
                idle.append(sheet.place(row, column))
    assert idle == []


def empty_cells(sheet: Grid) -> list[tuple[int, int]]:
    covered = {
        (row, at)
        for top, first, bottom, last in sheet.merges
        for row in range(top, bottom + 1)
        for at in range(first, last + 1)
    }
    return [
        (row, at)
        for row, line in enumerate(sheet.rows)
        for at, cell in enumerate(line)
        if not cell.text and (row, at) not in covered
    ]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(FORMS)),
    st.integers(0, 10_000),
    st.sampled_from(["盖章处庚", "7.0301", "见附件庚", "40", "十", "3.", "96分"]),
)
def test_a_stray_text_in_any_empty_cell_is_used_named_or_left(name: str, number: int, text: str):
    sheet = grid(FORMS[name])
    places = empty_cells(sheet)
    if not places:
        return
    row, column = places[number % len(places)]
    planted = put(sheet, row, column, text)
    documents = closes(content(planted))
    at = Place("自评表", row + 1, column)
    known = any((at, text) in document.account.left for document in documents)
    tallies = [reading.tally() for reading in readings("表.xlsx", sheet_of("自评表", [planted]))]
    named = any((row, column) in tally.named for tally in tallies)
    told = facts(list(documents)) != facts(recognise(content(sheet)))
    assert known or named or told


def test_a_text_in_a_heading_row_over_nothing_is_left_and_so_is_one_beside_the_item_of_money():
    sheet = grid(PLAIN.replace("项目资金（万元） | |", "项目资金（万元） | 请盖章 |"))
    assert [text for _, text in one(sheet).account.left] == ["请盖章"]


def test_a_duty_of_words_that_the_tables_have_no_place_for_is_left_not_used():
    document = one(grid(forms.CHONGQING))
    assert [text for _, text in document.account.left] == ["财政处室", "教科文科", "播发稿件2000篇"]


# ---- what must be told of a cell, once, where it is used --------------------------------------------------------------


NONE = Cell(origin=UNCOMPUTED)


@pytest.mark.parametrize(
    ("row", "column", "where"),
    [
        (3, 2, (4, "C")),
        (3, 4, (4, "E")),
        (3, 7, (4, "H")),
        (5, 2, (6, "C")),
        (5, 4, (6, "E")),
        (5, 6, (6, "G")),
        (5, 7, (6, "H")),
        (1, 1, (2, "B")),
        (6, 6, (7, "G")),
    ],
)
def test_a_formula_without_result_is_an_error_where_its_value_is_needed(row: int, column: int, where):
    sheet = put(grid(PLAIN + "总分 | | | | | 100 | 99 | "), row, column, NONE)
    assert problems(one(sheet), "E604") == [where]
    assert one(sheet).account.cells == one(grid(PLAIN + "总分 | | | | | 100 | 99 | ")).account.cells + (
        1 if (row, column) == (5, 7) else 0
    )


def test_a_total_without_result_is_not_replaced_by_the_sum_of_the_points():
    document = one(put(grid(PLAIN + "总分 | | | | | 100 | 99 | "), 6, 6, NONE))
    assert document.narrative.declared_score is None
    below = grid(HEAD + COLUMNS.replace("得分", "其他") + ROW + "总分 | | | | | 100 | | ")
    assert one(put(below, 4, 6, NONE)).narrative.declared_score is None
    assert problems(one(put(below, 4, 6, NONE)), "E604") == [(5, "G")]


def test_a_label_whose_value_has_no_result_does_not_take_the_next_cell():
    sheet = put(grid("绩效自评表\n自评总分 | | 88 | \n" + COLUMNS + ROW), 1, 1, NONE)
    document = one(sheet)
    assert document.narrative.declared_score is None
    assert problems(document, "E604") == [(2, "B")]


@pytest.mark.parametrize("column", [0, 2, 4])
def test_a_row_of_formulas_without_result_is_told_of(column: int):
    sheet = grid(PLAIN + " | | | | | | |\n" + ROW.replace("植树", "浇水"))
    document = one(put(sheet, 6, 2, NONE) if column != 2 else put(put(sheet, 6, 2, NONE), 6, 4, NONE))
    assert problems(document, "E604") == [(7, "C")]
    assert list(document.indicators["indicator"]) == ["植树", "浇水"]


def test_a_formula_without_result_that_nobody_needs_raises_nothing_and_the_checks_go_on():
    text = PLAIN.replace("偏差原因分析及改进措施", "偏离度") + "产出指标 | 质量指标 | 成活率 | 90% | 95% | 十 | 10 | "
    sheet = grid(text)
    for row, column in ((3, 6), (5, 7), (6, 7)):
        sheet = put(sheet, row, column, NONE)
    document = one(sheet)
    assert [found.code for found in document.problems] == ["W652"]
    assert document.account.cells == document.account.used + document.account.named + len(document.account.left)
    assert [(at.row, at.column, text) for at, text in document.account.left] == [(6, 7, ""), (7, 7, "")]


def test_an_error_value_is_told_once_and_not_called_unreadable_too():
    wrong = Cell("#DIV/0!", origin=WRONG)
    document = one(put(put(grid(PLAIN), 5, 6, wrong), 3, 2, wrong))
    assert [(found.code, found.row, found.column, found.value) for found in document.problems] == [
        ("W604", 4, "C", "#DIV/0!"),
        ("W604", 6, "G", "#DIV/0!"),
    ]


def test_doubts_are_raised_once_by_whoever_uses_the_cell_and_by_nobody_else():
    doubt = (("W610", "有上标，可能是注释号"),)
    level = Cell("产出指标", doubts=doubt)
    rows = PLAIN + ROW.replace("产出指标", "^").replace("植树", "浇水") + "备注：见附页"
    sheet = put(put(grid(rows), 5, 0, level), 7, 0, Cell("备注：见附页", doubts=doubt))
    assert [(found.row, found.column, found.message) for found in one(sheet).problems if found.code == "W610"] == [
        (6, "A", doubt[0][1])
    ]


def test_a_cell_in_which_nothing_could_be_read_is_told_of_where_it_is_used():
    unread = Cell("", doubts=(("W610", "公式编辑器里的内容读不出"),))
    document = one(put(put(grid(PLAIN), 5, 4, unread), 1, 3, unread))
    assert problems(document, "W610") == [(2, "D"), (6, "E")]
    assert one(put(grid(PLAIN), 0, 4, unread)).account.left == ((Place("自评表", 1, 4), ""),)


def test_a_formula_with_its_result_is_like_a_typed_value():
    document = one(put(grid(PLAIN), 5, 6, Cell("90", Decimal(90), origin=FORMULA)))
    assert document.account == one(grid(PLAIN)).account
    assert document.problems == one(grid(PLAIN)).problems


# ---- places ----------------------------------------------------------------------------------------------------------


def test_every_value_of_the_tables_has_the_place_it_was_read_from():
    document = one(grid(forms.MOF))
    at = {key: (place.row, place.column) for key, place in document.places.items()}
    assert {place.sheet for place in document.places.values()} == {"自评表"}
    assert [at["budget", row, "executed"] for row in range(3)] == [(6, 5), (7, 5), (8, 5)]
    assert at["budget", 0, "item"] == (6, 1)
    assert [at["indicators", row, "actual"] for row in range(5)] == [(row, 5) for row in (13, 16, 17, 20, 21)]
    assert at["indicators", 1, "category"] == (13, 1)  # a merged cell
    assert at["indicators", 1, "subcategory"] == (16, 2)
    assert at["indicators", 0, "goal"] == (11, 1)
    assert at["narrative", 0, "summary"] == (11, 5)
    assert at["narrative", 0, "declared_score"] == (22, 7)


@pytest.mark.parametrize("name", FORMS)
def test_what_stands_at_its_place_is_the_value(name: str):
    sheet = grid(FORMS[name])
    for document in recognise(content(sheet)):
        for (table, row, column), place in document.places.items():
            if table == "narrative" or column in ("category", "subcategory", "target_adjusted", "operator", "unit"):
                continue
            frame = document.budget if table == "budget" else document.indicators
            if column not in frame:
                continue
            value = frame[column].iloc[row]
            text = sheet.rows[place.row - 1][place.column].text
            assert not isinstance(value, str) or value in ("", text) or value[-1:] in text or column == "target"
            assert not isinstance(value, Decimal) or any(sign.isdigit() for sign in text)


def test_a_row_of_money_that_was_not_kept_leaves_no_places_to_the_next():
    text = HEAD + MONEY + " | 其他资金 | | — | | | |\n | 年度资金总额 | 30 | | 27 | | |\n" + COLUMNS + ROW
    places = one(grid(text)).places
    assert places["budget", 0, "item"] == Place("自评表", 5, 1)
    assert {key[1] for key in places if key[0] == "budget"} == {0}


# ---- figures that used to be passed over -----------------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "wrong"), [("90%", 0), ("90", 0), ("0.9", 0), ("90.0%", 0), ("89%", 1), ("88%", 1),
                                             ("9%", 1), ("0.8", 1), ("0.7", 1), ("—", 0), ("", 0)])  # fmt: skip
def test_a_printed_rate_is_compared_with_the_amounts(rate: str, wrong: int):
    document = one(grid(PLAIN.replace("90%", rate)))
    assert len(problems(document, "W661")) == wrong


@pytest.mark.parametrize(("total", "wrong"), [("100", 0), ("90", 0), ("110", 1)])
def test_a_printed_sum_of_points_is_compared_with_the_points(total: str, wrong: int):
    document = one(grid(PLAIN + f"总分 | | | | | {total} | 99 | "))
    assert len(problems(document, "W662")) == wrong


def test_sums_of_points_of_parts_are_added_and_one_that_fits_leaves_the_others():
    rows = (
        COLUMNS + ROW.replace("90", "40") + "合计 | | | | | 40 | 40 | \n" + ROW.replace("90", "60").replace("植", "修")
    )
    parts = one(grid(HEAD + rows + "合计 | | | | | 60 | 60 | "))
    assert (problems(parts, "W662"), parts.account.left) == ([], ())
    whole = one(grid(HEAD + rows + "合计 | | | | | 100 | 100 | "))
    assert (problems(whole, "W662"), [text for _, text in whole.account.left]) == ([], ["40"])


@pytest.mark.parametrize("text", ["一百零二", "待定"])
def test_a_total_that_is_no_number_is_told(text: str):
    assert problems(one(grid(PLAIN.replace("实施单位", "自评总分").replace("园林所", text))), "W663") == [(2, "D")]
    assert problems(one(grid(PLAIN + f"总分 | | | | | 100 | {text} | ")), "W663") == [(7, "G")]


@pytest.mark.parametrize(("status", "wrong"), [("完成", 0), ("未达标", 0), ("是", 0), ("√", 0), ("100%", 0), ("超额", 0),
                                               ("—", 0), ("不知道", 1), ("待核", 1)])  # fmt: skip
def test_a_status_that_says_nothing_of_completion_is_told(status: str, wrong: int):
    text = HEAD + COLUMNS.replace("偏差原因分析及改进措施", "申报完成情况") + ROW.replace("| \n", f"| {status}\n")
    assert problems(one(grid(text)), "W664") == [(4, "H")] * wrong


@pytest.mark.parametrize(
    ("number", "kept", "wrong"), [("2", 2, 0), ("2.0", 2, 0), ("1.5", None, 1), ("第二个", None, 1)]
)
def test_a_goal_number_that_is_none_is_told(number: str, kept: int | None, wrong: int):
    text = HEAD + COLUMNS.replace("偏差原因分析及改进措施", "目标序号") + ROW.replace("| \n", f"| {number}\n")
    document = one(grid(text))
    assert problems(document, "W652") == [(4, "H")] * wrong
    assert document.indicators["goal_no"].fillna(0).tolist() == [kept or 0]


# ---- how problems are shown ------------------------------------------------------------------------------------------


def alike(count: int) -> Iterator[Problem]:
    for row in range(1, count + 1):
        yield problem("W652", "得分不是分数，已留空", file="表.xlsx", sheet="自评表", row=row, column="G", value="优")


def test_problems_that_say_the_same_are_one_line_with_every_place():
    shown = problem_lines([*alike(200), problem("E604", "公式没有计算结果", file="表.xlsx", row=9, column="F")])
    assert len(shown.split("\n")) == 5
    assert f"（表.xlsx［自评表］ {'、'.join(f'G{row}' for row in range(1, 201))}）" in shown, "the sheet is named once"
    assert "错误1处、警告200处" in shown


def test_places_of_several_files_and_of_words_are_each_told_as_their_file_counts():
    places = [("甲.xlsx", "表", 7, "C"), ("甲.xlsx", "表", 8, "C"), ("乙.docx", "表1", 7, "C"), ("丙.csv", "", 7, "")]
    found = [problem("W653", "不是金额", file=file, sheet=sheet, row=row, column=at) for file, sheet, row, at in places]
    assert "（甲.xlsx［表］ C7、C8；乙.docx［表1］ 第7行第3列；丙.csv 第7行）" in problem_lines(found)


def test_the_end_of_a_place_is_never_cut_off():
    found = problem(
        "W652", "得分不是分数，已留空", file=f"{'很长的文件夹/' * 20}表.xlsx", sheet="自评表", row=7, column="G"
    )
    assert "表.xlsx［自评表］ 第7行 列“G”" in problem_lines([found])


def test_problems_that_differ_are_never_cut_off():
    many = [problem("W653", f"第{number}个不是金额", file="表.xlsx", row=number) for number in range(1, 150)]
    assert all(f"第{number}个不是金额" in problem_lines(many) for number in range(1, 150))


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"file": "表.docx", "sheet": "表1", "row": 3, "column": "D"}, "表.docx［表1］ 第3行第4列"),
        ({"file": "表.DOCX", "sheet": "表1", "row": 3, "column": "AB"}, "表.DOCX［表1］ 第3行第28列"),
        ({"file": "表.doc", "row": 12}, "表.doc 第12段"),
        ({"file": "表.txt", "row": 12}, "表.txt 第12行"),
        ({"file": "表.xlsx", "sheet": "表1", "row": 3, "column": "D"}, "表.xlsx［表1］ 第3行 列“D”"),
    ],
)
def test_places_are_said_as_the_document_counts(facts, place: str):
    assert Problem("W652", "得分不是分数", **facts).place == place


# ---- the containers --------------------------------------------------------------------------------------------------


def workbook(rows: Callable[[], list[list[str]]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows():
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "csv", "tsv"])
@pytest.mark.parametrize("name", FORMS)
def test_the_account_adds_up_in_whatever_container(name: str, kind: str):
    rows = [[cell.text for cell in row] for row in grid(FORMS[name]).rows]
    if kind == "xlsx":
        raw = workbook(lambda: rows)
    else:
        raw = "\n".join(("," if kind == "csv" else "\t").join(row) for row in rows).encode("utf-8-sig")
    closes(parse_content(raw, f"表.{kind}"))


def test_cells_are_counted_from_left_to_right_those_that_could_not_be_read_among_them() -> None:
    line = (Cell("乙"), Cell(origin=UNCOMPUTED), Cell("甲"), Cell(), Cell(origin=UNCOMPUTED), Cell("丙"))
    counted = tally(sheet_of("表", [Grid("表", (line,))]), [0], [])
    assert [(at.column, text) for at, text in counted.left] == [(0, "乙"), (1, ""), (2, "甲"), (4, ""), (5, "丙")]
