"""Surveys: what ``narrative.surveys`` says of satisfaction, with its uncertainty, beside the printed actual."""

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from perfeval.model.folding import key
from perfeval.model.results import Evaluation
from perfeval.model.rounding import half_up
from perfeval.model.schema import Survey
from perfeval.model.values import Value, read

SMALL_SAMPLE = 30
"""Respondents below which a share says little (its 95 % interval is wider than ±15 points around 80 %)."""
FULL = Decimal(100)
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
    told = result.narrative.surveys
    found = [_survey(survey, result.indicators) for survey in told]
    frame = pd.DataFrame(found, columns=list(COLUMNS))
    types = {"respondents": "Int64", "satisfied": "Int64", "row": "Int64", "agrees": "boolean"}
    frame = frame.astype({**types, **dict.fromkeys(("share", "low", "high", "printed"), "float64")})
    if frame.empty:
        return frame
    ready = frame["share"].notna()
    bounds = wilson(frame.loc[ready, "satisfied"].astype(int), frame.loc[ready, "respondents"].astype(int))
    return frame.assign(low=bounds["low"].reindex(frame.index), high=bounds["high"].reindex(frame.index))


def wilson(satisfied: pd.Series, respondents: pd.Series) -> pd.DataFrame:
    """Wilson's 95 % interval of satisfied ÷ respondents as columns low and high (ratios); NaN where nobody was asked.

    E. B. Wilson, JASA 22 (1927): unlike ±1.96 standard errors it stays inside 0…1 and is honest for few answers. It is
    for a sample of those who could be asked; what is counted in full has no such interval.
    """
    n = respondents.astype(float).where(respondents > 0)
    share = satisfied / n
    centre = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    low = (centre - half).where(satisfied > 0, 0.0 * n)
    high = (centre + half).where(satisfied < respondents, 1.0 + 0.0 * n)
    return pd.DataFrame({"low": low.clip(0, 1), "high": high.clip(0, 1)})


def survey_samples(result: Evaluation) -> dict[int, int | None]:
    """The respondents of each surveyed row, None where the survey does not say."""
    told = surveys(result)
    return {
        int(row): None if pd.isna(asked) else int(asked)
        for row, asked in zip(told["row"], told["respondents"], strict=True)
        if not pd.isna(row)
    }


def of_indicator(indicators: pd.DataFrame, name: str) -> pd.Series | None:
    """The indicator row that a survey's name means: the same name, else the only one that holds it or is held by it."""
    wanted = key(name)
    keys = [key(text) for text in indicators["indicator"]]
    same = [place for place, found in enumerate(keys) if found == wanted]
    if not same and wanted:
        same = [place for place, found in enumerate(keys) if "满意" in found and (wanted in found or found in wanted)]
        same = same if len(same) == 1 else []
    return indicators.iloc[same[0]] if same else None


def _survey(survey: Survey, indicators: pd.DataFrame) -> tuple[Any, ...]:
    row = of_indicator(indicators, survey.indicator)
    asked, pleased = survey.respondents, survey.satisfied
    share = float("nan")
    if asked and pleased is not None and pleased <= asked:
        share = pleased / asked
    actual = None if row is None else read(str(row["actual"]), str(row["unit"]))
    printed, agrees, why = _compared(survey, actual)
    return (
        survey.indicator,
        asked,
        pleased,
        survey.date,
        survey.method,
        share,
        float("nan"),
        float("nan"),
        pd.NA if row is None else int(row["row"]),
        printed,
        agrees,
        why,
    )


def _compared(survey: Survey, actual: Value | None) -> tuple[float, Any, str]:
    """(printed ratio, whether it is the share, sentence)."""
    nan = float("nan")
    asked, pleased = survey.respondents, survey.satisfied
    number = None if actual is None or actual.kind != "number" or actual.unit != "%" else actual.low
    printed = nan if number is None else float(number / FULL)
    if not asked or pleased is None:
        return printed, pd.NA, "没有样本量或满意人数，满意度无法计算"
    if pleased > asked:
        return printed, pd.NA, f"满意{pleased}人多于调查{asked}人，满意度无法计算"
    share = Decimal(pleased) * FULL / Decimal(asked)
    told = f"{pleased}÷{asked}＝{share:.2f}%"
    if actual is None:
        return printed, pd.NA, f"{told}；指标表里没有这项指标"
    if number is None:
        return printed, pd.NA, f"{told}；完成值“{actual.raw}”不是百分比，无法比较"
    places = max(0, -int(number.as_tuple().exponent))
    agrees = half_up(share, places) == number
    return printed, agrees, f"{told}，完成值为{number:f}%，{'相符' if agrees else '不符'}"
