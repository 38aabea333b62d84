"""All offices of a district in one year, side by side: with control limits, ranges, reasons; never a bare ranking.

Only what is evaluated is compared: an office that has not filled its form in yet, has no indicators, or of which nobody
can judge any row has no score and no completion, so it is in no rank, band, median, quartile, limit or sum, and named.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from perfeval.analysis.attention import attention
from perfeval.analysis.bands import COLUMNS as STANDING
from perfeval.analysis.bands import standing
from perfeval.analysis.district import district_total
from perfeval.analysis.funnel import TAILS, limits, zones
from perfeval.analysis.statistics import completion_rates
from perfeval.model import folding
from perfeval.model.peers import NO_ROWS, Peers
from perfeval.model.results import DECLARED, ONE_FORM, STRICT, Evaluation, RuleSet
from perfeval.model.schema import CATEGORIES
from perfeval.model.states import EVALUATED, NOT_FILLED, WHY
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
    every = {result.subdistrict: result for result in ordered}
    held = {name: result for name, result in every.items() if not _why_left_out(result)}
    if len(every) < len(ordered) or any(result.year != year for result in ordered):
        raise ValueError("每个街道须恰好有一份同一年度的评价")
    left = pd.DataFrame(sorted(failed), columns=["subdistrict", "name", "why"], dtype="str")
    without = _unevaluated(every)
    offices = _offices(held)
    met, most, rows = (int(offices[name].sum()) for name in ("met", "most", "rows"))
    bounds = (met / rows, most / rows) if rows else (NAN, NAN)
    offices = offices.assign(zone=zones(offices["met"], offices["most"], offices["rows"], bounds))[list(ORDER)]
    return Peers(
        district=district,
        city=next((result.city for result in ordered if result.city), ""),
        year=year,
        ruleset=ruleset,
        evaluations=every,
        offices=offices,
        failed=left,
        unevaluated=without,
        completion_low=bounds[0],
        completion_high=bounds[1],
        funnel=_funnel(offices["rows"], bounds),
        heat=_heat(held),
        unmet=_unmet(held),
        attention=attention(offices, pd.concat([left, without], ignore_index=True), _looked_at(every), bounds),
        quartiles=_quartiles(offices),
        total=district_total(held, ruleset),
        notes=_notes(offices, left, without),
    )


def _unevaluated(evaluations: Mapping[str, Evaluation]) -> pd.DataFrame:
    """The offices without a score: subdistrict, name, state, why."""
    rows = [
        (name, result.name, result.state, why) for name, result in evaluations.items() if (why := _why_left_out(result))
    ]
    return pd.DataFrame(rows, columns=["subdistrict", "name", "state", "why"], dtype="str")


def _why_left_out(result: Evaluation) -> str:
    """Why an office has no total that may stand beside others'; empty where it has one."""
    score = result.scores[DECLARED]
    if result.state != EVALUATED or score.of_one_form:
        return WHY[result.state]
    listed = "只列出" if score.possible < ONE_FORM[0] else "列出几份表共"
    return f"{listed}{score.possible:g}分的项目，不能与其他街道比较"


def _looked_at(evaluations: Mapping[str, Evaluation]) -> dict[str, Evaluation]:
    """Those whose findings say more than that nothing is filled in."""
    return {name: result for name, result in evaluations.items() if result.state != NOT_FILLED}


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
                "score": result.scores[DECLARED].known,
                "score_low": float(totals.min()),
                "score_high": float(totals.max()),
                "strict": result.scores[STRICT].known,
                "declared_score": _number(result.declared_score),
                "reproduced_by": tuple(sorted(result.alternatives.loc[given, "ruleset"])),
                "grade": result.grade,
            }
            | {name.lower(): int(severity.get(name, 0)) for name in ("P0", "P1", "P2")}
            | {"unmet": len(result.unmet), "unverified": len(result.unverified)}
        )
    frame = pd.DataFrame(rows, columns=list(TYPES)).astype(TYPES)
    return frame.join(_standing(frame, held))


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

_HEAD, _TAIL = list(TYPES)[: list(TYPES).index("p0")], list(TYPES)[list(TYPES).index("p0") :]
_PLACE = _HEAD.index("completion_high") + 1
ORDER = (*_HEAD[:_PLACE], "zone", *_HEAD[_PLACE:], *STANDING, *_TAIL)
"""The columns of offices."""


def _standing(offices: pd.DataFrame, held: Mapping[str, Evaluation]) -> pd.DataFrame:
    """band, rank_low, rank_high, percentile, above_median of each office (:mod:`.bands`)."""
    tables = {name: result.alternatives.set_index("ruleset")[list(SCORES)].stack() for name, result in held.items()}
    readings = pd.DataFrame(tables).T if tables else pd.DataFrame(index=pd.Index([], dtype="str"))
    return standing(readings, offices["score"]).reset_index(drop=True)


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


def _notes(offices: pd.DataFrame, failed: pd.DataFrame, without: pd.DataFrame) -> tuple[str, ...]:
    notes = []
    counted = int(offices["zone"].ne(NO_ROWS).sum())
    if counted:
        chance = counted * 2 * TAILS["95"]
        notes.append(f"{counted}个街道即使没有差别，按95%界限平均也会有最多{chance:.1f}个落在界外")
    if len(failed):
        notes.append(f"另有{len(failed)}个街道没有评价结果，不在比较之内")
    notes += [f"{row['name']}{row['why']}，不计入合计、中位数、分档和控制限" for row in without.to_dict("records")]
    together = int(offices["band"].duplicated(keep=False).sum())
    if together:
        notes.append(f"{together}个街道的得分在各套规则、两种口径下分不出先后，与分不开的街道归为同一档，档内不排名次")
    return tuple(notes)
