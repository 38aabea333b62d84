"""Evidence: how well each row's actual is backed, whatever it says. Rated apart from achievement, as auditors do.

After the British NAO's habit of judging data systems beside results: a good result without a source is not a good
result.
"""

from typing import Any

import pandas as pd

from perfeval.analysis.findings.actuals import source_of, tautology
from perfeval.analysis.findings.consistency import foreign_texts
from perfeval.analysis.findings.context import Row, blank, context, has_amount, quoted
from perfeval.analysis.surveys import SMALL_SAMPLE, survey_samples
from perfeval.model import asked
from perfeval.model.columns import frame_of, names
from perfeval.model.results import Evaluation

BACKED, UNBACKED, TOLD, NOTHING = "有数有据", "有数无据", "仅有叙述", "无"
RATINGS = (BACKED, UNBACKED, TOLD, NOTHING)
"""Best first."""
COLUMNS = tuple(names("evidence"))


@asked.takes()
def evidence(result: Evaluation) -> pd.DataFrame:
    """One row per indicator, in the order of the table.

    Columns goal_no, category, indicator, row; number (whether the actual holds one), source (what backs it, empty where
    nothing does), sample (respondents of its survey, or NA); rating (one of :data:`RATINGS`) and reason (a Chinese
    sentence). A rating says nothing about whether the target was met.
    """
    seen = context(result)
    samples = survey_samples(result)
    foreign = {row.row: other.indicator for row, other in foreign_texts(seen)}
    found = [_rated(row, samples, foreign.get(row.row, "")) for row in seen.rows]
    return frame_of("evidence", found)


def _rated(row: Row, samples: dict[int, int | None], foreign: str) -> tuple[Any, ...]:
    sample, source = samples.get(row.row), source_of(row)
    if foreign and not has_amount(row):
        rating, reason = NOTHING, f"说明写的是另一项指标{quoted(foreign)}，没有本指标的情况"
    else:
        rating, reason = _rating(row, source, sample, row.row in samples)
    told = sample if sample is not None else pd.NA
    number = pd.NA if row.goal_no is None else row.goal_no
    return number, row.category, row.indicator, row.row, has_amount(row), source, told, rating, reason


def _rating(row: Row, source: str, sample: int | None, surveyed: bool) -> tuple[str, str]:
    if has_amount(row):
        return _of_number(row, source, sample, surveyed)
    if blank(row.actual) and blank(row.narrative):
        return NOTHING, "没有完成值，也没有说明"
    if tautology(row) and (blank(row.narrative) or len(row.narrative) <= len(row.actual) + len(row.indicator)):
        return NOTHING, "完成值只是重复指标名称，没有数，也没有其他情况"
    return TOLD, f"没有数，只有文字{'（有佐证材料）' if source else ''}"


def _of_number(row: Row, source: str, sample: int | None, surveyed: bool) -> tuple[str, str]:
    if sample is not None:
        small = f"，少于{SMALL_SAMPLE}份，误差较大" if sample < SMALL_SAMPLE else ""
        return BACKED, f"完成值有数，有调查，样本{sample}份{small}"
    if "满意" in row.indicator and blank(row.evidence):
        return UNBACKED, f"满意度有数，{'调查没有写样本量' if surveyed else '没有调查数据'}"
    if source:
        return BACKED, f"完成值有数，依据：{source}"
    return UNBACKED, "完成值有数，没有佐证材料，说明里也没有出处"
