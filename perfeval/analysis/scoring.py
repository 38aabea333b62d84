"""Scoring: row scores and totals under a rule set, every row with the sentence that derives its score.

All arithmetic is exact (Decimal). A row's score is rounded half up to the rule set's places and the total is the sum of
the rounded rows, so that what is shown adds up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.analysis.allotment import Points
from perfeval.model.columns import records
from perfeval.model.reading import Reading
from perfeval.model.results import DECLARED, Score
from perfeval.model.rounding import half_up, percent, plain
from perfeval.model.ruleset import RuleSet
from perfeval.model.schema import DEADLINE, EQUAL, MET, REVERSE, UNDECIDED
from perfeval.model.values import describe

ONE, NONE = Decimal(1), Decimal(0)
SCORED = ["reading", "attainment_why", "declared_status", "declared_met"]
"""What of a judged row its score depends on."""
SHOWN, NAMED = 20, 3
"""Characters of an actual that a sentence shows, and rows that a note names."""
GIVEN = "文件"
"""How the reason of points begins that the document itself prints."""


def ratio(reading: Reading, ruleset: RuleSet) -> Decimal | None:
    """Share of the points a row earns under the rule set's formulas, 0…1; None where nothing can be computed."""
    share = _formula(reading, ruleset)
    if share is None:
        return ruleset.levels[reading.level].use if reading.level else None
    if exceeds(reading, ruleset) and ruleset.over.mode == "deduct" and reading.attainment is not None:
        share = min(share, ONE - (reading.attainment - ruleset.over.start))
    share = min(max(share, NONE), ONE)
    return share if ruleset.share_places is None else half_up(share, ruleset.share_places)


def _formula(reading: Reading, ruleset: RuleSet) -> Decimal | None:
    """The uncapped share by the formula of the row's direction; None where there is no number."""
    a, b = reading.a, reading.b
    measured = a is not None and a > 0 and b is not None
    if measured and reading.direction == REVERSE and ruleset.reverse == "2A":
        return 2 - max(b, NONE) / a  # type: ignore[operator,type-var]  # measured
    if measured and reading.direction == EQUAL and ruleset.equal != "B/A":
        off = abs(b - a) / a  # type: ignore[operator]  # measured
        return ONE - off if ruleset.equal == "deviation" else ONE if off == 0 else NONE
    return reading.attainment


def exceeds(reading: Reading, ruleset: RuleSet) -> bool:
    """Whether a higher-is-better amount is over the ratio from which the rule set looks at over-achievement."""
    amount = reading.direction not in (REVERSE, DEADLINE) and not reading.level and bool(reading.a)
    return amount and reading.attainment is not None and reading.attainment > ruleset.over.start


def score_rows(judged: pd.DataFrame, points: Points, ruleset: RuleSet, basis: str) -> pd.DataFrame:
    """Columns points, score, lost, points_exact and share (Decimal) and derivation for each judged row, on one basis.

    A score is ``points_exact`` × ``share`` rounded; ``points`` are the exact ones rounded, and the score at most these.
    On the basis ``declared`` a row that cannot be computed takes the printed status; on ``strict`` it earns nothing,
    nor does one with words alone where the target is a number or a date.
    """
    rows = []
    for row, most, why in zip(records(judged[SCORED]), points.each, points.why, strict=True):
        share, how = _share(row, ruleset, basis)
        full, score = _scored(most, why, share, ruleset)
        sentence = f"{how}；{why}，每项{plain(full)}分；得{plain(score)}分"
        if why.startswith(GIVEN):
            sentence = f"{how}；{why}；得{plain(score)}分"
        elif "尾差" in why:
            sentence = f"{how}；{why}，本项{plain(full)}分；得{plain(score)}分"
        rows.append((full, score, full - score, sentence, most, share))
    columns = ["points", "score", "lost", "derivation", "points_exact", "share"]
    return pd.DataFrame(rows, columns=columns, index=judged.index)


def sum_scores(judged: Sequence[Mapping[Any, Any]], points: Points, ruleset: RuleSet, basis: str) -> Decimal:
    """What :func:`score_rows` adds up to, for those who want nothing else; judged rows as records."""
    shares = [_share(row, ruleset, basis)[0] for row in judged]
    each = zip(points.each, points.why, shares, strict=True)
    return sum((_scored(most, why, share, ruleset)[1] for most, why, share in each), NONE)


def _scored(most: Decimal, why: str, share: Decimal, ruleset: RuleSet) -> tuple[Decimal, Decimal]:
    """A row's points, rounded, and its score."""
    # A printed weight stands as printed, also with more decimals than a score has.
    full = most if why.startswith(GIVEN) else half_up(most, ruleset.row_places)
    return full, min(half_up(most * share, ruleset.row_places), full)


def _share(row: Mapping[Any, Any], ruleset: RuleSet, basis: str) -> tuple[Decimal, str]:
    reading: Reading = row["reading"]
    share = ratio(reading, ruleset)
    if share is not None and basis != DECLARED and reading.unmeasured:
        return NONE, unmeasured(reading)
    if share is not None:
        return share, _how(row["attainment_why"], reading, share, ruleset)
    if row["declared_status"] in ("", UNDECIDED):
        return NONE, f"{row['attainment_why']}；文件也未写明是否完成，不计分"
    if basis != DECLARED:
        return NONE, f"{row['attainment_why']}；仅有申报“{row['declared_met']}”，严格口径不计分"
    share = ruleset.levels[row["declared_status"]].use
    return share, f"{row['attainment_why']}；按申报“{row['declared_met']}”计{percent(share)}"


def unmeasured(reading: Reading) -> str:
    """Why words alone earn nothing against a target that can be measured."""
    wanted = "时间" if reading.target.kind == "date" else "数"
    said = " ".join(reading.actual.raw.split())
    said = said if len(said) <= SHOWN else f"{said[:SHOWN]}…"
    return f"目标{describe(reading.target)}要有{wanted}，实际只写“{said}”，严格口径不计分"


def unmeasured_notes(judged: pd.DataFrame) -> tuple[str, ...]:
    """How many rows the strict basis gives nothing because words stand where a figure was wanted, and which."""
    names = [
        " ".join(str(name).split())
        for name, reading in zip(judged["indicator"], judged["reading"], strict=True)
        if reading.unmeasured
    ]
    if not names:
        return ()
    listed = "、".join(names[:NAMED]) + (f"等{len(names)}项" if len(names) > NAMED else "")
    return (f"{len(names)}项指标的目标要有数或时间，实际只写文字，严格口径不计分：{listed}",)


def _how(why: str, reading: Reading, share: Decimal, ruleset: RuleSet) -> str:
    """How a computed share came about, after what was read."""
    if reading.attainment is None:
        band = ruleset.levels[reading.level]
        if reading.level == MET and share == ONE:
            return why
        return f"{why}；定性“{reading.level}”档为{percent(band.low)}—{percent(band.high)}，取{percent(share)}"
    extra = _exception(reading, share, ruleset)
    return f"{why}；{extra}" if extra else why


def _exception(reading: Reading, share: Decimal, ruleset: RuleSet) -> str:
    """Which rule besides the plain formula had its say on a computed share; empty where none had."""
    if exceeds(reading, ruleset) and ruleset.over.mode != "ignore" and reading.attainment is not None:
        over = f"完成率{percent(reading.attainment)}，超过{percent(ruleset.over.start)}"
        return f"{over}，须说明原因" if ruleset.over.mode == "annotate" else f"{over}部分扣减，计{percent(share)}"
    if reading.direction == REVERSE and ruleset.reverse == "2A" and share not in (NONE, ONE):
        return f"超过目标部分线性扣分，计{percent(share)}"
    if reading.direction == EQUAL and ruleset.equal != "B/A" and share != ONE:
        return f"须与目标相等，偏离{'按比例扣减' if ruleset.equal == 'deviation' else '不计分'}，计{percent(share)}"
    if ruleset.share_places is not None and share not in (NONE, ONE):
        return f"得分系数{percent(share)}"
    return ""


def total(rows: pd.DataFrame, points: Points, rate: Decimal | None, ruleset: RuleSet, basis: str) -> Score:
    """The total on one basis: execution points × rate (at most 1), the rows' scores, printed scores of other parts.

    Takes the frame of :func:`score_rows`.
    """
    return total_of(sum(rows["score"], NONE), points, rate, ruleset, basis)


def total_of(earned: Decimal, points: Points, rate: Decimal | None, ruleset: RuleSet, basis: str) -> Score:
    """:func:`total` where the rows have earned so much together.

    Without a rate the points of execution can be neither earned nor lost: they are not among those that could be had,
    and there is no grade; nor is there one while rows wait to be filled in. Where weights do not add up to 100 there is
    one only if the total and its share of what can be had agree; where rows are undecided, only if they do not matter.
    """
    executed = min(max(rate, Decimal(0)), Decimal(1)) if rate is not None else Decimal(0)
    unscored = points.execution if rate is None else Decimal(0)
    execution = half_up(points.execution * executed, ruleset.row_places)
    whole = half_up(execution + earned + points.others.score, ruleset.total_places)
    possible = half_up(points.possible - unscored, 2)
    open_ = half_up(sum((points.each[at] for at in points.undecided), NONE), 2)
    score = Score(
        ruleset.name,
        ruleset.title,
        basis,
        float(execution),
        float(earned),
        float(whole),
        float(possible),
        "",
        float(points.others.score),
        float(points.others.points),
        float(unscored),
        points.awaited,
        float(max(NONE, min(open_, possible - whole))),  # rounded up twice, they would be more than can be had
    )
    graded = ruleset.grades if points.each and score.of_one_form else ()  # execution alone is no total
    ends = (whole, Decimal(str(score.most)))
    shares = [end * 100 / Decimal(str(score.possible)) for end in ends] if graded else []
    found = {next((name for name, lowest in graded if one >= lowest), "") for one in (*ends, *shares)}
    return replace(score, grade=found.pop() if len(found) == 1 else "")


def reproduces(score: Score, printed: Decimal | None) -> bool | None:
    """Whether a total, rounded to the decimals the document prints, is the printed one.

    None where there is no total or none is printed, and where it would be if rows that nothing decides had earned some
    of their points.
    """
    if printed is None or score.total is None:
        return None
    places = max(0, -int(printed.as_tuple().exponent))
    least, most = (half_up(Decimal(str(end)), places) for end in (score.total, score.most))
    return True if least == printed else None if least < printed <= most else False
