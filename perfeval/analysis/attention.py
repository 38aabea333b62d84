"""What needs attention first in a district, ordered by how urgent it is, each with the reason."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.analysis.findings.deviations import OVERSPENT as OVERSPENT_RATE
from perfeval.analysis.findings.money import LOW_RATE
from perfeval.model.peers import (
    ABOVE,
    ABOVE_FAR,
    BELOW,
    BELOW_FAR,
    KINDS,
    MANY_UNMET,
    NOT_EVALUATED,
    OUTSIDE,
    OVERSPENT,
    SEVERE,
    UNDECIDABLE,
    UNDERSPENT,
    UNREPRODUCED,
    ZONES,
)
from perfeval.model.results import Evaluation
from perfeval.model.rounding import money, plain, points
from perfeval.model.rounding import percent as percentage
from perfeval.model.verdicts import COUNTS

UNDECIDED_SHARE = 0.2
"""From this share of rows on that nobody can verify, the bounds of the completion are a fifth apart."""
MANY_TIMES, MANY_LEAST = 2, 3
"""Twice the district's median of unmet indicators, and at least three: one or two are in most reports."""
COLUMNS = ("kind", "subdistrict", "name", "what", "why")
OUTSIDE_ORDER = (BELOW_FAR, BELOW, ABOVE_FAR, ABOVE)
WHY_ABOVE = "指标偏易或申报偏高时也会如此，核对目标值和佐证材料"

Item = tuple[str, float, str, str, str, str]
"""kind, place inside the kind (lower first), subdistrict, name, what, why."""


def attention(
    offices: pd.DataFrame, failed: pd.DataFrame, evaluations: Mapping[str, Evaluation], overall: tuple[float, float]
) -> pd.DataFrame:
    """The list of :attr:`~perfeval.model.peers.Peers.attention`, from its offices and failed frames.

    ``overall`` are the bounds of the pooled completion.
    """
    items: list[Item] = [
        (NOT_EVALUATED, 0.0, row["subdistrict"], row["name"], _without(row), row["why"])
        for row in failed.to_dict("records")
    ]
    items += [item for name, result in evaluations.items() for item in _severe(name, result)]
    median = float(offices["unmet"].median()) if len(offices) else float("nan")
    for row in offices.to_dict("records"):
        items += _of_rates(row, overall)
        items += _of_counts(row, median)
    items.sort(key=lambda item: (KINDS.index(item[0]), item[1], item[2]))
    rows = [(kind, subdistrict, name, what, why) for kind, _, subdistrict, name, what, why in items]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def _without(row: Mapping[Any, Any]) -> str:
    """What there is instead of an evaluation: the state of what is on file, where there is something."""
    return "没有评价结果" if pd.isna(row.get("state")) else f"没有评价结果：{row['state']}"


def _severe(subdistrict: str, result: Evaluation) -> Iterator[Item]:
    """The P0 findings of a report in one line: what they are, and the first in full."""
    severe = result.findings[result.findings["severity"].eq("P0")]
    if severe.empty:
        return
    times = severe.groupby("title", sort=False).size()
    titles = "、".join(f"{title}（{count}处）" if count > 1 else str(title) for title, count in times.items())
    first = severe.iloc[0]
    place = f"{first['place']}：" if first["place"] else ""
    more = f"；另有{len(severe) - 1}处，见其年度报告" if len(severe) > 1 else ""
    yield SEVERE, -len(severe), subdistrict, result.name, f"{len(severe)}处：{titles}", f"{place}{first['fact']}{more}"


def _of_rates(row: Mapping[Any, Any], overall: tuple[float, float]) -> Iterator[Item]:
    """Completion outside the control limits; execution over 100 % or low."""
    who = (row["subdistrict"], row["name"])
    if row["zone"] in OUTSIDE_ORDER:
        span = f"{row['met']}—{row['most']}" if row["met"] < row["most"] else f"{row['met']}"
        counts = f"{row['rows']}项中完成{span}项，{_bounds(row['completion_low'], row['completion_high'])}"
        compared = f"全区合计{_bounds(*overall)}，差别超出指标项数所能解释的范围"
        high = row["zone"] in ZONES[ZONES.index(ABOVE) :]
        place = float(OUTSIDE_ORDER.index(row["zone"]))
        yield OUTSIDE, place, *who, f"完成率{row['zone']}：{counts}", f"{compared}；{WHY_ABOVE}" if high else compared
    rate = row["execution_rate"]
    spent = f"预算{money(row['budget'])}万元，执行{money(row['executed'])}万元"
    if rate > OVERSPENT_RATE:
        yield OVERSPENT, -rate, *who, f"执行率{_percent(rate)}", f"{spent}；执行数不应超过预算数，核对口径或调整手续"
    elif rate < LOW_RATE:
        yield UNDERSPENT, rate, *who, f"执行率{_percent(rate)}", f"{spent}；低于{_percent(LOW_RATE)}的须说明原因"


def _of_counts(row: Mapping[Any, Any], median: float) -> Iterator[Item]:
    """A declared score no rule set gives; many rows undecided; many unmet."""
    who = (row["subdistrict"], row["name"])
    if pd.notna(row["declared_score"]) and not row["reproduced_by"]:
        between = f"各套规则的复算在{_points(row['score_low'])}—{_points(row['score_high'])}分之间"
        gap = abs(row["declared_score"] - row["score"])
        yield (
            UNREPRODUCED,
            -gap,
            *who,
            f"自评{_points(row['declared_score'])}分",
            f"{between}，没有一套得出自评得分",
        )
    unknown = row["declared"] + row["undecided"]
    share = unknown / row["rows"] if row["rows"] else 0.0
    if share >= UNDECIDED_SHARE:
        parts = [f"{row[name]}项{COUNTS[name]}" for name in ("declared", "undecided") if row[name]]
        why = f"{row['rows']}项中{'、'.join(parts)}，没有可比的数据"
        yield UNDECIDABLE, -share, *who, f"{unknown}项须补证据（{_percent(share)}）", why
    if row["unmet"] >= max(MANY_LEAST, MANY_TIMES * median):
        yield MANY_UNMET, -row["unmet"], *who, f"{row['unmet']}项未完成或部分完成", f"全区各街道的中位数是{median:g}项"


def _points(value: float) -> str:
    """A score without trailing zeros."""
    return plain(Decimal(points(value)))


def _bounds(low: float, high: float) -> str:
    """The bounds of a completion; one figure where nothing is open."""
    return _percent(low) if low == high else f"{_percent(low)}—{_percent(high)}"


def _percent(share: float) -> str:
    return percentage(Decimal(str(share)))
