"""Cells, headings, keys, and cells that must agree."""

import csv
import io
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.ingest.cells import read_number
from perfeval.ingest.checks import empty, parse_csv, typed
from perfeval.ingest.consistency import check_budget, check_indicators
from perfeval.model.schema import BUDGET, INDICATORS, ORIGIN, TABLES


def table(text, kind):
    """The typed frame of a CSV text and all problems of its cells."""
    frame, problems = parse_csv(text.encode(), "a.csv")
    result, more = typed(frame, kind, "a.csv")
    return result, [*problems, *more]


def codes(problems):
    return [found.code for found in problems]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5431.28", "5431.28"),
        ("5,431.28", "5431.28"),
        ("５，４３１．２８", "5431.28"),
        (" 5431.28　", "5431.28"),
        ("\u200b0.10\u00a0", "0.10"),
        ("-3", "-3"),
        ("－３", "-3"),
        ("+3", "3"),
        ("007", "7"),
        ("123,456,789,012,345.67", "123456789012345.67"),
    ],
)
def test_numbers_as_they_are_written(text, number):
    assert read_number(text, "万元") == (Decimal(number), "")


def test_the_example_of_a_number_is_one_of_its_kind():
    assert read_number("甲", "万元") == (None, "应为数（万元），如5431.28")
    assert read_number("甲", "分") == (None, "应为数（分），如9.5")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("12.5万元", "单位（万元）已在标题里"),
        ("¥12", "单位"),
        ("98%", "单位"),
        ("54,31.28", "千分位"),
        ("1,2345", "千分位"),
        ("2.03E+05", "科学计数法"),
        ("—", "占位符"),
        ("无", "占位符"),
        ("1234567890123456", "位数过多"),
        ("约12", "应为数"),
        ("5²", "应为数"),
        ("٣", "应为数"),
        ("12.", "应为数"),
        ("nan", "应为数"),
    ],
)
def test_what_is_no_number_is_said_to_be_none(text, why):
    value, message = read_number(text, "万元")
    assert value is None
    assert why in message


@settings(deadline=None)
@given(st.text(max_size=12))
def test_no_text_raises(text):
    value, why = read_number(text, "万元")
    assert (value is not None) + bool(why) <= 1


@settings(deadline=None)
@given(st.integers(-(10**14), 10**14), st.integers(0, 99))
def test_separators_and_width_change_nothing(whole, cents):
    full_width = str.maketrans("0123456789,.-", "０１２３４５６７８９，．－")
    plain, grouped = f"{whole}.{cents:02}", f"{whole:,}.{cents:02}"
    expected = (Decimal(plain), "")
    assert (
        read_number(plain, "") == read_number(grouped, "") == read_number(grouped.translate(full_width), "") == expected
    )


def test_chinese_titles_name_the_same_columns():
    english, _ = table("item,goal_no,opening,adjusted,executed\n基本支出,,1,2,3\n", BUDGET)
    chinese, problems = table("预算项目,目标序号,年初预算数,全年预算数,全年执行数\n基本支出,,1,2,3\n", BUDGET)
    assert problems == []
    pd.testing.assert_frame_equal(english, chinese)


def test_types_of_a_frame():
    frame, problems = table("item,goal_no,adjusted\n基本支出,,2033.69\n某目标经费,4.0,\n", BUDGET)
    assert problems == []
    assert list(frame.columns) == [*BUDGET.names, *ORIGIN]
    assert frame["adjusted"].tolist() == [Decimal("2033.69"), None]
    assert frame["opening"].tolist() == [None, None]
    assert frame["goal_no"].tolist() == [pd.NA, 4]
    dtypes = frame[["item", "goal_no", "opening", "adjusted", "file", "row"]].dtypes
    assert [str(kind) for kind in dtypes] == ["str", "Int64", "object", "object", "str", "int64"]
    assert frame["row"].tolist() == [2, 3]


@pytest.mark.parametrize("kind", TABLES.values(), ids=TABLES)
def test_an_empty_table_has_the_types_of_a_full_one(kind):
    given = {"choice": "产出", "date": "2026-01-01", "address": "a@example.cn"}
    row = [given.get(column.kind, "1") for column in kind.columns]
    row = [
        "" if column.choices and not column.required else cell for cell, column in zip(row, kind.columns, strict=True)
    ]
    full, problems = table(f"{','.join(kind.names)}\n{','.join(row)}\n", kind)
    assert problems == []
    pd.testing.assert_series_equal(empty(kind).dtypes, full.dtypes)


def test_every_problem_of_a_file_is_listed_in_the_order_of_its_rows():
    frame, problems = table("goal_no,category,indicator,weight\n一,产出,甲,20\n2,质量,,x\n", INDICATORS)
    assert [(found.code, found.row) for found in problems] == [("E204", 2), ("E205", 3), ("E202", 3), ("E203", 3)]
    assert frame["indicator"].tolist() == ["甲", ""]
    assert frame["weight"].tolist() == [Decimal(20), None]


def test_the_same_indicator_under_another_goal_is_no_repetition():
    rows = ["4,公共安全,产出,劝返率", "9,计生,产出,劝返率", ",甲,产出,劝返率", ",乙,产出,劝返率"]
    assert table("\n".join(["goal_no,goal,category,indicator", *rows]), INDICATORS)[1] == []


def test_a_third_repetition_names_the_first_row():
    problems = table("item,adjusted\n甲,1\n甲,2\n甲,1\n", BUDGET)[1]
    assert [(found.code, found.row, "第2行" in found.message) for found in problems] == [
        ("E206", 3, True),
        ("E207", 4, True),
    ]


def budget(*rows):
    text = "item,goal_no,opening,adjusted,executed\n" + "\n".join(rows) + "\n"
    frame, problems = table(text, BUDGET)
    assert problems == []
    return check_budget(frame, "a.csv")


@settings(deadline=None)
@given(st.integers(5, 10**9), st.integers(5, 10**9), st.integers(-5, 5))
def test_the_sum_of_the_halves_is_exact_to_the_cent(basic, project, off):
    basic, project, off = (Decimal(cents) / 100 for cents in (basic, project, off))
    found = budget(f"基本支出,,,{basic},", f"项目支出,,,{project},", f"部门整体支出,,,{basic + project + off},")
    assert ("W301" in codes(found)) == (off != 0)


def test_sums_are_checked_in_each_column_that_has_all_three():
    found = budget("基本支出,,1,1,1", "项目支出,,2,,2", "合计,,4,5,3")
    assert [(problem.code, problem.column) for problem in found] == [("W301", "opening（年初预算数）")]


def test_execution_is_held_against_the_adjusted_budget_where_there_is_one():
    assert budget("甲,,5,10,8") == []
    assert codes(budget("甲,,5,,8")) == ["W302"]


@pytest.mark.parametrize(
    ("rows", "suspected"),
    [
        (["甲,,,5431.28,54312800"], [2]),  # 10,000 times the other amount of its row, and above any sub-district
        (["甲,,,3.5,35000"], [2]),  # 10,000 times, though a possible amount
        (["甲,,,999999.99,999999.99"], []),
        (["甲,,,1000000,1000000"], [2, 2]),
        (["某经费,1,,20000,", "部门整体支出,,,15,"], [2]),  # a part 1,333 times its whole
        (["某经费,1,,900,", "部门整体支出,,,1000,"], []),
        (["甲,,,2,9999.99"], []),
        (["甲,,,2,10000"], [2]),
        (["甲,,,2,40000"], [2]),
        (["甲,,,2,40000.01"], []),
        (["某经费,1,,14999.99,", "部门整体支出,,,15,"], []),
        (["某经费,1,,15000,", "部门整体支出,,,15,"], [2]),
        (["甲,,,100,0"], []),
    ],
)
def test_yuan_under_wanyuan_is_suspected(rows, suspected):
    assert [problem.row for problem in budget(*rows) if problem.code == "W303"] == suspected


def indicators(*rows):
    frame, problems = table(
        "goal_no,goal,category,indicator,weight,declared_score\n" + "\n".join(rows) + "\n", INDICATORS
    )
    assert problems == []
    return check_indicators(frame, "a.csv")


@pytest.mark.parametrize("total", ["100", "90", "80", "80.00"])
def test_weights_that_leave_room_for_execution_are_right(total):
    assert indicators(f"1,甲,产出,一,{total},") == []


@pytest.mark.parametrize("total", ["110", "85", "79.99", "20"])
def test_other_weights_are_doubted(total):
    (problem,) = indicators(f"1,甲,产出,一,{total},")
    assert (problem.code, problem.value) == ("W312", total)


@pytest.mark.parametrize(("second", "doubted"), [("90", []), ("80", []), ("60", ["W312"])])
def test_several_projects_may_have_100_points_each(second, doubted):
    assert codes(indicators("1,甲,产出,一,90,", f"2,乙,产出,一,{second},")) == doubted


def test_a_score_may_be_the_whole_weight_and_no_more():
    assert indicators("1,甲,产出,一,80,80.0") == []
    assert codes(indicators("1,甲,产出,一,80,80.1")) == ["W314"]


def test_weights_are_not_summed_where_one_could_not_be_read():
    frame, problems = table("category,indicator,weight\n产出,一,四十\n产出,二,40\n", INDICATORS)
    assert codes(problems) == ["E203"]
    assert check_indicators(frame, "a.csv", {found.column for found in problems}) == []
    assert codes(check_indicators(frame, "a.csv")) == ["W311"]


def test_goals_have_one_name_and_one_number():
    found = indicators("1,甲,产出,一,,", "1,乙,产出,二,,", "3,乙,产出,三,,", ",丙,产出,四,,", "5,,产出,五,,")
    assert [problem.message for problem in found] == [
        "序号1对应几个名称：“甲”（第2行）、“乙”（第3行）",
        "“乙”有几个序号：“1”（第3行）、“3”（第4行）",
    ]


words = st.text("街道经费甲乙 ,\"'\n;0１x", max_size=6).map(str.strip)
values = {
    "text": words,
    "money": st.none() | st.decimals(-(10**9), 10**9, places=2),
    "points": st.none() | st.decimals(0, 100, places=1),
    "count": st.none() | st.integers(0, 999),
}


@st.composite
def valid_rows(draw, kind):
    """Rows that satisfy the schema, told apart by a number in the last required column."""
    rows = []
    last = [column.name for column in kind.columns if column.required][-1]
    for number in range(draw(st.integers(1, 4))):
        row = {}
        for column in kind.columns:
            choices = column.choices if column.required else ("", *column.choices)
            row[column.name] = draw(st.sampled_from(choices) if column.choices else values[column.kind])
        row[last] = f"{row[last]}{number}"
        rows.append(row)
    return rows


@pytest.mark.parametrize("kind", [BUDGET, INDICATORS], ids=["budget", "indicators"])
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_a_valid_table_is_read_back_as_it_was_written_in_any_order_of_columns(kind, data):
    rows = data.draw(valid_rows(kind))
    columns = data.draw(st.permutations(kind.columns))
    written = io.StringIO()
    titles = [data.draw(st.sampled_from([column.name, column.title])) for column in columns]
    records = [["" if row[column.name] is None else row[column.name] for column in columns] for row in rows]
    csv.writer(written).writerows([titles, *records])
    frame, problems = table(written.getvalue(), kind)
    assert [problem for problem in problems if problem.code[0] == "E"] == []
    back = [
        {name: None if value is pd.NA else value for name, value in record.items()}
        for record in frame[kind.names].to_dict("records")
    ]
    assert back == rows
