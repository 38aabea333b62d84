"""``perfeval lint`` as its users meet it: formats, selection, suppressions, exit codes."""

import json
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from perfeval.analysis.findings.suppressing import parse
from perfeval.cli import main
from perfeval.deliver.workbook import write_findings


@pytest.fixture
def suppressed(workplace: Path) -> Path:
    """A project whose office has explained all but one of its findings of S01."""
    (workplace / "data" / "ronghua" / "2022" / "suppressions.toml").write_text(
        '[[suppress]]\ncode = "S01"\ngoal_no = 5\nreason = "只发放报酬"\n'
        '[[suppress]]\ncode = "S01"\ngoal_no = 1\nreason = "没有用"\n',
        encoding="utf-8",
    )
    return workplace


def test_the_table_is_grouped_by_severity(command, workplace: Path) -> None:
    done = command("lint", "-s", "ronghua", "-y", "2022", cwd=workplace)
    assert (done.code, done.err) == (1, "")
    heads = [line for line in done.out.splitlines() if line.startswith("P")]
    assert [head[:2] for head in heads] == ["P0", "P1", "P2"]
    assert (
        "  C10 数字算不通（把握高）\n      位置：ronghua 2022 目标4 · 效益 · 消防隐患整治率99%（indicators.csv 第19行）\n"
        in done.out
    )
    assert "      事实：2处未完成、完成率70%：总数应为2÷(1−70%)≈6.67处，不是整数\n" in done.out
    assert "检查完毕：共" in done.out


def test_json_has_the_agreed_keys(command, workplace: Path) -> None:
    done = command("lint", "--format", "json", "--select", "C10", cwd=workplace)
    assert done.code == 1
    assert done.json == {
        "findings": [
            {
                "subdistrict": "ronghua",
                "year": 2022,
                "code": "C10",
                "severity": "P1",
                "title": "数字算不通",
                "place": "目标4 · 效益 · 消防隐患整治率99%（indicators.csv 第19行）",
                "fact": "2处未完成、完成率70%：总数应为2÷(1−70%)≈6.67处，不是整数",
                "advice": "写明总数和完成数，重算完成率",
                "confidence": 0.9,
            }
        ],
        "suppressed": [],
        "unused_suppressions": [],
    }


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--select", "S12"), 0),  # P2 only
        (("--select", "E03"), 0),  # nothing
        (("--select", "S01"), 1),
        (("--select", "S01,S12", "--ignore", "S01"), 0),
        (("--select", "T99"), 2),
        (("--select", ","), 2),
        (("--format", "tabel"), 2),
        (("--format", "xlsx"), 2),
        (("--year", "2032"), 2),
        (("--ruleset", "hubie"), 2),
    ],
)
def test_exit_codes(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
) -> None:
    monkeypatch.chdir(root)
    with pytest.raises(SystemExit) as ended:
        main(["lint", *arguments])
    said = capsys.readouterr()
    assert ended.value.code == code
    assert bool(said.err) == (code == 2)
    assert bool(said.out) == (code != 2)


def test_suppressions_are_shown_with_their_reason_and_unused_ones_reported(command, suppressed: Path) -> None:
    done = command("lint", "--select", "S01", cwd=suppressed)
    assert done.code == 1  # goal 8 is left
    assert "目标8“街道疫情防控经费”只有" in done.out
    assert "目标5“社区工作者”只有" not in done.out
    assert "已说明而保留（1处）\n  S01 目标5“社区工作者”（indicators.csv 第20行）：只发放报酬\n" in done.out
    advice = "请核对编号、目标序号和指标名称，已没有问题的删去"
    assert f"没有对应问题的条目（1条），{advice}\n  ronghua 2022：S01 目标1（没有用）\n" in done.out
    assert command("lint", "--select", "S12", cwd=suppressed).out.count("没有对应问题") == 0  # S01 was not asked for
    assert "目标5“社区工作者”只有" in command("lint", "--select", "S01", "--no-suppress", cwd=suppressed).out


def test_wrong_suppressions_stop_the_command_and_name_the_file(command, suppressed: Path) -> None:
    file = suppressed / "data" / "ronghua" / "2022" / "suppressions.toml"
    file.write_text('[[suppress]]\ncode = "S01"\n', encoding="utf-8")
    done = command("lint", cwd=suppressed)
    assert done.code == 2
    assert "data/ronghua/2022/suppressions.toml 有1处错误：第1条：缺少reason" in done.err
    file.write_bytes("[[suppress]]\nreason = '甲'".encode("gbk"))
    assert "第1条：缺少code" in command("lint", cwd=suppressed).err


def test_output_goes_to_a_file(command, suppressed: Path) -> None:
    done = command("lint", "--format", "json", "--select", "S01", "--output", "out.json", cwd=suppressed)
    assert (done.code, done.out) == (1, "")
    assert "已写入 out.json：共1处" in done.err
    assert len(json.loads((suppressed / "out.json").read_text(encoding="utf-8"))["findings"]) == 1
    refused = command("lint", "--output", "没有/out.txt", cwd=suppressed)
    assert refused.code == 2
    assert "无法写入 没有/out.txt" in refused.err


def test_the_workbook_has_the_findings_in_reviewers_order(command, suppressed: Path) -> None:
    done = command("lint", "--format", "xlsx", "--select", "S01", "--output", "问题.xlsx", cwd=suppressed)
    assert done.code == 1
    book = openpyxl.load_workbook(suppressed / "问题.xlsx")
    assert book.sheetnames == ["问题清单", "已说明", "未用上的说明"]
    rows = list(book["问题清单"].values)
    assert rows[0][:6] == ("级别", "编号", "问题", "位置", "事实", "建议")
    assert [row[1] for row in rows[1:]] == ["S01"]
    assert list(book["已说明"].values)[1][-1] == "只发放报酬"


def test_text_never_becomes_a_formula_and_bytes_are_the_same(tmp_path: Path) -> None:
    hostile = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2", "https://example.org/", "x" * 40_000]
    frame = pd.DataFrame({"severity": "P0", "code": "T01", "title": hostile, "confidence": 0.5})
    first = write_findings(tmp_path / "a.xlsx", frame, frame.head(0), [])
    second = write_findings(tmp_path / "b.xlsx", frame, frame.head(0), [])
    assert first.read_bytes() == second.read_bytes()
    sheet = openpyxl.load_workbook(first)["问题清单"]
    cells = [sheet.cell(line, 3) for line in range(2, 8)]
    assert [cell.data_type for cell in cells] == ["s"] * 6
    assert [cell.value for cell in cells[:5]] == hostile[:5]
    assert len(str(cells[5].value)) == 32_767
    with zipfile.ZipFile(first) as parts:
        assert not any(b"<f>" in parts.read(name) or b"hyperlink" in parts.read(name) for name in parts.namelist())


def test_explain_ends_with_an_entry_that_keeps_the_finding(command) -> None:
    """What is wrong in suppressions.toml sends its reader there."""
    said = command("explain", "M02").out
    (entry,) = parse(said[said.index("[[suppress]]") :])
    assert (entry.code, bool(entry.reason)) == ("M02", True)


def test_explain_prints_the_page_of_a_rule(command) -> None:
    done = command("explain", "c10")
    assert done.code == 0
    assert done.out.startswith("C10  数字算不通\n级别    P1 重要")
    assert command("explain", "C10", "--json").json["code"] == "C10"
    assert command("explain", "w301").out.startswith("W301  基本支出与项目支出之和不等于部门整体支出\n级别    警告")
    wrong = command("explain", "C99")
    assert wrong.code == 2
    assert "没有编号为“C99”的检查规则" in wrong.err


def test_a_target_below_the_year_before_is_found_where_that_year_is_on_file(command, tmp_path: Path) -> None:
    head = "goal_no,goal,category,indicator,target,actual\n"
    for year, line in {
        2022: "1,治理,产出,宣传活动场次,≥20场,22场",
        2023: "1,治理,产出,宣传活动场次,≥15场,16场",
    }.items():
        folder = tmp_path / "data" / "shili" / str(year)
        folder.mkdir(parents=True)
        (folder / "indicators.csv").write_text(f"{head}{line}\n", encoding="utf-8")
        (folder / "narrative.toml").write_text("", encoding="utf-8")
        (folder / "budget.csv").write_text("item,adjusted,executed\n部门整体支出,100,100\n", encoding="utf-8")
    asked = ("lint", "--format", "json", "--select", "T14", "-s", "shili")
    found = command(*asked, cwd=tmp_path).json["findings"]
    assert [(one["year"], one["fact"]) for one in found] == [
        (2023, "目标由≥20场放宽为≥15场（减少5场）；要求不及上年实际22场")
    ]
    said = command("lint", "--select", "T14", cwd=tmp_path).out
    assert "其中1处与上年对照得出（T14、T15、A13）；报告所写的处数只算本年材料里的，不含这些。" in said
    assert "与上年对照" not in command("lint", "--ignore", "T14,T15,A13", cwd=tmp_path).out
    (tmp_path / "data" / "shili" / "2022" / "indicators.csv").write_text("坏的表头\n1\n", encoding="utf-8")
    done = command(*asked, "-y", "2023", cwd=tmp_path)
    assert (done.code, done.json["findings"]) == (0, [])  # that year's own lint says what is wrong with it
