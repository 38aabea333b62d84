"""Evidence: four ratings, apart from whether the target was met."""

import pandas as pd
import pytest
from findings_office import office

import perfeval as pe
from perfeval.analysis.evidence import COLUMNS, RATINGS, evidence
from perfeval.model.schema import Survey

COUNT, PLEASED, TRAINED = "受理便民事项件数", "办事群众满意度", "消防安全培训场次"


def rating(indicator: str, result: pe.Evaluation) -> tuple[str, str]:
    frame = evidence(result).set_index("indicator")
    return frame.at[indicator, "rating"], frame.at[indicator, "reason"]


BARE = {"evidence": "", "narrative": ""}
REPEATED = BARE | {"target": "完成", "actual": "开展消防安全培训"}
KNOWN, ABOUT = "居民消防知识知晓率", "全年受理便民事项件数较多"
CASES = [
    (COUNT, {}, "有数有据", "依据：便民平台年报"),
    (COUNT, {"evidence": "", "narrative": "据便民平台台账"}, "有数有据", "说明中提到“台账”"),
    (COUNT, BARE, "有数无据", "没有佐证材料"),
    (COUNT, {"actual": "10件"}, "有数有据", "便民平台年报"),  # missed by far, and well evidenced
    (TRAINED, BARE | {"actual": "组织居民参加消防演练"}, "仅有叙述", "没有数，只有文字"),
    (TRAINED, {"actual": "组织居民参加消防演练"}, "仅有叙述", "有佐证材料"),
    (TRAINED, BARE | {"target": "完成", "actual": "开展消防安全培训"}, "无", "只是重复指标名称"),
    (TRAINED, BARE | {"actual": ""}, "无", "没有完成值，也没有说明"),
    (TRAINED, BARE | {"actual": "", "narrative": "组织居民参加演练"}, "仅有叙述", "没有数，只有文字"),
    (TRAINED, REPEATED | {"narrative": 16 * "好"}, "无", "没有其他情况"),  # as long as actual and name together
    (TRAINED, REPEATED | {"narrative": 17 * "好"}, "仅有叙述", "没有数，只有文字"),
    (KNOWN, BARE | {"actual": "参加的居民很多", "narrative": ABOUT}, "无", f"说明写的是另一项指标“{COUNT}”"),
    (KNOWN, BARE | {"narrative": ABOUT}, "有数无据", "没有佐证材料"),  # its own number stands
    (PLEASED, {}, "有数有据", "样本1000份"),
]


@pytest.mark.parametrize(("indicator", "cells", "word", "why"), CASES)
def test_a_row_is_rated(indicator: str, cells: dict[str, str], word: str, why: str) -> None:
    found, reason = rating(indicator, office({indicator: cells}))
    assert found == word
    assert why in reason


@pytest.mark.parametrize(
    ("surveys", "word", "why"),
    [
        ((Survey(PLEASED, 200, 187),), "有数有据", "样本200份"),
        ((Survey(PLEASED, 29, 27),), "有数有据", "样本29份，少于30份，误差较大"),
        ((Survey(PLEASED),), "有数无据", "调查没有写样本量"),
        ((), "有数无据", "没有调查数据"),
    ],
)
def test_satisfaction_needs_a_survey_with_its_sample(surveys: tuple[Survey, ...], word: str, why: str) -> None:
    found, reason = rating(PLEASED, office({PLEASED: BARE}, surveys=surveys))
    assert (found, why in reason) == (word, True)


def test_thirty_answers_are_no_small_sample_and_a_source_stands_without_a_survey() -> None:
    assert (
        rating(PLEASED, office({PLEASED: BARE}, surveys=(Survey(PLEASED, 30, 28),)))[1]
        == "完成值有数，有调查，样本30份"
    )
    told = rating(PLEASED, office({PLEASED: BARE | {"evidence": "汇总表"}}, surveys=()))
    assert told == ("有数有据", "完成值有数，依据：汇总表")


def test_the_table_has_a_row_for_each_indicator_and_its_survey() -> None:
    result = office()
    frame = evidence(result)
    assert tuple(frame.columns) == COLUMNS
    assert frame["row"].to_list() == result.indicators["row"].to_list()
    assert frame.set_index("indicator")["sample"].dropna().to_dict() == {PLEASED: 1000, "居民安全感满意度": 2000}
    assert evidence(office(drop=list(frame["indicator"]))).empty


def test_the_source_report_has_numbers_without_sources(ronghua: pe.Evaluation) -> None:
    frame = evidence(ronghua)
    assert set(frame["rating"]) <= set(RATINGS)
    counts = frame["rating"].value_counts()
    assert counts.to_dict() == {"有数无据": 23, "无": 12, "仅有叙述": 4}
    assert not frame["source"].any()
    assert pd.isna(frame["sample"]).all()
