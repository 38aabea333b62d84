"""A district over its years in sentences: what page and index say alike. n of m offices stands beside every total."""

from typing import Any

from perfeval.model.columns import GROUPS, records
from perfeval.model.districtyears import DistrictYears
from perfeval.model.schema import AMOUNTS
from perfeval.present import labels

TITLE = "全区历年绩效自评"
MOST = 3
"""Offices that a sentence names before it says 等."""


def period(held: DistrictYears) -> str:
    """``2019—2024年``"""
    first, last = held.years[0], held.years[-1]
    return f"{first}年" if first == last else f"{first}—{last}年"


def headline(held: DistrictYears) -> tuple[str, ...]:
    """The answer in sentences: who is on file, the sums of the last year, and whether years can be compared."""
    year = held.latest
    last = total(held, year)
    said = (
        f"{period(held)}{labels.several(held.scores['subdistrict'].nunique(), '个')}街道在案，"
        f"{labels.several(len(held.cohort), '个')}每年都在案、都能复算（同口径组）。"
    )
    money = (
        f"{year}年{last['money_offices']}/{last['listed']}个街道合计执行{labels.money(last['executed'])}万元，"
        f"执行率{labels.percent(last['execution_rate'])}"
    )
    rows = (
        f"；{last['offices']}/{last['listed']}个街道的{last['rows']}项指标合计"
        f"完成{labels.span(last['met'], last['most'])}"
        f"（{labels.interval(last['completion_low'], last['completion_high'])}）"
    )
    return said, f"{money}{rows}。", *missing(held)


def missing(held: DistrictYears) -> tuple[str, ...]:
    """How many office-years are not on file or cannot be used, and whose."""
    lacking = held.register[~held.register["on_file"]]
    if lacking.empty:
        return (f"{len(held.register)}个街道年度都在案。",)
    names = labels.listing(list(dict.fromkeys(lacking["name"].map(labels.one_line))), MOST, "个街道")
    return (f"{len(held.register)}个街道年度中有{len(lacking)}个没有可用的数据（{names}），不计入各项合计。",)


def _on_opening(held: DistrictYears) -> tuple[str, ...]:
    """Whose rates are of the opening budget, for want of an adjusted one: they stand beside rates of another kind."""
    found = held.scores[held.scores["denominator"].eq(AMOUNTS["opening"])]
    names = labels.listing(list(dict.fromkeys(found["name"].map(labels.one_line))), MOST, "个街道")
    told = f"{len(found)}个街道年度没有列全年预算数（{names}），执行率按年初预算数算。"
    return (told,) if len(found) else ()


def total(held: DistrictYears, year: int, group: str = GROUPS[0]) -> dict[str, Any]:
    """The sums of one year: the row of ``DistrictYears.totals``."""
    return next(row for row in records(held.totals) if row["year"] == year and row["group"] == group)


def method(held: DistrictYears) -> tuple[str, ...]:
    """How offices and years are compared, under which rules, by which program."""
    return (
        f"计分规则：{labels.one_line(held.ruleset.title)}（{held.ruleset.name}），各街道各年用同一规则复算。",
        "合计的执行率是执行数之和除以预算数之和；完成率把各街道的指标放在一起算，凭申报完成和无法判定的只作范围。",
        "同口径组是每年都在案、都能复算、都已填报完、都有执行率的街道：逐年比较只看它们，全部在案的合计会随街道增减而变。",
        *_on_opening(held),
        "变动只在大于其不确定的范围时才列出：完成率看凭申报和无法判定的指标，得分看同一规则的两种口径和无法判定的指标。",
        "趋势判断：四年及以下不作判断；五年起用曼—肯德尔检验，全部街道、全部序列的p值一起校正（本雅明尼—霍赫贝格法，q＝0.05）。",
        f"计算程序：perfeval {held.version or '（版本未知）'}。",
    )
