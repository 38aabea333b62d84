"""All offices of a district in one year, side by side: with control limits, ranges, reasons; never a bare ranking."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from perfeval.analysis.attention import attention
from perfeval.analysis.district import district_total
from perfeval.analysis.funnel import TAILS, limits, zones
from perfeval.analysis.statistics import completion_rates
from perfeval.model import folding
from perfeval.model.peers import NO_ROWS, Peers
from perfeval.model.results import STRICT, Evaluation, RuleSet
from perfeval.model.schema import CATEGORIES
from perfeval.model.verdicts import COUNTS

NAN = float("nan")
MARGIN = 5
"""How many more and fewer indicators than any office has the control limits are given for: room at a chart's edges."""
MEASURES = ("score", "execution_rate", "completion_low", "completion_high")
UNMET = ["goal_no", "goal", "category", "indicator", "target", "actual", "status", "lost", "reason", "measure"]
COUNTED = ["rows", *COUNTS, "most"]
HEAT = ["subdistrict", "name", "category", *COUNTED, "low", "high"]
SCORES = ("declared", "strict")
"""The columns of :attr:`~perfeval.model.results.Evaluation.alternatives` that hold totals."""


def compare(
    evaluations: Iterable[Evaluation],
    ruleset: RuleSet,
    *,
    district: str = "",
    year: int = 0,
    failed: Iterable[tuple[str, str, str]] = (),
) -> Peers:
    """The offices of one district and year beside each other.

    ``evaluations`` are all of ``year`` under ``ruleset``, one per sub-district; ``failed`` are the offices that could
    not be evaluated (subdistrict, name, why). ``ValueError`` for two evaluations of one sub-district, and for years
    that differ.
    """
    ordered = sorted(evaluations, key=lambda result: result.subdistrict)
    held = {result.subdistrict: result for result in ordered}
    if len(held) < len(ordered) or any(result.year != year for result in ordered):
        raise ValueError("每个街道须恰好有一份同一年度的评价")
    left = pd.DataFrame(sorted(failed), columns=["subdistrict", "name", "why"], dtype="str")
    offices = _offices(held)
    met, most, rows = (int(offices[name].sum()) for name in ("met", "most", "rows"))
    bounds = (met / rows, most / rows) if rows else (NAN, NAN)
    offices = offices.assign(zone=zones(offices["met"], offices["most"], offices["rows"], bounds))[list(ORDER)]
    return Peers(
        district=district,
        city=next((result.city for result in ordered if result.city), ""),
        year=year,
        ruleset=ruleset,
        evaluations=held,
        offices=offices,
        failed=left,
        completion_low=bounds[0],
        completion_high=bounds[1],
        funnel=_funnel(offices["rows"], bounds),
        heat=_heat(held),
        unmet=_unmet(held),
        attention=attention(offices, left, held, bounds),
        quartiles=_quartiles(offices),
        total=district_total(held, ruleset),
        notes=_notes(offices, left),
    )


def _offices(held: Mapping[str, Evaluation]) -> pd.DataFrame:
    rows = []
    for result in held.values():
        overall = result.completion.overall.iloc[0]
        totals = result.alternatives[list(SCORES)].to_numpy()
        severity = result.findings["severity"].value_counts()
        given = result.alternatives["reproduces"].eq(True)
        rows.append(
            {"subdistrict": result.subdistrict, "name": result.name}
            | {name: int(overall[name]) for name in COUNTED}
            | {f"completion_{end}": overall[end] for end in ("low", "high")}
            | {
                "execution_rate": _number(result.execution.rate),
                "budget": _number(result.execution.budget),
                "executed": _number(result.execution.executed),
                "score": result.score,
                "score_low": float(totals.min()),
                "score_high": float(totals.max()),
                "strict": result.scores[STRICT].total,
                "declared_score": _number(result.declared_score),
                "reproduced_by": tuple(sorted(result.alternatives.loc[given, "ruleset"])),
                "grade": result.grade,
            }
            | {name.lower(): int(severity.get(name, 0)) for name in ("P0", "P1", "P2")}
            | {"unmet": len(result.unmet), "unverified": len(result.unverified)}
        )
    frame = pd.DataFrame(rows, columns=list(TYPES)).astype(TYPES)
    return frame.join(_ranks(frame, held))


TYPES = {
    "subdistrict": "str",
    "name": "str",
    **dict.fromkeys(COUNTED, "int64"),
    **dict.fromkeys(("completion_low", "completion_high", "execution_rate", "budget", "executed"), "float64"),
    **dict.fromkeys(("score", "score_low", "score_high", "strict", "declared_score"), "float64"),
    "reproduced_by": "object",
    "grade": "str",
    **dict.fromkeys(("p0", "p1", "p2", "unmet", "unverified"), "int64"),
}

RANKS = ("rank", "tied", "standing", "rank_low", "rank_high", "percentile", "above_median")
_HEAD, _TAIL = list(TYPES)[: list(TYPES).index("p0")], list(TYPES)[list(TYPES).index("p0") :]
_PLACE = _HEAD.index("completion_high") + 1
ORDER = (*_HEAD[:_PLACE], "zone", *_HEAD[_PLACE:], *RANKS, *_TAIL)
"""The columns of offices."""


def _ranks(offices: pd.DataFrame, held: Mapping[str, Evaluation]) -> pd.DataFrame:
    """rank, tied, standing, rank_low, rank_high, percentile, above_median of each office."""
    score = offices["score"]
    rank = _rank(score)
    tied = score.duplicated(keep=False)
    ranges = np.array([[NAN, NAN]] * len(offices)).reshape(len(offices), 2)
    if len(offices):
        tables = [result.alternatives.set_index("ruleset")[list(SCORES)].stack() for result in held.values()]
        places = pd.concat(tables, axis=1).apply(_rank, axis=1)
        ranges = np.column_stack([places.min(), places.max()])
    others = max(len(offices) - 1, 0)
    below = score.rank(method="average") - 1
    return pd.DataFrame(
        {
            "rank": rank,
            "tied": tied,
            "standing": pd.Series(
                [f"{place}（并列）" if tie else str(place) for place, tie in zip(rank, tied, strict=True)], dtype="str"
            ),
            "rank_low": pd.Series(ranges[:, 0]).astype("int64"),
            "rank_high": pd.Series(ranges[:, 1]).astype("int64"),
            "percentile": below / others if others else below * NAN,
            "above_median": (score - score.median()).round(4),
        }
    )


def _rank(score: pd.Series) -> pd.Series:
    """1 for the highest; equal scores share the better rank."""
    return score.rank(method="min", ascending=False).astype("int64")


def _number(value: float | None) -> float:
    return NAN if value is None else float(value)


def _funnel(rows: pd.Series, bounds: tuple[float, float]) -> pd.DataFrame:
    some = rows[rows > 0]
    if some.empty:
        return limits(np.array([], dtype="int64"), bounds)
    return limits(np.arange(max(1, some.min() - MARGIN), some.max() + MARGIN + 1), bounds)


def _heat(held: Mapping[str, Evaluation]) -> pd.DataFrame:
    columns = ["category", "status", "basis"]
    frames = [result.indicators[columns].assign(subdistrict=name) for name, result in held.items()]
    rows = (
        pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=[*columns, "subdistrict"], dtype="str")
    )
    found = completion_rates(rows, ["subdistrict", "category"])
    used = [category for category in CATEGORIES if rows["category"].eq(category).any()]
    every = pd.MultiIndex.from_product([list(held), used], names=["subdistrict", "category"])
    whole = found.set_index(["subdistrict", "category"]).reindex(every).reset_index()
    whole[COUNTED] = whole[COUNTED].fillna(0).astype("int64")
    names = {name: result.name for name, result in held.items()}
    return whole.assign(name=whole["subdistrict"].map(names).astype("str"))[HEAT]


def _unmet(held: Mapping[str, Evaluation]) -> pd.DataFrame:
    order = ["subdistrict", "name", *UNMET, "offices", "file", "row"]
    frames = [
        result.unmet[[*UNMET, "file", "row"]].assign(subdistrict=name, name=result.name)
        for name, result in held.items()
        if len(result.unmet)
    ]
    if not frames:
        return pd.DataFrame(columns=order)
    rows = pd.concat(frames, ignore_index=True)
    name = rows["indicator"].map(folding.key)
    rows["offices"] = rows["subdistrict"].groupby(name).transform("nunique")
    rows["key"] = name
    ordered = rows.sort_values(
        ["offices", "key", "lost", "subdistrict", "row"], ascending=[False, True, False, True, True], kind="stable"
    )
    return ordered[order].reset_index(drop=True)


def _quartiles(offices: pd.DataFrame) -> pd.DataFrame:
    found = []
    for measure in MEASURES:
        values = offices[measure].dropna()
        found.append((measure, len(values), *(values.quantile(share) for share in (0.0, 0.25, 0.5, 0.75, 1.0))))
    return pd.DataFrame(found, columns=["measure", "n", "low", "lower", "median", "upper", "high"])


def _notes(offices: pd.DataFrame, failed: pd.DataFrame) -> tuple[str, ...]:
    notes = []
    counted = int(offices["zone"].ne(NO_ROWS).sum())
    if counted:
        chance = counted * 2 * TAILS["95"]
        notes.append(f"{counted}个街道即使没有差别，按95%界限平均也会有最多{chance:.1f}个落在界外")
    if len(failed):
        notes.append(f"另有{len(failed)}个街道没有评价结果，不在比较之内")
    tied = offices["rank_low"].ne(offices["rank_high"]).sum()
    if tied:
        notes.append(f"{tied}个街道的名次随计分规则而变，名次须与其范围一起看")
    return tuple(notes)
