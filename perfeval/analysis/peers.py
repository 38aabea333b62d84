"""All offices of a district in one year, side by side: with control limits, ranges, reasons; never a bare ranking.

Only what is evaluated is compared: an office that has not filled its form in yet, has no indicators, or of which nobody
can judge any row has no score and no completion, so it is in no rank, band, median, quartile, limit or sum, and named.

Funnel plot: control limits for completion rates by number of indicators.

D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005): an office
whose indicators are met with the district's overall probability lies inside the 95 % (99.8 %) limits in at least 95 %
(99.8 %) of cases, whatever the number of its indicators. He interpolates between the whole numbers of the binomial
distribution to make the limits smooth; here they are the plain exact ones, so that the verdict on an office and its
place between the drawn limits always agree and nobody is outside who has not earned it (with 40 indicators and 95 %
overall, all 40 are met once in eight times; the interpolated limit would be below 100 %).

Where rows cannot be verified, the completion of an office and of the district has bounds. An office is outside only if
it is so at either end of both: below the lowest limit even if all its open rows were met, above the highest even if
none were. It is inside only if that, too, holds at either end; else nothing is said of it.

Bands of offices that cannot be told apart: an order is shown only where it holds under every admissible reading.

Admissible readings are the totals of the same rows under every rule set and on both bases
(:attr:`~perfeval.model.results.Evaluation.alternatives`), each from a lowest to a highest: rows that nothing decides
count as nothing, and may have been met. An office is *above* another if its lowest is at least the other's highest
under every reading and more by over :data:`UNIT` under one of them. That is transitive and never both ways, but
leaves pairs open: neither is above the other. Offices joined by a chain of such pairs are one *band*. So of two bands
every office of the one is above every office of the other, a band cannot be split any further without ordering two
offices that are not, and neither the order nor the number of the offices given changes who is above whom.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from perfeval.analysis.attention import attention
from perfeval.analysis.completion import completion_rates
from perfeval.analysis.district import district_total
from perfeval.analysis.execution import pooled
from perfeval.model import folding
from perfeval.model.peers import ABOVE, ABOVE_FAR, BELOW, BELOW_FAR, NO_ROWS, NOT_CERTAIN, WITHIN, Peers
from perfeval.model.results import BASES, DECLARED, ONE_FORM, STRICT, Evaluation
from perfeval.model.ruleset import RuleSet
from perfeval.model.schema import AMOUNTS, CATEGORIES
from perfeval.model.verdicts import COUNTS, EVALUATED, NOT_FILLED, WHY

TAILS = {"95": 0.025, "998": 0.001}
"""Probability beyond each limit on one side: about two and three standard deviations, as Spiegelhalter draws them."""
LIMIT_COLUMNS = ("rows", "low998", "low95", "high95", "high998")
SUMMED = 1e-12
"""Rounding of the summed probabilities."""


Bounds = tuple[float, float]
"""The lowest and the highest the district's completion can be (0…1); alike where nothing is open."""


def limits(rows: np.ndarray, overall: Bounds) -> pd.DataFrame:
    """Exact binomial control limits for each number of indicators (above zero): the frame ``funnel`` of
    :class:`~perfeval.model.peers.Peers`.

    low: the fewest met, as a ratio, whose lower tail is above the limit's probability, at the lowest ``overall``; high:
    the most met whose upper tail is, at the highest. NaN all through where ``overall`` is NaN.
    """
    low, high = overall
    found = [(*_limits(int(n), low)[:3], *_limits(int(n), high)[3:]) for n in rows]
    return pd.DataFrame(found, columns=list(LIMIT_COLUMNS)).astype({"rows": "int64"})


def zones(met: pd.Series, most: pd.Series, rows: pd.Series, overall: Bounds) -> pd.Series:
    """The verdict word of each office, from its counts: met for certain, at most, and rows."""
    low, high = overall
    best = _zones(most, rows, (low, low))
    worst = _zones(met, rows, (high, high))
    below, above = best.isin([BELOW, BELOW_FAR]), worst.isin([ABOVE, ABOVE_FAR])
    same = best.eq(worst)
    return best.where(below | same, worst.where(above, NOT_CERTAIN))


def _zones(met: pd.Series, rows: pd.Series, overall: Bounds) -> pd.Series:
    """The verdict words where nothing is open."""
    share = met / rows.where(rows > 0)
    bounds = limits(rows.where(rows > 0, 1).to_numpy(), overall).set_index(rows.index)
    verdict = np.select(
        [
            rows.eq(0),
            share < bounds["low998"] - SUMMED,
            share < bounds["low95"] - SUMMED,
            share > bounds["high998"] + SUMMED,
            share > bounds["high95"] + SUMMED,
        ],
        [NO_ROWS, BELOW_FAR, BELOW, ABOVE_FAR, ABOVE],
        default=WITHIN,
    )
    return pd.Series(verdict, index=rows.index, dtype="str")


def _limits(n: int, overall: float) -> tuple[float, ...]:
    if np.isnan(overall):
        return (n, *[float("nan")] * 4)
    chance = _chances(n, overall)
    at_most, at_least = np.cumsum(chance), np.cumsum(chance[::-1])[::-1]
    low = {name: int(np.argmax(at_most > tail + SUMMED)) / n for name, tail in TAILS.items()}
    high = {name: (n - int(np.argmax(at_least[::-1] > tail + SUMMED))) / n for name, tail in TAILS.items()}
    return n, low["998"], low["95"], high["95"], high["998"]


def _chances(n: int, overall: float) -> np.ndarray:
    """The probabilities of 0…n met."""
    if overall in (0.0, 1.0):
        certain = np.zeros(n + 1)
        certain[n if overall else 0] = 1.0
        return certain
    factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    met = np.arange(n + 1)
    ways = factorial[n] - factorial[met] - factorial[n - met]
    found: np.ndarray = np.exp(ways + met * np.log(overall) + (n - met) * np.log1p(-overall))
    return found


UNIT = 0.01
"""Points: the last decimal of a total. Totals that differ by no more may differ by rounding alone."""
SLACK = 1e-9
"""Binary arithmetic: 90.01 − 90 is a little more than 0.01."""
STANDING = ("band", "rank_low", "rank_high", "percentile", "above_median")


def above(lowest: np.ndarray, highest: np.ndarray) -> np.ndarray:
    """Whether office i (row) is above office j (column), from the ends of totals by office and reading; NaN leaves a
    pair open."""
    count = len(lowest)
    never_less = np.ones((count, count), dtype=bool)
    once_more = np.zeros((count, count), dtype=bool)
    for low, high in zip(lowest.T, highest.T, strict=True):
        gap = low[:, None] - high[None, :]
        never_less &= gap >= -SLACK
        once_more |= gap > UNIT + SLACK
    return never_less & once_more


def bands(over: np.ndarray) -> np.ndarray:
    """The band of each office, 1 for the highest, from who is above whom."""
    order = np.argsort(over.sum(axis=0), kind="stable")
    sorted_ = over[np.ix_(order, order)]
    found = np.zeros(len(order), dtype="int64")
    band, reach = 1, -1
    for place, office in enumerate(order):
        # All before this place are above all from it on: nothing ties the two sides together.
        if place and reach < place:
            band += 1
        found[office] = band
        open_ = np.flatnonzero(~sorted_[place])
        reach = max(reach, int(open_[-1]))
    return found


def standing(lowest: pd.DataFrame, highest: pd.DataFrame, chosen: pd.Series) -> pd.DataFrame:
    """Where each office stands, as far as it holds: :data:`STANDING`, by the index of ``lowest``.

    ``lowest`` and ``highest`` are the ends of totals by office (index) and reading (columns), ``chosen`` the totals
    that are shown. rank_low and
    rank_high are the best and worst rank possible, over all readings and within the order that holds; percentile (share
    of the other offices below, ties by half) and above_median (points above the median of ``chosen``) are NaN where
    they, or on which side of the median the office is, change with the reading or with what is open.
    """
    ends = lowest.to_numpy(dtype="float64"), highest.to_numpy(dtype="float64")
    over = above(*ends)
    low, high = _ranks(*ends)
    return pd.DataFrame(
        {
            "band": bands(over),
            "rank_low": np.maximum(low, 1 + over.sum(axis=0)),
            "rank_high": np.minimum(high, len(over) - over.sum(axis=1)),
            "percentile": _percentile(*ends),
            "above_median": _above_median(*ends, chosen.to_numpy(dtype="float64")),
        },
        index=lowest.index,
    )


def _ranks(lowest: np.ndarray, highest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Best and worst rank over the readings; within :data:`UNIT` either of two may be before the other."""
    count = len(lowest)
    best, worst = np.full(count, count), np.ones(count, dtype="int64")
    for low, high in zip(lowest.T, highest.T, strict=True):
        more = (low[None, :] - high[:, None] > UNIT + SLACK).sum(axis=1)
        less = (low[:, None] - high[None, :] > UNIT + SLACK).sum(axis=1)
        best, worst = np.minimum(best, 1 + more), np.maximum(worst, count - less)
    return best, worst


def _percentile(lowest: np.ndarray, highest: np.ndarray) -> np.ndarray:
    count = len(lowest)
    if count <= 1:
        return np.full(count, np.nan)
    shares = [_below(own, other) for pair in zip(lowest.T, highest.T, strict=True) for own, other in (pair, pair[::-1])]
    found = np.array(shares).T / (count - 1)
    known = ~np.isnan(lowest).any(axis=1) & (np.ptp(found, axis=1) <= SLACK)
    return np.where(known, found[:, 0], np.nan)


def _below(own: np.ndarray, others: np.ndarray) -> np.ndarray:
    """How many of the others are below each, one that is equal by half."""
    apart = ~np.eye(len(own), dtype=bool)
    less, same = others[None, :] < own[:, None], others[None, :] == own[:, None]
    found: np.ndarray = (less & apart).sum(axis=1) + (same & apart).sum(axis=1) / 2
    return found


def _above_median(lowest: np.ndarray, highest: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    if not len(lowest):
        return np.array([], dtype="float64")
    least, most = lowest - np.median(highest, axis=0), highest - np.median(lowest, axis=0)
    one_side = (least >= -SLACK).all(axis=1) | (most <= SLACK).all(axis=1)
    return np.where(one_side, np.round(chosen - np.median(chosen), 4), np.nan)


NAN = float("nan")
MARGIN = 5
"""How many more and fewer indicators than any office has the control limits are given for: room at a chart's edges."""
MEASURES = ("score", "execution_rate", "completion_low", "completion_high")
UNMET = ["goal_no", "goal", "category", "indicator", "target", "actual", "status", "lost", "reason", "measure"]
COUNTED = ["rows", *COUNTS, "most"]
HEAT = ["subdistrict", "name", "category", *COUNTED, "low", "high"]


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
    money = pooled(_money(every))
    met, most, rows = (int(offices[name].sum()) for name in ("met", "most", "rows"))
    bounds = (met / rows, most / rows) if rows else (NAN, NAN)
    offices = offices.assign(zone=zones(offices["met"], offices["most"], offices["rows"], bounds))[list(ORDER)]
    return Peers(
        district=district,
        city="、".join(sorted({result.city for result in ordered if result.city})),
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
        pooled=money,
        total=district_total(held, ruleset, money),
        notes=(*_notes(offices, left, without), *_open(held), *_on_opening(held)),
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
    if result.state != EVALUATED or score.of_hundred:
        return WHY[result.state]
    if score.awaited:
        return f"{result.beside_no_other}，不能与其他街道比较"
    if score.unscored:
        return f"{result.execution.why}，预算执行不计分，不能与其他街道比较"
    listed = (
        "只列出" if score.possible < ONE_FORM[0] else "列出几份表共" if score.possible > ONE_FORM[1] else "所列分值共"
    )
    return f"{listed}{score.possible:g}分的项目，不能与其他街道比较"


def _looked_at(evaluations: Mapping[str, Evaluation]) -> dict[str, Evaluation]:
    """Those whose findings say more than that nothing is filled in."""
    return {name: result for name, result in evaluations.items() if result.state != NOT_FILLED}


def _offices(held: Mapping[str, Evaluation]) -> pd.DataFrame:
    rows = []
    for result in held.values():
        overall = result.completion.overall.iloc[0]
        severity = result.findings["severity"].value_counts()
        given = result.alternatives["reproduces"].ne(False) & (result.declared_score is not None)
        rows.append(
            {"subdistrict": result.subdistrict, "name": result.name}
            | {name: int(overall[name]) for name in COUNTED}
            | {f"completion_{end}": overall[end] for end in ("low", "high")}
            | {
                "execution_rate": _number(result.execution.rate),
                "budget": _number(result.execution.budget),
                "executed": _number(result.execution.executed),
                "score": result.scores[DECLARED].known,
                **dict(zip(("score_low", "score_high"), result.score_range, strict=True)),
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
    """band, rank_low, rank_high, percentile, above_median of each office."""
    if not held:
        nothing = pd.DataFrame(index=pd.Index([], dtype="str"))
        return standing(nothing, nothing, offices["score"])
    tables = {name: result.alternatives.set_index("ruleset") for name, result in held.items()}
    lowest = {name: table[list(BASES)].stack() for name, table in tables.items()}
    highest = {name: table[list(BASES)].add(table["undecided"], axis=0).stack() for name, table in tables.items()}
    return standing(pd.DataFrame(lowest).T, pd.DataFrame(highest).T, offices["score"]).reset_index(drop=True)


def _money(evaluations: Mapping[str, Evaluation]) -> pd.DataFrame:
    """What is known of each office's money: subdistrict, state, budget, executed."""
    told = [
        (name, one.state, _number(one.execution.budget), _number(one.execution.executed))
        for name, one in evaluations.items()
    ]
    return pd.DataFrame(told, columns=["subdistrict", "state", "budget", "executed"])


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


def _on_opening(held: Mapping[str, Evaluation]) -> tuple[str, ...]:
    """Whose rate is of the opening budget, for want of an adjusted one: it stands beside rates of another kind."""
    names = [one.name for one in held.values() if one.execution.denominator == AMOUNTS["opening"]]
    return (f"{len(names)}个街道没有列全年预算数，执行率按年初预算数算：{'、'.join(names)}",) if names else ()


def _open(held: Mapping[str, Evaluation]) -> tuple[str, ...]:
    """Whose score may be higher than what is shown, because nobody can judge some of its indicators."""
    names = [one.name for one in held.values() if one.scores[DECLARED].undecided]
    told = f"{len(names)}个街道有无法判定的指标，复算和中位数按不得分计，得分可能更高，分档已计入：{'、'.join(names)}"
    return (told,) if names else ()


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
