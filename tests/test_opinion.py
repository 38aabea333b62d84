"""The reviewers' opinion as a Word document: every objection with its place, fact and advice; the recomputed score."""

from pathlib import Path
from typing import Any

import docx
import findings_office
import pytest

import perfeval as pe
from perfeval.deliver.opinion import write_opinion


@pytest.fixture(scope="module")
def opinion(tmp_path_factory: pytest.TempPathFactory, ronghua: pe.Evaluation) -> Any:
    return docx.Document(str(write_opinion(tmp_path_factory.mktemp("opinion") / "a.docx", ronghua)))


def heads(document: Any) -> list[str]:
    return [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]


def said(document: Any) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_it_is_a_document_of_the_reviewers(opinion: Any) -> None:
    lines = [one.text.replace("\n", "") for one in opinion.paragraphs]
    assert lines[:2] == ["2022年度武汉市硚口区人民政府荣华街道办事处", "部门整体绩效自评复核意见"]
    assert heads(opinion) == [
        "一、总体意见",
        "二、须核实的问题",
        "三、须改正或说明的问题",
        "四、形式问题",
        "五、自评得分复算",
    ]
    for what in (
        "【请填写：复核单位】",
        "【请填写：复核人】",
        "【请填写：复核日期，如2023年7月15日】",
        "附件：复核计分说明",
    ):
        assert what in lines


def test_every_finding_is_in_it_with_its_advice(opinion: Any, ronghua: pe.Evaluation) -> None:
    whole = said(opinion)
    counts = ronghua.findings["severity"].value_counts()
    assert f"发现{counts.sum()}处问题：须核实的问题{counts['P0']}处" in whole
    for row in ronghua.findings.to_dict("records"):
        assert row["code"] in whole
        assert row["advice"].rstrip("。") in whole
        if row["severity"] != "P2":
            assert row["fact"].rstrip("。") in whole


def test_every_row_has_its_derivation(opinion: Any, ronghua: pe.Evaluation) -> None:
    rows = opinion.tables[-1].rows
    assert len(rows) == 1 + len(ronghua.indicators)
    assert rows[16].cells[1].text == "信访积案化解率"
    assert "每项1.3793分" in rows[16].cells[-1].text


def test_an_office_without_findings_has_none(tmp_path: Path) -> None:
    first, again = (write_opinion(tmp_path / f"{name}.docx", findings_office.office()) for name in "ab")
    assert first.read_bytes() == again.read_bytes()
    found = docx.Document(str(first))
    assert heads(found) == ["一、总体意见", "二、自评得分复算"]
    assert "没有发现问题" in said(found)


def test_what_the_reviewers_filled_in_is_in_it(tmp_path: Path) -> None:
    """Sums, each score that is another with its reason, and all reviewed rows in the annex."""
    told = {"reviewed_score": "1.9", "reviewed_actual": "90%", "review_note": "问卷原件只有450份"}
    result = findings_office.office({findings_office.PLEASED: told, findings_office.WAIT: {"reviewed_score": "10"}})
    assert result.review is not None
    found = docx.Document(str(write_opinion(tmp_path / "a.docx", result)))
    assert heads(found)[-1].endswith("、自评得分与复核得分")
    lines = said(found).splitlines()
    assert any(line.startswith("已复核2项指标") for line in lines)
    assert "办事群众满意度：自评5分，复核1.9分；复核完成值90%；问卷原件只有450份。" in lines
    table = found.tables[-2]
    assert [cell.text for cell in table.rows[0].cells][-3:] == ["自评完成值", "复核完成值", "备注"]
    (changed,) = (row for row in table.rows if row.cells[0].text == findings_office.PLEASED)
    assert [cell.text for cell in changed.cells][:5] == ["办事群众满意度", "5.00", "5.00", "1.90", "−3.10"]
    assert len(table.rows) == 1 + len(result.review.rows)


def test_the_command_writes_it(command, tmp_path: Path) -> None:
    done = command("export", str(tmp_path / "复核意见.docx"), "-s", "ronghua", "-r", "review")
    assert done.code == 0, done.err
    assert "一、总体意见" in heads(docx.Document(str(tmp_path / "复核意见.docx")))
    refused = command("export", str(tmp_path / "a.xlsx"), "-s", "ronghua", "-r", "review")
    assert (refused.code, "没有“review”报告" in refused.err) == (2, True)
