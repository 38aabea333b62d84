"""Scoring: points, row scores and totals under a rule set, every row with the sentence that derives its score.

All arithmetic is exact (Decimal). A row's score is rounded half up to the rule set's places and the total is the sum of
the rounded rows, so that what is shown adds up.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from perfeval.model.reading import Reading
from perfeval.model.results import DECLARED, RuleSet, Score
from perfeval.model.schema import MET, REVERSE, UNDECIDED

FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Points:
    """Points per indicator row, in the order of the table, and how they came about."""

    each: list[Decimal]
    why: list[str]
    execution: Decimal
    notes: tuple[str, ...]

    @property
    def possible(self) -> Decimal:
        """Everything that could be had."""
        return self.execution + sum(self.each, Decimal(0))


def half_up(value: Decimal, places: int) -> Decimal:
    """Rounded half up, as offices do (5 always up), not half even."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def share_points(indicators: pd.DataFrame, ruleset: RuleSet) -> Points:
    """Points of each row: the document's own weights, or the rule set's blocks shared out equally over their rows.

    Takes columns category and weight (Decimal or None). A block without rows gives its points to the others in
    proportion.
    """
    weights = [None if pd.isna(weight) else weight for weight in indicators["weight"]]
    if weights and None not in weights:
        return _given(weights, ruleset)
    notes = []
    if any(weight is not None for weight in weights):
        notes.append(f"文件只给出{sum(weight is not None for weight in weights)}项指标的分值，未全给，按规则统一分配")
    rows = indicators["category"].value_counts()
    used = [block for block in ruleset.blocks if any(rows.get(category, 0) for category in block.categories)]
    there = sum((block.points for block in used), Decimal(0))
    stretch = (FULL - ruleset.execution) / there if there else Decimal(1)
    empty = [block.title for block in ruleset.blocks if block not in used]
    if used and empty:
        notes.append(f"没有{'、'.join(empty)}指标，其分值按比例分给其余各块")
    each, why = {}, {}
    for block in used:
        count = sum(int(rows.get(category, 0)) for category in block.categories)
        points = block.points * stretch
        for category in block.categories:
            each[category] = points / count
            why[category] = f"{block.title}{plain(half_up(points, 2))}分由{count}项均分"
    return Points(
        [each[category] for category in indicators["category"]],
        [why[category] for category in indicators["category"]],
        ruleset.execution,
        tuple(notes),
    )


def _given(weights: list[Decimal | None], ruleset: RuleSet) -> Points:
    """The document's own weights; execution has what they leave of 100."""
    given = [weight for weight in weights if weight is not None]
    total = sum(given, Decimal(0))
    execution = min(max(FULL - total, Decimal(0)), FULL)
    notes = [f"分值按文件所列，合计{plain(total)}分，预算执行{plain(execution)}分"]
    if execution != ruleset.execution:
        notes.append(f"所选规则的预算执行为{plain(ruleset.execution)}分，与文件分值不同，以文件为准")
    if total > FULL:
        notes.append(f"文件所列分值合计{plain(total)}分，超过100分")
    return Points(given, [f"文件所列分值{plain(weight)}分" for weight in given], execution, tuple(notes))


def ratio(reading: Reading, ruleset: RuleSet) -> Decimal | None:
    """Share of the points a row earns under the rule set's formulas, 0…1; None where nothing can be computed."""
    if reading.direction == REVERSE and ruleset.reverse == "2A" and reading.a and reading.b is not None:
        return min(max(2 - max(reading.b, Decimal(0)) / reading.a, Decimal(0)), Decimal(1))
    if reading.attainment is not None:
        return min(max(reading.attainment, Decimal(0)), Decimal(1))
    if reading.level:
        return ruleset.levels[reading.level].use
    return None


def score_rows(judged: pd.DataFrame, points: Points, ruleset: RuleSet, basis: str) -> pd.DataFrame:
    """Columns points, score, lost (Decimal) and derivation for each judged row, on one basis.

    On the basis ``declared`` a row that cannot be computed takes the printed status; on ``strict`` it earns nothing.
    """
    rows = []
    for (_, row), most, why in zip(judged.iterrows(), points.each, points.why, strict=True):
        share, how = _share(row, ruleset, basis)
        most_shown = half_up(most, ruleset.row_places)
        score = half_up(most * share, ruleset.row_places)
        sentence = f"{how}；{why}，每项{plain(most_shown)}分；得{plain(score)}分"
        if why.startswith("文件"):
            sentence = f"{how}；{why}；得{plain(score)}分"
        rows.append((most_shown, score, most_shown - score, sentence))
    return pd.DataFrame(rows, columns=["points", "score", "lost", "derivation"], index=judged.index)


def _share(row: pd.Series, ruleset: RuleSet, basis: str) -> tuple[Decimal, str]:
    share = ratio(row["reading"], ruleset)
    if share is not None:
        level = row["reading"].level
        if row["reading"].attainment is None and level != MET:
            band = ruleset.levels[level]
            return (
                share,
                f"{row['attainment_why']}；定性“{level}”档为{percent(band.low)}—{percent(band.high)}，取{percent(share)}",
            )
        if row["direction"] == REVERSE and ruleset.reverse == "2A" and share not in (0, 1):
            return share, f"{row['attainment_why']}；超过目标部分线性扣分，计{percent(share)}"
        return share, row["attainment_why"]
    if row["declared_status"] in ("", UNDECIDED):
        return Decimal(0), f"{row['attainment_why']}；文件也未写明是否完成，不计分"
    if basis != DECLARED:
        return Decimal(0), f"{row['attainment_why']}；仅有申报“{row['declared_met']}”，严格口径不计分"
    share = ruleset.levels[row["declared_status"]].use
    return share, f"{row['attainment_why']}；按申报“{row['declared_met']}”计{percent(share)}"


def total(rows: pd.DataFrame, points: Points, rate: Decimal | None, ruleset: RuleSet, basis: str) -> Score:
    """The total on one basis: execution points × rate (at most 1) + the rows' scores."""
    executed = min(max(rate, Decimal(0)), Decimal(1)) if rate is not None else Decimal(0)
    execution = half_up(points.execution * executed, ruleset.row_places)
    earned = sum(rows["score"], Decimal(0))
    whole = half_up(execution + earned, ruleset.total_places)
    grade = next((name for name, lowest in ruleset.grades if whole >= lowest), "")
    return Score(
        ruleset.name,
        ruleset.title,
        basis,
        float(execution),
        float(earned),
        float(whole),
        float(half_up(points.possible, 2)),
        grade,
    )


def reproduces(total_points: float, printed: Decimal) -> bool:
    """Whether a total, rounded to the decimals the document prints, is the printed one."""
    places = max(0, -int(printed.as_tuple().exponent))
    return half_up(Decimal(str(total_points)), places) == printed


def plain(value: Decimal) -> str:
    """A number without trailing zeros or exponent: ``40``, ``1.3793``."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: Decimal) -> str:
    """A share as a percentage with at most two decimals: ``65%``."""
    return f"{plain(half_up(value * 100, 2))}%"
