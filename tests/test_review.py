"""The reviewer's working paper: its sections on full, empty and hostile data, and the whole report once."""

import shutil
from pathlib import Path

import example
import findings_office
import notebook_cells
import pandas as pd

import perfeval as pe
from perfeval.model.results import FINDING_COLUMNS
from perfeval.present import show
from perfeval.run import project, run_report


def found(text: str = "事实") -> pd.DataFrame:
    rows = [
        ("A09", "P0", text, text, text, text, 0.9, "高", 1, 2, (2,)),
        (
            "T01",
            "P1",
            "目标值没有量化",
            f"目标1 · 产出 · {text}（indicators.csv 第3行）",
            text,
            text,
            0.6,
            "中",
            1,
            3,
            (3,),
        ),
        ("T01", "P1", "目标值没有量化", text, text, text, 0.6, "中", 1, 4, (4,)),
        ("S09", "P2", text, text, "只在底稿里", text, 0.9, "高", pd.NA, pd.NA, ()),
    ]
    return pd.DataFrame(rows, columns=list(FINDING_COLUMNS))


def test_findings_are_grouped_and_their_places_name_no_file() -> None:
    text = show.findings(pe.findings(example.evaluation(findings=found()))).text
    assert text.index("P0　须核实") < text.index("P1　须改正或说明") < text.index("P2　形式问题")
    assert text.count("目标值没有量化") == 1
    assert "把握中，2处" in text
    assert "目标1 · 产出 · 事实（第3行）" in text
    assert "只在底稿里" in text


def test_a_place_that_the_fact_names_is_not_said_twice() -> None:
    facts = found().head(1).assign(fact="第2行与第30行不同", place="位置甲", rows=[(2, 30)])
    assert "位置甲" not in show.findings(facts).text
    assert "位置甲" in show.findings(facts.assign(rows=[(2, 3)])).text


def test_the_annual_report_has_the_facts_of_the_gravest_and_counts_the_others() -> None:
    often = pd.concat([found("每处的事实").iloc[[0, 2, 2, 2]]], ignore_index=True).assign(row=[2, 4, 5, 6])
    result = example.evaluation(findings=often)
    ran = notebook_cells.run("annual", result, only=("data-quality",))
    said = repr(ran.shown["data-quality"])
    assert said.startswith(
        "按复核规则检查，发现4处问题：P0（须核实，核实之前得分不能采用）1处、P1（须改正或说明）3处。"
    )
    assert said.count("每处的事实") == 3, "title, fact and advice of the grave one"
    assert "P1  T01  目标值没有量化  3  4、5、6" in said
    paper = notebook_cells.run("review", result, only=("findings",)).html("findings")
    assert paper.count("<li>每处的事实") == 4


def test_the_record_counts_findings_by_severity() -> None:
    figures = show.record(example.evaluation(findings=found())).figures
    assert figures["findings_by_severity"] == {"P0": 1, "P1": 2, "P2": 1}
    assert figures["findings"][0] == {"code": "A09", "severity": "P0", "title": "事实", "place": "事实", "fact": "事实"}
    assert figures["review"] is None


def test_self_scores_stand_against_reviewed_ones_in_both_reports() -> None:
    result = findings_office.office({"消防安全培训场次": {"reviewed_score": "8", "review_note": "两场无签到册"}})
    for notebook in ("annual", "review"):
        said = repr(notebook_cells.run(notebook, result, only=("reviewed",)).shown["reviewed"])
        assert "已复核1项指标（共11项，其余未复核）：自评合计10分，复核合计8分。" in said
        assert "消防安全培训场次  10.00  10.00  8.00  −2.00  —  两场无签到册" in said
    without = findings_office.office()
    assert not repr(notebook_cells.run("annual", without, only=("reviewed",)).shown["reviewed"])
    paper = notebook_cells.run("review", without, only=("reviewed",))
    assert "perfeval export 复核表.xlsx --review-sheet" in repr(paper.shown["reviewed"])
    assert show.record(result).figures["review"]["reviewed"] == 8


# ---- the paper, cell by cell


def cell(name: str, result: pe.Evaluation) -> str:
    return repr(notebook_cells.run("review", result, only=(name,)).shown[name])


def test_rows_are_ordered_by_the_gravest_finding_then_by_the_points_at_stake() -> None:
    result = findings_office.office({"消防隐患整治率": {"reason": ""}, "受理便民事项件数": {"target": "完成"}})
    said = cell("first", result)
    listed = said.splitlines()[2:]
    levels = [line.split("  ")[3] for line in listed]
    assert levels == sorted(levels)
    assert f"（共{result.findings['row'].dropna().nunique()}行指标有问题）" in said


def test_a_finding_of_several_rows_is_of_each_of_them() -> None:
    """Else fewer indicators were said to have problems than the sampling plan below shows with a code."""
    spread = found().assign(rows=[(2, 5, 9), (3,), (4,), ()])
    ran = notebook_cells.run("review", example.evaluation(findings=spread), only=("first",))
    assert sorted(ran.names["stake"]["row"]) == [2, 3, 4, 5, 9]
    assert set(ran.names["stake"]["found"]) == {"A09", "T01"}
    assert "共5行指标有问题" in ran.html("first")


def test_recomputation_lists_the_rows_that_differ_and_always_the_total() -> None:
    said = cell("recomputation", findings_office.office({"消防安全培训场次": {"declared_score": "9"}}))
    differing, every = said.split("逐行复算")
    assert "消防安全培训场次  10.00  9.00  10.00  10.00  −1.00" in differing
    assert "受理便民事项件数" not in differing
    assert "受理便民事项件数" in every
    assert differing.rstrip().splitlines()[-1].startswith("合计  100.00  98.99")
    assert "11项指标中，11项有自评得分，1项与复算不一致。" in said


def test_targets_that_cannot_be_compared_are_counted_of_all() -> None:
    said = cell("targets", findings_office.office({"受理便民事项件数": {"target": "完成"}}))
    assert said.startswith("11项指标中，2项的目标没有可比的数")  # with the one that is a date
    assert "目标值没有量化" in said
    assert cell("targets", example.empty()).startswith("0项指标中")


def test_actuals_equal_to_their_target_and_round_ones_are_marked() -> None:
    said = cell(
        "actuals",
        findings_office.office({"消防安全培训场次": {"actual": "24场"}, "隐患交办及时率": {"actual": "100%"}}),
    )
    assert "11项指标中，10项的实际值是可比的数；与目标相同的1项，整十整百的4项，单位不同的0项。" in said
    assert "消防安全培训场次  2  ≥24场  24场  是  否  否" in said
    assert "隐患交办及时率  2  ≥90%  100%  否  是  否" in said


def test_points_far_above_execution_are_asked_about_only_where_they_can_be_compared() -> None:
    assert "没有列出预算数，执行率无法计算" in cell("money", example.empty())
    said = cell("money", findings_office.office())
    assert "预算执行率95.2%；" in said
    assert "得分率高出5个百分点以上的：没有。" in said


def test_narratives_that_are_alike_stand_side_by_side() -> None:
    same = {"narrative": "每月在社区开展两场以上的培训活动"}
    said = cell("alike", findings_office.office({"消防安全培训场次": same, "隐患交办及时率": same}))
    assert said.count("每月在社区开展两场以上的培训活动") == 2
    assert cell("alike", findings_office.office()) == "没有雷同的说明。"


def test_the_weakest_evidence_comes_first() -> None:
    said = cell("evidence", findings_office.office({"隐患交办及时率": {"evidence": "", "narrative": "", "actual": ""}}))
    assert said.splitlines()[4].startswith("隐患交办及时率")
    assert said.startswith("11项指标的依据：")


def test_the_review_report_of_the_source_data(workplace: Path) -> None:
    made = run_report("review", subdistrict="ronghua", year=2022, where=project.find(workplace))
    assert not made.error
    page = made.html.read_text(encoding="utf-8")
    assert "<title>武汉市硚口区荣华街道办事处 2022年度绩效自评复核底稿</title>" in page
    assert page.index("赴省重访率") < page.index('id="三、得分复核"') < page.index("随机数由街道编号和年度算出")
    assert made.figures["findings_by_severity"]["P0"] == 5
    assert len(page.encode()) < 200_000


def test_what_the_office_keeps_with_a_reason_is_no_finding_but_is_said(tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    shutil.copytree(root / "data", tmp_path / "data")
    open_ = pe.evaluate(pe.load(tmp_path / "data", subdistrict="ronghua", years=2022))
    (tmp_path / "data" / "ronghua" / "2022" / "suppressions.toml").write_text(
        '[[suppress]]\ncode = "A09"\nreason = "指标名称有误，实为<劝返率>"\n', encoding="utf-8"
    )
    kept = pe.evaluate(pe.load(tmp_path / "data", subdistrict="ronghua", years=2022))
    assert (
        len(open_.findings) - len(kept.findings) == len(kept.suppressed) == open_.findings["code"].eq("A09").sum() == 2
    )
    page = notebook_cells.run("annual", kept, only=("data-quality",)).html("data-quality")
    assert "另有2处单位已写明理由：A09" in page
    assert "实为&lt;劝返率&gt;" in page
    assert "suppressions.toml" in set(kept.provenance["file"].map(lambda file: Path(file).name))
