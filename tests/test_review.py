"""The reviewer's working paper: its sections on full, empty and hostile data, and the whole report once."""

import inspect
import json
import shutil
from dataclasses import replace
from pathlib import Path

import example
import findings_office
import pandas as pd
import pytest

import perfeval as pe
from perfeval.model.results import FINDING_COLUMNS
from perfeval.present import findings, show
from perfeval.present import review as sections
from perfeval.run import project, run_report

HOSTILE = example.HOSTILE


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


def shown(result: pe.Evaluation) -> dict[str, show.Html]:
    evidence = pd.DataFrame(columns=["rating"])
    if len(result.indicators):
        evidence = pe.evidence(result)
    plan = pe.sampling_plan(result)
    return {
        "review_header": show.review_header(result),
        "review_conclusion": show.review_conclusion(result, evidence, plan),
        "findings": show.findings(result),
        "recomputation": show.recomputation(result, pe.recomputation(result)),
        "ruleset_range": show.ruleset_range(result),
        "reviewed": show.reviewed(result),
        "evidence_quality": show.evidence_quality(evidence),
        "sampling": show.sampling(plan),
    }


@pytest.mark.parametrize(
    "result",
    [
        example.evaluation(findings=found()),
        example.empty(),
        replace(example.hostile(), findings=found(HOSTILE)),
        findings_office.office({"消防安全培训场次": {"reviewed_score": "8", "review_note": HOSTILE.strip()}}),
    ],
    ids=["full", "empty", "hostile", "reviewed"],
)
def test_every_section_shows_something_on_any_data(result: pe.Evaluation) -> None:
    for name, piece in shown(result).items():
        assert len(piece._repr_html_()) > 10, name
        assert repr(piece).strip(), name
        assert "<script" not in piece.text, name
        assert "nan" not in piece.text.replace("aria", ""), name


def test_every_section_is_called_by_the_notebook(root: Path) -> None:
    names = {
        name
        for name, one in inspect.getmembers(sections, inspect.isfunction)
        if one.__module__ == sections.__name__ and not name.startswith("_") and name != "against_reviewed"
    }
    assert names == shown(example.evaluation()).keys()
    source = (root / "notebooks" / "review.ipynb").read_text(encoding="utf-8")
    assert [name for name in names if f"show.{name}(" not in source] == []


def test_findings_are_grouped_and_their_places_name_no_file() -> None:
    text = show.findings(example.evaluation(findings=found())).text
    assert text.index("P0　须先核实") < text.index("P1　须改正或说明") < text.index("P2　形式问题")
    assert text.count("目标值没有量化") == 1
    assert "把握中，2处" in text
    assert "目标1 · 产出 · 事实（第3行）" in text
    assert "只在底稿里" in text


def test_a_place_that_the_fact_names_is_not_said_twice() -> None:
    facts = found().head(1).assign(fact="第2行与第30行不同", place="位置甲", rows=[(2, 30)])
    assert "位置甲" not in show.findings(example.evaluation(findings=facts)).text
    assert "位置甲" in show.findings(example.evaluation(findings=facts.assign(rows=[(2, 3)]))).text


def test_rules_that_speak_often_list_places_in_the_annual_report_and_facts_in_the_paper() -> None:
    often = pd.concat([found("每处的事实").iloc[[2]]] * 4, ignore_index=True)
    result = example.evaluation(findings=often.assign(place="目标1 · 产出 · 甲（indicators.csv 第4行）"))
    annual, paper = show.data_quality(result).text, show.findings(result).text
    assert annual.count("目标1 · 甲（第4行）") == 4
    assert annual.count("<li>每处的事实") == 0
    assert paper.count("<li>每处的事实") == 4


def test_the_annual_report_warns_only_of_fatal_findings() -> None:
    result = example.evaluation(findings=found())
    assert "数据有1处须先核实（P0），见附录二。" in repr(show.conclusion(result))
    assert f'href="#{findings.QUALITY}"' in show.conclusion(result).text
    without = replace(result, findings=found().iloc[1:])
    assert "P0" not in show.conclusion(without).text


def test_the_link_of_the_warning_has_its_heading(root: Path) -> None:
    notebook = json.loads((root / "notebooks" / "annual.ipynb").read_text(encoding="utf-8"))
    headings = [line.strip() for cell in notebook["cells"] for line in cell["source"] if line.startswith("#")]
    assert f"### {findings.QUALITY}" in headings


def test_data_quality_lists_findings_first_and_of_form_only_the_places() -> None:
    text = show.data_quality(example.evaluation(findings=found())).text
    assert (
        "发现4处问题：P0（须先核实，否则结果不能成立）1处、P1（须改正或说明）2处、P2（形式问题，建议改正）1处" in text
    )
    assert text.index("A09") < text.index("读入数据时的警告和提示")
    assert "只在底稿里" not in text
    assert "没有发现问题" in show.data_quality(example.evaluation(problems=())).text


def test_the_record_counts_findings_by_severity() -> None:
    figures = show.record(example.evaluation(findings=found())).figures
    assert figures["findings_by_severity"] == {"P0": 1, "P1": 2, "P2": 1}
    assert figures["findings"][0] == {"code": "A09", "severity": "P0", "title": "事实", "place": "事实", "fact": "事实"}
    assert figures["review"] is None


def test_self_scores_stand_against_reviewed_ones_in_both_reports() -> None:
    result = findings_office.office({"消防安全培训场次": {"reviewed_score": "8", "review_note": "两场无签到册"}})
    for text in (show.reviewed(result).text, show.scores(result).text):
        assert "已复核1项指标（共11项，其余未复核）：自评合计10分，复核合计8分。" in text
        assert "两场无签到册" in text
        assert "−2.00" in text
    assert "复核合计" not in show.scores(findings_office.office()).text
    assert "perfeval export 复核表.xlsx --review-sheet" in show.reviewed(findings_office.office()).text
    assert show.record(result).figures["review"]["reviewed"] == 8


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
    page = show.data_quality(kept)._repr_html_()
    assert "另有2处单位已写明理由：A09" in page
    assert "实为&lt;劝返率&gt;" in page
    assert "suppressions.toml" in set(kept.provenance["file"].map(lambda file: Path(file).name))
