"""A district as one unit: the offices' indicators put together, then scored once.

Aggregate, then score (see :mod:`~perfeval.analysis.district`): the mean of the offices' scores would hide that one
office is over its target while another is under it.

Aggregate, then score: one indicator table from those of several sub-units.

Hubei's self-evaluation form (note 2): completion values are put together first and scored once. Absolute values add up,
relative ones are averaged with the money of each sub-unit as weight, qualitative levels likewise by their place in the
bands. Scoring first and averaging then gives another result as soon as one sub-unit is over its target.
"""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from perfeval.analysis.allotment import share_points
from perfeval.analysis.completion import completion_rates
from perfeval.analysis.judging import judge
from perfeval.analysis.scoring import score_rows, total, unmeasured_notes
from perfeval.model import folding, phrases, units
from perfeval.model.peers import Pooled, Total
from perfeval.model.reading import Reading
from perfeval.model.results import BASES, DECLARED, STRICT, Evaluation
from perfeval.model.rounding import half_up, percent, plain
from perfeval.model.ruleset import RuleSet
from perfeval.model.schema import INDICATORS, MET, MISSED, PARTLY, UNDECIDED
from perfeval.model.verdicts import COMPUTED, EVALUATED, NOTHING, WORD

KEY = ["goal_no", "goal", "category", "subcategory", "indicator"]
PLACES = 4
"""Decimal places an averaged value is rounded to."""


def aggregate(indicators: pd.DataFrame, money: Mapping[str, Decimal], ruleset: RuleSet) -> pd.DataFrame:
    """The judged rows (see :func:`~perfeval.analysis.judging.judge`) of all sub-units together.

    ``indicators`` has the columns of the indicator table and ``unit_id``, the sub-unit of each row; ``money`` is the
    executed money (万元) of each sub-unit, its weight, 0 where nothing was spent. Rows of one indicator are those alike
    in goal, category, subcategory and name. What cannot be put together is 无法判定, and ``attainment_why`` says which
    sub-unit's row stands in the way. Raises ``ValueError`` for a sub-unit without money and for money below zero.
    """
    missing = sorted(set(indicators["unit_id"]) - money.keys())
    if missing or any(amount < 0 for amount in money.values()):
        raise ValueError(f"每个单位须有资金额：{'、'.join(missing) or '有单位的资金额小于0'}")
    single = judge(indicators)
    groups = [group for _, group in single.groupby(KEY, sort=False, dropna=False)]
    rows = [_together(group, money, ruleset) for group in groups]
    merged = pd.DataFrame([row for row, _, _ in rows], columns=INDICATORS.names).astype({"weight": object})
    judged = judge(merged)
    texts = zip(judged["reading"], judged["attainment_why"], rows, strict=True)
    told = [(found or reading, f"{how}；{why}" if how else why) for reading, why, (_, found, how) in texts]
    readings = [reading for reading, _ in told]
    whys = [reading.why if row[1] else why for (reading, why), row in zip(told, rows, strict=True)]
    attained = [float("nan") if one.attainment is None else float(one.attainment) for one in readings]
    status = [one.status for one in readings]
    return judged.assign(
        reading=pd.Series(readings, dtype=object),
        attainment=attained,
        attainment_why=whys,
        computed_status=status,
        status=status,
        basis=[_basis(one, group["basis"]) for one, group in zip(status, groups, strict=True)],
    )


def _basis(status: str, held: pd.Series) -> str:
    """What a row put together rests on: on the office's word as soon as one of its parts does."""
    if status == UNDECIDED:
        return NOTHING
    return COMPUTED if held.eq(COMPUTED).all() else WORD


Merged = tuple[dict[str, Any], Reading | None, str]
"""The row's cells, a reading that stands instead of the one of its texts, and how the texts came about."""


def _together(group: pd.DataFrame, money: Mapping[str, Decimal], ruleset: RuleSet) -> Merged:
    first = group.iloc[0]
    cells = {name: first[name] if name in first.index else "" for name in INDICATORS.names}
    cells |= {"direction": first["direction"], "declared_met": ""}
    readings: dict[str, Reading] = dict(zip(group["unit_id"], group["reading"], strict=True))
    levels = all(reading.level for reading in readings.values())
    apart = _apart(readings, len(group), levels=levels, spent=any(money[name] for name in readings))
    if apart:
        return _open(cells, first, f"{apart}，无法汇总")
    if levels:
        return _levels(cells, readings, money, ruleset)
    unit, operator, direction = _kind(next(iter(readings.values())))
    relative = units.dimension(unit) == "ratio"
    combine = _averaged if relative else _added
    (a, shown_a), (b, shown_b) = combine(readings, "a", money), combine(readings, "b", money)
    cells |= {
        "target": f"{operator}{plain(a)}{unit}",
        "actual": f"{plain(b)}{unit}",
        "unit": "",
        "direction": direction,
    }
    how = f"{len(readings)}个单位按资金额加权平均" if relative else f"{len(readings)}个单位累加"
    return cells, None, f"{how}：目标{shown_a}{unit}，实际{shown_b}{unit}"


def _kind(reading: Reading) -> tuple[str, str, str]:
    return reading.target.unit, reading.target.operator, reading.direction


def _apart(readings: Mapping[str, Reading], rows: int, *, levels: bool, spent: bool) -> str:
    """Why the readings of so many rows of one indicator cannot be put together; empty where they can."""
    if len(readings) < rows:
        return "一个单位有两行同名指标"
    for name, reading in readings.items():
        if reading.status == UNDECIDED:
            return f"{name}：{reading.why}"
    kinds = {_kind(reading) for reading in readings.values()}
    unit = next(iter(kinds))[0]
    amounts = (one.a is not None and one.b is not None and not one.level for one in readings.values())
    faults = {
        "各单位的目标单位、方向或性质不一致": not levels and len(kinds) > 1,
        "不是可以相加或平均的数": not levels and not all(amounts),
        "名次不能相加或平均": not levels and unit == phrases.RANK,
        "各单位的执行数都是0，不能按资金额加权": not spent and (levels or units.dimension(unit) == "ratio"),
    }
    return next((why for why, there in faults.items() if there), "")


def _open(cells: dict[str, Any], first: pd.Series, why: str) -> Merged:
    """A row that cannot be put together."""
    reading: Reading = first["reading"]
    return cells, replace(reading, a=None, b=None, level="", attainment=None, status=UNDECIDED, why=why), ""


def _value(reading: Reading, side: str) -> Decimal:
    value: Decimal = getattr(reading, side)
    return value


def _added(readings: Mapping[str, Reading], side: str, _: Mapping[str, Decimal]) -> tuple[Decimal, str]:
    values = [_value(reading, side) for reading in readings.values()]
    total = sum(values, Decimal(0))
    return total, f"{'＋'.join(map(plain, values))}＝{plain(total)}"


def _averaged(readings: Mapping[str, Reading], side: str, money: Mapping[str, Decimal]) -> tuple[Decimal, str]:
    weight = sum((money[name] for name in readings), Decimal(0))
    total = sum((_value(reading, side) * money[name] for name, reading in readings.items()), Decimal(0))
    mean = half_up(total / weight, PLACES)
    parts = "＋".join(f"{plain(_value(reading, side))}×{plain(money[name])}" for name, reading in readings.items())
    return mean, f"({parts})÷{plain(weight)}＝{plain(mean)}"


def _levels(
    cells: dict[str, Any], readings: Mapping[str, Reading], money: Mapping[str, Decimal], ruleset: RuleSet
) -> Merged:
    """Qualitative levels: the share of each by its band, averaged by money; all met is met."""
    weight = sum((money[name] for name in readings), Decimal(0))
    shares = {name: ruleset.levels[reading.level].use for name, reading in readings.items()}
    share = sum((part * money[name] for name, part in shares.items()), Decimal(0)) / weight
    found = {reading.level for reading in readings.values()}
    status = MET if found == {MET} else MISSED if found == {MISSED} else PARTLY
    parts = "＋".join(f"{readings[name].level}{percent(part)}×{plain(money[name])}" for name, part in shares.items())
    why = f"{len(readings)}个单位的定性档次按资金额加权：({parts})÷{plain(weight)}＝{percent(share)}"
    given = list(readings.values())
    first = next((reading for reading in given if reading.unmeasured), given[0])  # words of one are words of all
    cells |= {"actual": status}
    return cells, replace(first, a=None, b=None, level="", attainment=share, status=status, why=why), ""


KEPT = [
    "category",
    "indicator",
    "goal",
    "offices",
    "target",
    "actual",
    "status",
    "basis",
    "attainment",
    "attainment_why",
]
SCORED = ["points", "score", "lost"]


def district_total(evaluations: Mapping[str, Evaluation], ruleset: RuleSet, pooled: Pooled) -> Total | None:
    """The district's total of these evaluations (by sub-district) under one rule set; None where no money, no budget or
    no indicator is known. Only evaluations that have a score are put together; ``pooled`` is the district's money.

    Indicators are alike where category and name (spelling folded) are; under different goals of one office they are
    told apart by goal. The documents' own weights, being of one office each, do not count: points are the rule set's.
    """
    evaluations = {name: result for name, result in evaluations.items() if result.state == EVALUATED}
    money = {name: Decimal(str(evaluations[name].execution.executed)) for name in pooled.offices if name in evaluations}
    left = [result.name for name, result in evaluations.items() if name not in money]
    if not money or not pooled.budget:
        return None
    notes = [f"{'、'.join(left)}没有可以计算执行率的预算数和执行数，未汇总"] if left else []
    idle = [evaluations[name].name for name, spent in money.items() if not spent]
    notes += [f"{'、'.join(idle)}的执行数是0，其比率类指标在按资金额的加权里不起作用"] if idle else []
    called = _called({name: evaluations[name].name for name in money})
    alike = _alike({called[name]: evaluations[name].indicators for name in money})
    if alike.empty:
        return None
    weight = {called[name]: spent for name, spent in money.items()}
    rate = Decimal(str(pooled.executed)) / Decimal(str(pooled.budget))
    strict = aggregate(alike.drop(columns=["status", "basis"]), weight, ruleset)
    judged = _declared(strict, alike, weight, ruleset)
    if any(evaluations[name].indicators["weight"].notna().any() for name in money):
        notes.append("各街道文件所列的分值只用于本街道，全区按所选规则统一分配")
    points = share_points(judged, ruleset)
    rows = {
        DECLARED: score_rows(judged, points, ruleset, DECLARED),
        STRICT: score_rows(strict, points, ruleset, STRICT),
    }
    scores = {basis: total(rows[basis], points, rate, ruleset, basis) for basis in BASES}
    held = alike.groupby(KEY, sort=False, dropna=False)["unit_id"].nunique()
    scored = judged.assign(offices=held.to_numpy())[KEPT].join(rows[DECLARED][SCORED].astype(float))
    scored = scored.assign(strict_score=rows[STRICT]["score"].astype(float), derivation=rows[DECLARED]["derivation"])
    by_status = int((strict["basis"].eq(NOTHING) & judged["basis"].ne(NOTHING)).sum())
    if by_status:
        notes.append(f"{len(judged)}项指标中{by_status}项的数值不能汇总，按各街道的完成情况合并，严格口径不计分")
    (counted,) = completion_rates(judged.assign(all=0), ["all"]).to_dict("records")
    return Total(
        offices=tuple(money),
        budget=pooled.budget,
        executed=pooled.executed,
        execution_rate=pooled.rate,
        score=scores[DECLARED].known,
        strict=scores[STRICT].known,
        possible=scores[DECLARED].possible,
        grade=scores[DECLARED].grade,
        indicators=scored,
        **{name: int(counted[name]) for name in ("rows", "met", "declared", "undecided")},
        completion_low=float(counted["low"]),
        completion_high=float(counted["high"]),
        mean_score=float(np.mean([evaluations[name].scores[DECLARED].known for name in money])),
        notes=(*notes, *points.notes, *unmeasured_notes(strict)),
    )


def _called(names: Mapping[str, str]) -> dict[str, str]:
    """What sentences call each office: its name, with the id where two have the same."""
    held = list(names.values())
    return {id_: name if name and held.count(name) == 1 else f"{name}{id_}" for id_, name in names.items()}


def _alike(indicators: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The offices' rows below each other with unit_id, status and basis, named alike where they are alike."""
    frames = [frame[[*INDICATORS.names, "status", "basis"]].assign(unit_id=name) for name, frame in indicators.items()]
    rows = pd.concat(frames, ignore_index=True)
    if rows.empty:
        return rows
    name = rows["indicator"].map(folding.key)
    twice = rows.assign(name=name).duplicated(["unit_id", "category", "name"], keep=False)
    named = [rows["category"], name]
    several = twice.groupby(named, sort=False).transform("any")
    spelling = rows["indicator"].groupby(named, sort=False).transform("first")
    blank = pd.Series([""] * len(rows), dtype="str")
    return rows.assign(
        indicator=spelling,
        goal_no=pd.array([pd.NA] * len(rows), dtype="Int64"),
        goal=rows["goal"].where(several, blank),
        subcategory=blank,
        weight=pd.Series([None] * len(rows), dtype=object),
    )


def _declared(
    judged: pd.DataFrame, alike: pd.DataFrame, money: Mapping[str, Decimal], ruleset: RuleSet
) -> pd.DataFrame:
    """Rows whose values cannot be put together by the offices' statuses: their shares, averaged by money."""
    groups = alike.groupby(KEY, sort=False, dropna=False)
    told = [
        _of_statuses(group, row, money, ruleset) if row["basis"] == NOTHING else row
        for (_, group), row in zip(groups, judged.to_dict("records"), strict=True)
    ]
    readings = pd.Series([row["reading"] for row in told], index=judged.index, dtype=object)
    columns = ["target", "actual", "attainment", "attainment_why", "status", "basis"]
    decided = pd.DataFrame([[row[name] for name in columns] for row in told], columns=columns, index=judged.index)
    return judged.drop(columns=columns).join(decided).assign(reading=readings)


def _of_statuses(
    group: pd.DataFrame, row: dict[Hashable, Any], money: Mapping[str, Decimal], ruleset: RuleSet
) -> dict[Hashable, Any]:
    found = list(group["status"])
    row = row | {"target": "", "actual": ""} if len(group) > 1 else row  # they are one office's
    if UNDECIDED in found:
        return row
    weights = [money[name] for name in group["unit_id"]]
    shares = [ruleset.levels[status].use for status in found]
    if not any(weights):
        return row
    share = sum((part * weight for part, weight in zip(shares, weights, strict=True)), Decimal(0)) / sum(weights)
    status = found[0] if len(set(found)) == 1 else PARTLY
    counts = "、".join(f"{name}{found.count(name)}" for name in (MET, PARTLY, MISSED) if name in found)
    why = f"{row['attainment_why']}；按各街道的完成情况（{counts}）以资金额加权，计{percent(share)}"
    reading = replace(row["reading"], a=None, b=None, level="", attainment=share, status=status, why=why)
    return row | {
        "reading": reading,
        "attainment": float("nan"),
        "attainment_why": why,
        "status": status,
        "basis": COMPUTED if group["basis"].eq(COMPUTED).all() else WORD,
    }
