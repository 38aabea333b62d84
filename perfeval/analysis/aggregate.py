"""Aggregate, then score: one indicator table from those of several sub-units.

Hubei's self-evaluation form (note 2): completion values are put together first and scored once. Absolute values add up,
relative ones are averaged with the money of each sub-unit as weight, qualitative levels likewise by their place in the
bands. Scoring first and averaging then gives another result as soon as one sub-unit is over its target.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.analysis.judging import judge
from perfeval.model import phrases, units
from perfeval.model.reading import Reading
from perfeval.model.results import RuleSet
from perfeval.model.rounding import half_up, percent, plain
from perfeval.model.schema import INDICATORS, MET, MISSED, PARTLY, UNDECIDED
from perfeval.model.verdicts import COMPUTED, NOTHING, WORD

KEY = ["goal_no", "goal", "category", "subcategory", "indicator"]
PLACES = 4
"""Decimal places an averaged value is rounded to."""


def aggregate(indicators: pd.DataFrame, money: Mapping[str, Decimal], ruleset: RuleSet) -> pd.DataFrame:
    """The judged rows (see :func:`~perfeval.analysis.judging.judge`) of all sub-units together.

    ``indicators`` has the columns of the indicator table and ``unit_id``, the sub-unit of each row; ``money`` is the
    executed money (万元) of each sub-unit, its weight. Rows of one indicator are those alike in goal, category,
    subcategory and name. What cannot be put together is 无法判定, and ``attainment_why`` says which sub-unit's row
    stands in the way. Raises ``ValueError`` for a sub-unit without money and for money that is not above zero.
    """
    missing = sorted(set(indicators["unit_id"]) - money.keys())
    if missing or any(amount <= 0 for amount in money.values()):
        raise ValueError(f"每个单位须有大于0的资金额：{'、'.join(missing) or '有单位的资金额不大于0'}")
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
    if len(readings) < len(group):
        return _open(cells, first, "一个单位有两行同名指标，无法汇总")
    for name, reading in readings.items():
        if reading.status == UNDECIDED:
            return _open(cells, first, f"{name}：{reading.why}，无法汇总")
    if all(reading.level for reading in readings.values()):
        return _levels(cells, readings, money, ruleset)
    kinds = {(reading.target.unit, reading.target.operator, reading.direction) for reading in readings.values()}
    amounts = all(
        reading.a is not None and reading.b is not None and not reading.level for reading in readings.values()
    )
    if len(kinds) > 1 or not amounts:
        apart = "各单位的目标单位、方向或性质不一致" if len(kinds) > 1 else "不是可以相加或平均的数"
        return _open(cells, first, f"{apart}，无法汇总")
    unit, operator, direction = next(iter(kinds))
    if unit == phrases.RANK:
        return _open(cells, first, "名次不能相加或平均，无法汇总")
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
