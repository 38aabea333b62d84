"""A district over its years, as presentation takes it: the tidy frames of all offices, and who is on file when."""

from dataclasses import dataclass

import pandas as pd

from perfeval.model.results import HUNDRED
from perfeval.model.ruleset import RuleSet
from perfeval.model.schema import spell_years
from perfeval.model.verdicts import EVALUATED

FULL = 99.995
"""Points that could be had from which nothing is left out, roundings aside."""


def whole(scores: pd.DataFrame) -> pd.Series:
    """Of which rows of ``pe.scores`` the score is a whole one: of one form, all filled in, with budget execution in it.

    Without a rate of execution its points are no part of ``possible``, and a document may list only part of a form, or
    several (:data:`~perfeval.model.results.HUNDRED`); such a score stands beside no other. Of a frame without these
    two columns nothing is known to be left out.
    """
    if not {"execution_rate", "possible"} <= set(scores.columns):
        return pd.Series(True, index=scores.index)  # every one
    executed = scores["execution_rate"].notna() | scores["possible"].ge(FULL)
    return executed & filled(scores) & scores["possible"].between(*HUNDRED)


def filled(scores: pd.DataFrame) -> pd.Series:
    """Which rows of ``pe.scores`` are of forms with nothing left to fill in; of a frame without ``unfilled``, all."""
    return scores["unfilled"].eq(0) if "unfilled" in scores.columns else pd.Series(True, index=scores.index)


def cohort(scores: pd.DataFrame) -> tuple[str, ...]:
    """The offices (ids) that are evaluated in every year of the frame, have filled all in and have a rate of execution
    in each: only they make totals that compare, for what an office lacks in one year is lost from that year's sum
    alone."""
    return every_year(scores, scores["state"].eq(EVALUATED) & filled(scores) & scores["execution_rate"].notna())


def every_year(scores: pd.DataFrame, usable: pd.Series) -> tuple[str, ...]:
    """The offices of which something holds in every year of the frame."""
    counted = scores[usable].groupby("subdistrict", sort=False)["year"].nunique()
    return tuple(counted.index[counted.eq(scores["year"].nunique())])


@dataclass(frozen=True, slots=True)
class DistrictYears:
    """What ``perfeval.district_years`` returns; every frame holds all offices and years that can be used."""

    district: str
    ruleset: RuleSet
    years: tuple[int, ...]
    """The years asked for of which anything is on file, ascending."""
    rows: pd.DataFrame
    money: pd.DataFrame
    scores: pd.DataFrame
    findings: pd.DataFrame
    register: pd.DataFrame
    """Every office of the district in every year: on_file, why (``pe.columns("register")``)."""
    totals: pd.DataFrame
    """Sums and spread by year, of all on file and of the cohort (``pe.columns("year_totals")``)."""
    version: str = ""
    city: str = ""
    """As the directory has it; several where it has a district of that name in several."""

    def __repr__(self) -> str:
        offices = self.scores["subdistrict"].nunique()
        there = f"{offices}个街道，{int(self.register['on_file'].sum())}/{len(self.register)}个街道年度在案"
        return f"<DistrictYears {self.district}{spell_years(self.years)}：{there}，按“{self.ruleset.title}”>"

    @property
    def latest(self) -> int:
        """The last year in which an office is evaluated; the last one on file where none is."""
        scored = self.scores.loc[self.scores["state"].eq(EVALUATED), "year"]
        return int(scored.max()) if len(scored) else self.years[-1]

    @property
    def synthetic(self) -> bool:
        """Whether any office in it is fictional."""
        return bool(self.scores["synthetic"].any())

    @property
    def cohort(self) -> tuple[str, ...]:
        """:func:`cohort` of the years."""
        return cohort(self.scores)
