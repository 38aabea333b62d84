"""A district over its years, as presentation takes it: the tidy frames of all offices, and who is on file when."""

from dataclasses import dataclass

import pandas as pd

from perfeval.model.ruleset import RuleSet
from perfeval.model.schema import spell_years
from perfeval.model.verdicts import EVALUATED


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
        """The offices (ids) that are evaluated in every one of the years: only they make a total that compares."""
        scored = self.scores[self.scores["state"].eq(EVALUATED)]
        counted = scored.groupby("subdistrict", sort=False)["year"].nunique()
        return tuple(counted.index[counted.eq(len(self.years))])
