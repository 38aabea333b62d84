"""The workbench from Python: what is chosen, kept, taken away and sent; its page is looked at in test_workbench_page.py."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import workbench_frames as example
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from perfeval import demo
from perfeval.analysis import rulesets
from perfeval.model.errors import ParameterError, PerfevalError
from perfeval.run import request
from perfeval.workbench import filters, packing, sharing, views

ROWS, MONEY, SCORES = example.frames(4)


@pytest.fixture
def workbench(tmp_path: Path) -> pe.Workbench:
    return pe.Workbench(ROWS, SCORES, outputs=tmp_path / "outputs")


def test_truth_values_are_asked_for_as_they_are_said_and_a_value_that_no_row_has_is_named(tmp_path: Path) -> None:
    marked = ROWS.assign(synthetic=ROWS["year"].eq(2021), listed=[place % 2 == 0 for place in range(len(ROWS))])
    bench = pe.Workbench(marked, SCORES, outputs=tmp_path)
    for given_, count in (("是", 48), (["否"], 96), (True, 48), (False, 96), (["是", "否"], 144)):
        assert len(bench.filter(synthetic=given_).selected) == count
    assert marked.query(filters.query(condition("listed", "eq", "是"), marked)).equals(marked[marked["listed"]])
    for wrong, said in (
        ({"synthetic": "真"}, "列“synthetic”的值须是“是”或“否”，现为“\\['真'\\]”"),
        ({"status": "未完"}, "列“status”里没有“未完”，是否指“未完成”？"),
        ({"year": [2021, 2031]}, "列“year”里没有“2031”"),
        ({"subdistrict": "o001 "}, "列“subdistrict”里没有“o001 ”，是否指“o001”？"),
    ):
        with pytest.raises(PerfevalError, match=said):
            bench.filter(**wrong)
    with pytest.raises(PerfevalError, match="须是文字"):
        filters.checked(condition("listed", "contains", "是"), marked)
    (packed,) = [one for one in packing.pack(marked)["columns"] if one["name"] == "listed"]
    assert sorted(packed["words"]) == ["否", "是"]


def condition(column: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"filters": [{"column": column, "op": op, "value": value}]}


def meets(row: dict[str, Any], column: str, op: str, value: Any) -> bool:
    """What a condition means, said once more and slowly: the query is held against it."""
    cell = row[column]
    empty = pd.isna(cell) or cell == ""
    if op in ("empty", "filled"):
        return empty == (op == "empty")
    if op in ("contains", "lacks"):
        return (not pd.isna(cell) and value.lower() in cell.lower()) == (op == "contains")
    if pd.isna(cell):
        return False
    return {
        "in": lambda: cell in value,
        "eq": lambda: cell == value,
        "ge": lambda: cell >= value,
        "le": lambda: cell <= value,
    }[op]()


WORDS = ["name", "goal", "indicator", "reason", "status", "category", "target"]
TEXTS = st.one_of(
    st.sampled_from(["街道", "未", "O", "加快", "≥"]), st.text(alphabet="未完`@#'\"\\\n&|=~ ()a", min_size=1)
)
CONDITIONS = st.one_of(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(["contains", "lacks", "eq"]), TEXTS),
    st.tuples(st.just("status"), st.just("in"), st.lists(st.sampled_from(example.VERDICTS))),
    st.tuples(st.sampled_from(["attainment", "lost", "goal_no"]), st.sampled_from(["ge", "le", "eq"]), st.floats(0, 6, width=16)),
    st.tuples(st.just("year"), st.just("in"), st.lists(st.sampled_from([2021, 2022, 2030]))),
    st.tuples(st.sampled_from(["reason", "attainment", "weight", "evidence", "status"]), st.sampled_from(["empty", "filled"]), st.none()),
)  # fmt: skip


@given(st.lists(CONDITIONS, min_size=1, max_size=3), st.sampled_from(["", "002", "清运", "`'\"@"]))
def test_the_query_means_what_the_conditions_say(conditions: list, search: str) -> None:
    choice = {
        "filters": [dict(zip(("column", "op", "value"), each, strict=True)) for each in conditions],
        "search": search,
    }
    wanted = [
        place
        for place, row in enumerate(ROWS.to_dict("records"))
        if all(meets(row, *each) for each in conditions)
        and (not search or any(meets(row, name, "contains", search) for name in filters.SEARCHED))
    ]
    assert list(filters.select(filters.checked(choice, ROWS), ROWS).index) == wanted
    text = filters.query(choice, ROWS)
    assert list(ROWS.query(text).index) == wanted  # as an analyst pastes it, with pandas' own engine


def test_what_is_missing_is_never_a_small_number() -> None:
    lowest = filters.select(condition("attainment", "le", 99.0), ROWS)
    assert lowest["attainment"].notna().all()
    assert len(lowest) + ROWS["attainment"].isna().sum() == len(ROWS)


def test_sorted_with_the_missing_last_and_verdicts_in_their_order() -> None:
    down = filters.select({"sort": [{"column": "attainment", "down": True}]}, ROWS)["attainment"]
    known = down.dropna()
    assert known.is_monotonic_decreasing
    assert down.iloc[len(known) :].isna().all()
    assert filters.select({"sort": [{"column": "status"}]}, ROWS)["status"].cat.codes.is_monotonic_increasing


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (condition("yeer", "eq", 2021), "没有列“yeer”，是否为“year”"),
        (condition("year", "like", 2021), "不认识的条件“like”"),
        (condition("year", "ge", "2021"), "列“year”的条件“≥”须是数，现为“2021”"),
        (condition("year", "ge", float("nan")), "列“year”的条件“≥”须是数，现为“nan”"),
        (condition("name", "in", [2021]), "列“name”的值须是文字"),
        (condition("attainment", "contains", "9"), "列“attainment”的条件“包含”须是文字"),
        ({"search": 3}, "search 须是文字"),
        ({"filter": []}, "不认识的内容“filter”，是否为“filters”"),
        ([], "选择须是一组键和值"),
        ({"sort": [{"column": "x"}]}, "没有列“x”"),
    ],
)
def test_a_choice_that_does_not_fit_is_told(choice: Any, said: str) -> None:
    with pytest.raises(PerfevalError, match=re.escape(said).replace("，是否为", ".*")):
        filters.checked(choice, ROWS)


def test_what_is_chosen_is_a_plain_frame_and_a_sentence(workbench: pe.Workbench) -> None:
    assert workbench.selected.equals(ROWS)
    assert workbench.sentence == "全部"
    workbench.filter(subdistrict="o001", status=["未完成"])
    assert workbench.query == "subdistrict in ['o001'] and status in ['未完成']"
    assert workbench.selected.equals(ROWS.query(workbench.query))
    assert workbench.sentence == "街道为示例002街道；结论为未完成"
    with pytest.raises(PerfevalError, match="没有列“nam”"):
        workbench.filter(nam="甲")


def test_the_row_looked_at_is_a_frame(workbench: pe.Workbench) -> None:
    assert workbench.picked.empty
    workbench._choose({"picked": {"file": ROWS.loc[7, "file"], "row": int(ROWS.loc[7, "row"])}})
    assert list(workbench.picked.index) == [7]


def test_frames_without_what_is_needed_are_refused() -> None:
    with pytest.raises(ParameterError, match=r"rows 缺少列status：请用 pe\.rows"):
        pe.Workbench(ROWS.drop(columns="status"), SCORES)
    with pytest.raises(ParameterError, match="scores 须是"):
        pe.Workbench(ROWS, None)


def test_too_many_rows_are_refused_and_never_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MOST", len(ROWS) - 1)
    with pytest.raises(PerfevalError, match=f"有{len(ROWS)}行，工作台最多容纳"):
        packing.pack(ROWS)


def test_packed_columns_hold_every_cell() -> None:
    packed = packing.pack(ROWS)
    by_name = {column["name"]: column for column in packed["columns"]}
    assert packed["n"] == len(ROWS)
    for name in ("name", "status", "reason"):
        column = by_name[name]
        assert [column["words"][code] if code >= 0 else None for code in column["codes"]] == ROWS[name].tolist()
    assert [value for value in by_name["attainment"]["values"] if value is not None] == ROWS[
        "attainment"
    ].dropna().tolist()
    assert by_name["attainment"]["values"].count(None) == ROWS["attainment"].isna().sum() > 0
    assert by_name["goal_no"]["values"] == ROWS["goal_no"].tolist()
    assert "synthetic" not in by_name


def test_a_view_is_kept_and_opened_again(workbench: pe.Workbench, tmp_path: Path) -> None:
    workbench.filter(year=[2022], status=["未完成"])
    assert workbench.save(" 未完成的 ") == tmp_path / "outputs" / "views" / "未完成的.json"
    again = pe.Workbench(ROWS, SCORES, outputs=tmp_path / "outputs").open("未完成的")
    assert again.selected.equals(workbench.selected)
    assert views.names(tmp_path / "outputs") == ["未完成的"]
    with pytest.raises(PerfevalError, match=r"没有名为“未完成”的视图.*现有：未完成的"):
        again.open("未完成")


@pytest.mark.parametrize(
    "name", ["", "  ", "../甲", "a/b", "a\\b", "甲" * 61, ".甲", "甲.", "con", "NUL.x", 'a"b', "a\nb"]
)
def test_names_that_are_no_file_names_are_refused(workbench: pe.Workbench, name: str) -> None:
    with pytest.raises(PerfevalError, match="名称须有"):
        workbench.save(name)


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "不是有效的JSON"), ('{"filters": [{"column": "gone", "op": "eq", "value": "x"}]}', "没有列“gone”"), ("[" * 100_000, "不是有效的JSON")],
)  # fmt: skip
def test_a_view_that_cannot_be_opened_changes_nothing(
    workbench: pe.Workbench, tmp_path: Path, text: str, said: str
) -> None:
    place = tmp_path / "outputs" / "views" / "坏的.json"
    place.parent.mkdir(parents=True)
    place.write_text(text, encoding="utf-8")
    with pytest.raises(PerfevalError, match=said):
        workbench.filter(year=2022).open("坏的")
    assert workbench.sentence == "年度为2022"


HOSTILE = ROWS.head(3).assign(
    indicator=["=1+1", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>"],
    reason=["@SUM(A1)", "http://example.com", "-1"],
)


def test_a_workbook_says_of_what_it_is_a_part_and_holds_no_formula(tmp_path: Path) -> None:
    bench = pe.Workbench(HOSTILE, SCORES, outputs=tmp_path).filter(year=2021)
    bench._choose({**bench.choice, "columns": ["name", "indicator", "attainment", "lost", "reason", "weight"]})
    sheet = openpyxl.load_workbook(bench.export(tmp_path / "a.xlsx")).active
    assert sheet is not None
    lines = [row[0].value for row in sheet.iter_rows(max_row=6)]
    assert lines[0].startswith("示例数据")
    assert lines[2] == "计分规则：湖北（执行20 · 产出40 · 效益与满意度40）"
    assert lines[4:6] == ["筛选：年度为2021", "行数：3，共3"]
    table = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=8)]
    assert table[0] == ["街道", "三级指标", "完成程度", "失分", "偏差原因", "所列分值"]
    assert [row[1] for row in table[1:]] == HOSTILE["indicator"].tolist()
    assert all(cell.data_type != "f" and cell.hyperlink is None for row in sheet.iter_rows() for cell in row)
    known = HOSTILE["attainment"].astype(object).where(HOSTILE["attainment"].notna(), None)
    assert [row[2] for row in table[1:]] == known.tolist()
    assert sheet["C9"].number_format == "0.00%"


def test_csv_opens_in_excel_as_text(tmp_path: Path) -> None:
    bench = pe.Workbench(HOSTILE, SCORES, outputs=tmp_path)
    bench._choose({"columns": ["indicator", "reason", "lost"]})
    content = bench.export(tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert rows[4] == ["筛选：全部"]
    assert rows[5] == ["行数：3，共3"]
    assert rows[7] == ["三级指标", "偏差原因", "失分"]
    assert [row[:2] for row in rows[8:]] == [["'=1+1", "'@SUM(A1)"], [HOSTILE["indicator"][1], "http://example.com"], [HOSTILE["indicator"][2], "'-1"]]  # fmt: skip
    assert [float(row[2]) for row in rows[8:]] == HOSTILE["lost"].tolist()
    with pytest.raises(ParameterError, match=r"须以 \.xlsx 或 \.csv 结尾"):
        bench.export(tmp_path / "a.ods")


def payload_of(page: str) -> dict[str, Any]:
    import base64
    import gzip

    found = re.search(r'data-coding="gzip">([A-Za-z0-9+/=]+)</script>', page)
    assert found
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def test_the_file_to_send_is_one_page_that_allows_only_its_own_script(tmp_path: Path) -> None:
    bench = pe.Workbench(HOSTILE, SCORES, outputs=tmp_path)
    content = bench.share(tmp_path / "a.html").read_bytes()
    assert bench.share(tmp_path / "b.html").read_bytes() == content  # same frames, same bytes
    page = content.decode()
    assert "script-src 'sha256-" in page
    assert "default-src 'none'" in page
    assert page.count("<script") == 2
    assert "alert(1)" not in page
    assert not re.search(r'(?:src|href)="?https?:|url\(|@import', page)
    assert payload_of(page)["rows"]["n"] == 3


def test_a_file_of_what_is_chosen_tells_nothing_of_others(workbench: pe.Workbench, tmp_path: Path) -> None:
    workbench.filter(subdistrict="o002", year=2022)
    workbench._choose({**workbench.choice, "compare": ["o000", "o002"]})
    held = payload_of(workbench.share(tmp_path / "a.html", only_selected=True).read_text(encoding="utf-8"))
    assert held["rows"]["n"] == 12
    assert held["scores"]["n"] == 1
    assert "只含所选的12行：街道为示例003街道；年度为2022" in held["meta"]["header"]
    assert not {"示例001街道", "o000"} & set(re.findall(r"示例\d+街道|o\d+", json.dumps(held, ensure_ascii=False)))


def test_json_in_a_page_holds_no_markup() -> None:
    text = packing.as_json({"a": "</script><!--\u2028"})
    assert not set("<>\u2028") & set(text)
    assert json.loads(text) == {"a": "</script><!--\u2028"}


def test_the_script_never_writes_markup_and_knows_the_verdicts() -> None:
    from perfeval.model.fiction import FICTIONAL
    from perfeval.model.verdicts import EVALUATED, VERDICTS
    from perfeval.present.verdictsigns import MARKS
    from perfeval.workbench.bench import SHOWN

    script = sharing.script()
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|https?://(?!www\.w3\.org/2000/svg)",
        script,
    )
    said = {
        name: json.loads(text.replace("'", '"'))
        for name, text in re.findall(r"^const (VERDICTS|MARKS|SHOWN) = (\[.*\]);", script, re.MULTILINE)
    }
    assert said == {"VERDICTS": list(VERDICTS), "MARKS": [MARKS[one][1] for one in VERDICTS], "SHOWN": list(SHOWN)}
    assert f'EVALUATED = "{EVALUATED}"' in script
    assert f'SYNTHETIC = "{FICTIONAL}"' in script
    held = re.search(r"^const OPERATORS = \{(.*)\};", script, re.MULTILINE)
    assert held
    assert dict(re.findall(r'(\w+): "(.*?)"', held[1])) == filters.OPERATORS


def test_parameters_of_a_report_are_of_one_office(workbench: pe.Workbench, tmp_path: Path) -> None:
    with pytest.raises(PerfevalError, match="请先选定一个街道：一份报告只说一个街道，现在所选有4个"):
        workbench.parameters()
    once = workbench.filter(subdistrict="o001", year=2022).parameters()
    assert once == tmp_path / "outputs" / "parameters" / "annual-o001-2022.toml"
    assert request.read(once) == request.Request("annual", subdistrict="o001", year=2022, ruleset="hubei")
    several = request.read(workbench.filter(subdistrict="o001").parameters())
    assert (several.report, several.first_year, several.last_year) == ("trend", 2021, 2023)


def test_what_the_page_asks_for_is_done_or_refused_in_chinese(workbench: pe.Workbench, tmp_path: Path) -> None:
    workbench._done({"what": "csv"}, [])
    assert workbench._done({"what": "csv"}, []).endswith(
        "所选指标-2.csv：144行，共144行"
    )  # beside the first, not over it
    workbench._done({"what": "file", "name": "图.svg"}, [memoryview(b"<svg/>")])
    assert (tmp_path / "outputs" / "exports" / "图.svg").read_bytes() == b"<svg/>"
    for content in ({"what": "file", "name": "../图.svg"}, {"what": "save", "name": ""}, {"what": "?"}):
        with pytest.raises(PerfevalError):
            workbench._done(content, [memoryview(b"x")])
    told: list[dict[str, Any]] = []
    workbench.panel.send = told.append
    workbench._asked(None, {"what": "parameters"}, [])
    assert told == [{"text": "请先选定一个街道：一份报告只说一个街道，现在所选有4个。", "wrong": True}]


def test_what_was_written_is_named_from_the_projects_folder(
    workbench: pe.Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "perfeval.toml").write_text("", encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    one = workbench.filter(subdistrict="o001", year=2022)
    said = one._done({"what": "parameters"}, [])
    command = "perfeval run --parameters outputs/parameters/annual-o001-2022.toml"
    assert said == f"已保存。在项目目录里生成报告：{command}"
    assert (tmp_path / command.rpartition(" ")[2]).is_file(), "typed there it finds its file"
    assert one._done({"what": "csv"}, []).startswith("已写入 outputs/exports/所选指标.csv：")


def test_the_widget_and_python_hear_of_one_another(workbench: pe.Workbench) -> None:
    panel = workbench.panel
    panel.choice = condition("year", "in", [2022])
    assert workbench.query == panel.query == "year in [2022]"
    workbench.filter(year=2021)
    assert panel.choice["filters"][0]["value"] == [2021]
    assert panel.query == "year in [2021]"
    workbench.save("甲")
    assert panel.views == ["甲"]
    data, _ = workbench._repr_mimebundle_()
    assert data["text/plain"] == "<Workbench：4个街道，144行；所选：年度为2021>"
    assert "application/vnd.jupyter.widget-view+json" in data


def test_coverage_says_how_many_are_missing(tmp_path: Path) -> None:
    register = pd.DataFrame({"on_file": [True] * 12 + [False]})
    bench = pe.Workbench(ROWS, SCORES, register=register, outputs=tmp_path)
    assert bench.header()[-1] == "4个街道，12个街道年度（应有13个，缺1个）"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A project of two fictional offices over two years."""
    folder = tmp_path_factory.mktemp("share") / "示例"
    demo.make(folder, subdistricts=2, years=(2022, 2023), seed=5, notebooks=root / "notebooks")
    return folder


def test_share_writes_the_page_of_what_is_on_file(command: Any, district: Path) -> None:
    done = command("share", "工作台.html", "--years", "2022-2023", cwd=district)
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"已写入 工作台\.html（0\.\d MB）：2个街道，4个街道年度，\d+项指标。\n", done.out)
    held = payload_of((district / "工作台.html").read_text(encoding="utf-8"))
    assert held["scores"]["n"] == 4
    assert held["meta"]["synthetic"]
    assert held["meta"]["header"][-1] == "2个街道，4个街道年度（齐全）"
    one = command(
        "share", "一个.html", "-s", "shili002", "-y", "2023", "--ruleset", "flat", "--json", cwd=district
    ).json
    assert (one["subdistricts"], one["units"], one["bytes"]) == (1, 1, (district / "一个.html").stat().st_size)
    flat = payload_of((district / "一个.html").read_text(encoding="utf-8"))["meta"]["header"]
    assert f"计分规则：{rulesets.preset('flat').title}" in flat


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.htm1"], "应为.html文件，现为“a.htm1”"),
        (["perfeval.toml/a.html"], "没有文件夹“perfeval.toml”"),
        (["a.html", "--years", "1999"], "没有1999年度的数据"),
        (["a.html", "--district", "别处"], "别处"),
        (["a.html", "-s", "shili009"], "shili009"),
        (["a.html", "--ruleset", "hubie"], "hubie"),
        (["held.html"], "held.html 已经存在，没有覆盖；确要覆盖请加 --replace"),
    ],
)  # fmt: skip
def test_share_refuses_what_it_cannot_do(command: Any, district: Path, arguments: list[str], said: str) -> None:
    (district / "held.html").write_text("", encoding="utf-8")
    done = command("share", *arguments, cwd=district)
    assert done.code == 2
    assert said in done.err
    assert not (district / "a.html").exists()


def test_frames_from_elsewhere_keep_what_is_taken_away_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert pe.Workbench(ROWS, SCORES).outputs == tmp_path / "outputs"
