"""One fictional office, all its years: what it files and the truth planted in it.

Deterministic: an office depends on the seed, its index and the years alone, not on how many offices are made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

import numpy as np

from perfeval.demo import catalogue, paper, planting, telling, truth
from perfeval.demo.catalogue import rounded
from perfeval.demo.defects import EARLY, LASTING, LATE
from perfeval.demo.paper import Paper, Planter
from perfeval.demo.planting import Track
from perfeval.demo.truth import Record
from perfeval.model.schema import Narrative

HABITS = (0, 1, 1, 2)
SLIPS = (1, 2, 3, 4)
MISCOUNTS = (0, 0, 1, 1, 2)
"""How many lasting defects an office has, how many others a year, and how many in scores; drawn alike."""
LOST = Decimal("1.5")
"""Points by which a wrong total is too low."""
TABLES = ("matches", "trends", "defects", "changes", "repeated")


@dataclass(frozen=True, slots=True)
class Office:
    """What one office files, by year, and the truth about it, by table."""

    id: str
    name: str
    alias: str
    papers: dict[int, Paper]
    truth: dict[str, list[Record]] = field(default_factory=dict)


def office(index: int, years: Sequence[int], seed: int) -> Office:
    """The office with this index (from 0) in these years (ascending)."""
    rng = np.random.default_rng([seed, index])
    goals = catalogue.goals()
    tracks = planting.plant(rng, goals, years)
    drawn = paper.plan(rng, len(years))
    habits = _chosen(rng, list(LASTING), HABITS)
    kept: dict[str, Track] = {}
    papers: list[Paper] = []
    planted: list[Record] = []
    identity = catalogue.subdistrict_id(index)
    for place, year in enumerate(years):
        report = _paper(rng, tracks, drawn, place, year, kept)
        told = _planted(rng, report, {code: LASTING[code] for code in habits})
        before = [row.track.spec.name for row in papers[-1].rows if row.missed and not row.extra] if papers else []
        report.narrative = telling.tell(
            rng,
            catalogue.street(index),
            year,
            [goals[goal] for goal in planting.goals_of(tracks, place)],
            report.rows,
            report.money[0].executed / report.money[0].adjusted,
            before,
        )
        told += _planted(rng, report, {code: EARLY[code] for code in _chosen(rng, list(EARLY), SLIPS)})
        planting.weigh(report.rows)
        planting.score(report.rows)
        told += _planted(rng, report, {code: LATE[code] for code in _chosen(rng, list(LATE), MISCOUNTS)})
        _total(report)
        told += truth.derived(report)
        keys = ("subdistrict", "year", "code", "place", "what")
        planted += [dict(zip(keys, (identity, year, *one), strict=True)) for one in told]
        papers.append(report)
    tables: dict[str, list[Record]] = {name: [] for name in TABLES} | {"defects": planted}
    for earlier, later in pairwise(papers):
        found = truth.matches(identity, later.year, earlier, later)
        tables["matches"] += found
        tables["changes"] += truth.changes(found, earlier, later)
    tables["trends"] = truth.trends(identity, years, tracks, papers)
    tables["repeated"] = truth.repeated(identity, years, tracks, papers)
    street = catalogue.street(index)
    return Office(identity, catalogue.office(index), street, dict(zip(years, papers, strict=True)), tables)


def _paper(  # noqa: PLR0917  # called once, with everything drawn before
    rng: np.random.Generator,
    tracks: list[Track],
    drawn: paper.Plan,
    place: int,
    year: int,
    kept: dict[str, Track],
) -> Paper:
    goals = catalogue.goals()
    rows = planting.draft(rng, tracks, list(goals), place, year)
    there = planting.goals_of(tracks, place)
    funds = [(number, goals[goal].name) for number, goal in enumerate(there, start=1)]
    lines = paper.budget(rng, drawn, place, funds, [goals[goal].share for goal in there])
    return Paper(year, rows, lines, Narrative(), kept)


def _chosen(rng: np.random.Generator, codes: list[str], counts: Sequence[int]) -> list[str]:
    """Some of the codes, none twice, in the order of the catalogue of defects."""
    count = int(rng.choice(list(counts)))
    return [codes[place] for place in sorted(rng.choice(len(codes), count, replace=False))]


def _planted(rng: np.random.Generator, report: Paper, planters: dict[str, Planter]) -> list[tuple[str, str, str]]:
    """Plant each defect that fits: (code, indicator or place, what)."""
    done: list[tuple[str, str, str]] = []
    for code, plant in planters.items():
        found = plant(rng, report)
        if found is not None:
            done.append((code, *found))
    return done


def _total(report: Paper) -> None:
    """Execution's own score, the total and the grade, as the office declares them."""
    total = report.money[0]
    total.weight = planting.EXECUTION
    total.declared_score = rounded(planting.EXECUTION * total.executed / total.adjusted, 2)
    whole = sum((row.cells["declared_score"] for row in report.rows), total.declared_score)
    whole -= LOST if report.wrong_total else 0
    grade = telling.grade(whole)
    if report.wrong_grade:
        grade = "良" if grade == "优" else "优"
    report.narrative = replace(report.narrative, declared_score=whole, declared_grade=grade)
