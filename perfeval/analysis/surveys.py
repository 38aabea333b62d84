"""Surveys: what ``narrative.surveys`` says of satisfaction, with its uncertainty, beside the printed actual."""

import math
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.model.columns import records
from perfeval.model.folding import key
from perfeval.model.results import Evaluation
from perfeval.model.rounding import half_up
from perfeval.model.schema import Survey
from perfeval.model.values import Value, read

SMALL_SAMPLE = 30
"""Respondents below which a share says little (its 95 % interval is wider than ±15 points around 80 %)."""
FULL = Decimal(100)
NAN = float("nan")
Z95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""
COLUMNS = (
    "indicator",
    "respondents",
    "satisfied",
    "date",
    "method",
    "share",
    "low",
    "high",
    "row",
    "printed",
    "agrees",
    "why",
)


def surveys(result: Evaluation) -> pd.DataFrame:
    """One row per survey of the narrative.

    Columns indicator, respondents, satisfied, date, method as told; share (satisfied ÷ respondents, ratio) with low and
    high (Wilson 95 %), NaN where it cannot be computed; row (the indicator's row in its table, or NA); printed (its
    actual as ratio, or NaN); agrees (whether the printed actual is the share at its printed precision, NA where there
    is nothing to compare) and why (a Chinese sentence).
    """
    types = {"respondents": "Int64", "satisfied": "Int64", "row": "Int64", "agrees": "boolean"}
    frame = pd.DataFrame(survey_records(result), columns=list(COLUMNS))
    return frame.astype({**types, **dict.fromkeys(("share", "low", "high", "printed"), "float64")})


def survey_records(result: Evaluation) -> list[dict[str, Any]]:
    """The rows of :func:`surveys` as records, for those who look at each: None or NaN for what is missing."""
    told = result.narrative.surveys
    rows = records(result.indicators[["indicator", "actual", "unit", "row"]]) if told else []
    keys = [key(str(row["indicator"])) for row in rows]
    return [_survey(survey, rows, keys) for survey in told]


def wilson(satisfied: int, respondents: int) -> tuple[float, float]:
    """Wilson's 95 % interval of satisfied ÷ respondents (ratios); NaN where nobody was asked.

    E. B. Wilson, JASA 22 (1927): unlike ±1.96 standard errors it stays inside 0…1 and is honest for few answers. It is
    for a sample of those who could be asked; what is counted in full has no such interval.

    >>> low, high = wilson(37, 39)
    >>> f"{low:.3f} {high:.3f}"
    '0.831 0.986'
    """
    if not respondents:
        return NAN, NAN
    n, share = respondents, satisfied / respondents
    centre = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * math.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    low = max(centre - half, 0.0) if satisfied else 0.0
    high = min(centre + half, 1.0) if satisfied < respondents else 1.0
    return low, high


def survey_samples(result: Evaluation) -> dict[int, int | None]:
    """The respondents of each surveyed row, None where the survey does not say."""
    return {told["row"]: told["respondents"] for told in survey_records(result) if told["row"] is not None}


def _of_indicator(keys: list[str], name: str) -> int | None:
    """The place of the row that a survey's name means: the same name, else the only one that holds it or is in it."""
    wanted = key(name)
    same = [place for place, own in enumerate(keys) if own == wanted]
    if not same and wanted:
        same = [place for place, own in enumerate(keys) if "满意" in own and (wanted in own or own in wanted)]
        same = same if len(same) == 1 else []
    return same[0] if same else None


def _survey(survey: Survey, rows: list[dict[Any, Any]], keys: list[str]) -> dict[str, Any]:
    place = _of_indicator(keys, survey.indicator)
    row = None if place is None else rows[place]
    asked, pleased = survey.respondents, survey.satisfied
    known = bool(asked) and pleased is not None and pleased <= (asked or 0)
    low, high = wilson(pleased or 0, asked or 0) if known else (NAN, NAN)
    printed, agrees, why = _compared(survey, None if row is None else read(str(row["actual"]), str(row["unit"])))
    return {
        "indicator": survey.indicator,
        "respondents": asked,
        "satisfied": pleased,
        "date": survey.date,
        "method": survey.method,
        "share": (pleased or 0) / (asked or 1) if known else NAN,
        "low": low,
        "high": high,
        "row": None if row is None else int(row["row"]),
        "printed": printed,
        "agrees": agrees,
        "why": why,
    }


def _compared(survey: Survey, actual: Value | None) -> tuple[float, bool | None, str]:
    """(printed ratio, whether it is the share, sentence)."""
    asked, pleased = survey.respondents, survey.satisfied
    number = None if actual is None or actual.kind != "number" or actual.unit != "%" else actual.low
    printed = NAN if number is None else float(number / FULL)
    if not asked or pleased is None:
        return printed, None, "没有样本量或满意人数，满意度无法计算"
    if pleased > asked:
        return printed, None, f"满意{pleased}人多于调查{asked}人，满意度无法计算"
    share = Decimal(pleased) * FULL / Decimal(asked)
    told = f"{pleased}÷{asked}＝{share:.2f}%"
    if actual is None:
        return printed, None, f"{told}；指标表里没有这项指标"
    if number is None:
        return printed, None, f"{told}；完成值“{actual.raw}”不是百分比，无法比较"
    agrees = half_up(share, -int(number.as_tuple().exponent)) == number
    return printed, agrees, f"{told}，完成值为{number:f}%，{'相符' if agrees else '不符'}"
