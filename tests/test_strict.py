"""The strict basis: words alone earn nothing where a number or a date was wanted; everything else is as it was."""

from decimal import Decimal

import pandas as pd
import pytest
from small_form import document

import perfeval as pe
from perfeval.analysis import rulesets
from perfeval.analysis.district import aggregate
from perfeval.model.results import DECLARED, STRICT
from perfeval.present import narrative

SPENT = ("100", "100", "90", "", "")
WORDS = "达成预期指标"
MEASURED = ("≥95%", "120件", "≤15分钟", "2022年9月底前", "≥3万平方米", "10—12个", "＝5场", "≥98%", "≥1.6万人次")
NINE = [("产出", f"第{n}类事项办理", target, WORDS, "10", "10") for n, target in enumerate(MEASURED)]


@pytest.mark.parametrize("name", rulesets.names())
@pytest.mark.parametrize("weights", [True, False])
def test_nine_measurable_rows_with_words_alone_earn_execution_alone(name: str, weights: bool) -> None:
    rows = NINE if weights else [(*row[:4], "", "") for row in NINE]
    result = document(rows, SPENT, "99", name)
    strict, declared = result.scores[STRICT], result.scores[DECLARED]
    assert (strict.indicators, strict.total) == (0, round(strict.execution, 2))
    assert declared.indicators > 80 - 1  # as before: the words count
    assert result.indicators["status"].eq("完成").all()


def test_the_row_says_why_and_a_note_says_how_many_and_which() -> None:
    result = document(NINE, SPENT, "99")
    said = result.indicators["strict_derivation"].str.partition("；")[0].to_list()
    assert said[0] == f"目标≥95%要有数，实际只写“{WORDS}”，严格口径不计分"
    assert said[3] == f"目标2022年9月底前要有时间，实际只写“{WORDS}”，严格口径不计分"
    note = "9项指标的目标要有数或时间，实际只写文字，严格口径不计分：第0类事项办理、第1类事项办理、第2类事项办理等9项"
    assert note in result.notes
    assert f"{note}。" in narrative.scores(result)
    assert narrative.bases(result) == (
        "9项指标中有9项的目标要有数或时间，实际只写文字，按文字计分（申报口径）；这些指标不计分时（严格口径）为9分。"
    )


def test_words_against_words_and_figures_against_figures_stay_as_they_were() -> None:
    rows = [
        ("产出", "报告提交及时性", "在项目计划完成时间内完成", WORDS, "30", "30"),
        ("效益", "对公平的影响", "效果明显", WORDS, "30", "30"),
        ("产出", "合格率", "≥95%", "98%", "30", "30"),
    ]
    result = document(rows, ("100", "100", "100", "10", "10"), "100")
    assert result.scores[STRICT].total == result.scores[DECLARED].total == 100
    assert not any("严格口径" in note for note in result.notes)
    assert narrative.bases(result).startswith("没有指标仅凭申报计分")


def test_a_row_beside_that_nobody_can_judge_is_counted_apart() -> None:
    rows = [
        NINE[0],
        ("效益", "长效机制", "健全", "已印发办法三份", "10", "10"),
        ("产出", "合格率", "≥95%", "98%", "70", "70"),
    ]
    result = document(rows, ("100", "100", "100", "10", "10"), "100")
    worded = narrative.worded_rows(result)
    assert worded["indicator"].to_list() == ["第0类事项办理"]
    assert result.scores[STRICT].indicators == 70


def test_words_of_one_unit_are_words_of_the_district() -> None:
    result = document([NINE[0]], SPENT, None)
    one = result.indicators[pe.model.schema.INDICATORS.names].assign(unit_id="甲")
    both = pd.concat([one.assign(target="完成"), one.assign(unit_id="乙")], ignore_index=True)
    rules = rulesets.preset("hubei")
    judged = aggregate(both, {"甲": Decimal(1), "乙": Decimal(1)}, rules)
    assert judged["reading"].iloc[0].unmeasured
