"""Which office of a district comes first, by consequence: what it failed at, not how its form was filled in.

Four kinds, each deciding only among offices that the kinds before leave equal:

1. indicators missed in this calendar year and in the one before it: how many, then for how many years. Money goes on
   being spent on what is not reached (中发〔2018〕34号：对低效无效资金一律削减或取消);
2. execution below 90 % without a reason in the report (finding :data:`UNEXPLAINED`; 四川自评表填报说明：执行率低于90%须
   说明原因), the lowest rate first;
3. totals that do not add up (findings :data:`SUMS`; 部门决算勾稽关系；财预〔2020〕10号：总分为各项得分
   之和);
4. what else was missed this year, and last of all data hygiene: the other P0 findings, rows that nobody can verify,
   the other P1 findings.

Only offices that can be judged have a place: one that has not filled its form in yet (尚未填报), or of which nothing
can be judged, has none. Offices equal in everything share theirs.
"""

import pandas as pd

from perfeval.analysis.findings.money import LOW_RATE
from perfeval.analysis.peers import UNIT
from perfeval.model import asked
from perfeval.model.columns import frame_of, names
from perfeval.model.districtyears import whole
from perfeval.model.errors import ParameterError
from perfeval.model.schema import MISSED, PARTLY, UNDECIDED
from perfeval.model.verdicts import EVALUATED

UNEXPLAINED = "M06"
"""The finding that execution is below 90 % and the report gives no reason."""
SUMS = ("M01", "M05", "P01", "P02", "P13")
"""The findings of sums that cannot be: of money, of points, of totals; more executed than budgeted."""
AGAIN = 2
"""Neighbouring calendar years from which on a failure is a repeated one."""
UNMET = (PARTLY, MISSED)
ORDER = {
    "repeated": False,
    "longest": False,
    "unexplained": False,
    "reached": True,
    "sums": False,
    "unmet": False,
    "lost": False,
    "p0": False,
    "unverified": False,
    "p1": False,
}
"""The columns that decide, one after the other, and whether the lower comes first (``reached`` is the execution rate
that no reason is given for)."""
UNKNOWN = -1.0
"""Stands in the order for what is missing: after what is known to be none."""


@asked.takes(rows=["subdistrict", "year", "track", "status", "row", "lost"])
def repeated_failures(rows: pd.DataFrame, year: int | str) -> pd.DataFrame:
    """The indicators missed (未完成 or 部分完成) in ``year`` and in the calendar year before it.

    ``rows`` are ``pe.rows`` of ``year`` and earlier years, which have ``track``; later years do not count. Columns
    (``pe.columns("repeated_failures")``): place and row, since (first year of the unbroken run), times (its years),
    goal_no, goal, category, indicator, target, actual, status, lost (points), reason, measure, track. A year without
    the indicator, without data, or in which nothing can be said of it ends a run: it is not taken for a failure. The
    longest run comes first, then the most points lost.

    >>> repeated_failures(frame_of("rows"), 2024).empty
    True
    """
    year = asked.the_year(year)
    missed = rows[rows["status"].isin(UNMET) & rows["track"].ne("") & rows["year"].le(year)]
    years = {track: set(found) for track, found in missed.groupby("track", sort=False)["year"]}
    now = missed[missed["year"].eq(year)].drop_duplicates("track")
    since = pd.Series([_since(years[track], year) for track in now["track"]], index=now.index, dtype="int64")
    found = now.assign(since=since, times=year + 1 - since)
    found = found[found["times"] >= AGAIN]
    found = found.sort_values(
        ["times", "lost", "subdistrict", "row"], ascending=[False, False, True, True], kind="stable", ignore_index=True
    )
    return frame_of("repeated_failures", {name: found[name] for name in names("repeated_failures")})


def _since(years: set[int], year: int) -> int:
    """The first year of the unbroken run that ends with ``year``."""
    while year - 1 in years:
        year -= 1
    return year


@asked.takes(
    scores=[
        *("subdistrict", "name", "district", "year", "state", "unfilled"),
        *("budget", "executed", "execution_rate", "score", "score_low", "score_high"),
    ],
    findings=["subdistrict", "code", "title", "severity"],
    rows=["subdistrict", "year", "track", "status", "row", "lost"],
)
def consequences(scores: pd.DataFrame, findings: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """One row an office on file, the one with the gravest consequences first (:mod:`perfeval.analysis.consequences`).

    ``scores`` and ``findings`` are those of one year (``pe.scores``, ``pe.findings``); ``rows`` are ``pe.rows`` of that
    and of earlier years. Columns (``pe.columns("consequences")``): order (1 is the first; missing where the office
    cannot be judged, or has not filled in all, which stand last), subdistrict, name, district, year, state, repeated
    and longest (missing where the year before is not on file or cannot be judged: that is not nothing), low (execution
    below 90 %), unexplained, execution_rate, unspent (万元), sums, sums_told, unmet, lost (points), p0 and p1 (findings
    other than those of sums and of execution), unverified, rows, score (missing also where execution is not in it: it
    stands beside no other), lowest (whether its score is below all others' however they are reckoned).
    ``ParameterError`` for several years.

    >>> consequences(frame_of("scores"), frame_of("findings"), frame_of("rows")).empty
    True
    """
    years = sorted(set(scores["year"]))
    if len(years) > 1:
        raise ParameterError(f"scores 须只有一个年度，现有{'、'.join(map(str, years))}")
    year = int(years[0]) if years else 0
    office, judged = scores["subdistrict"], scores["state"].eq(EVALUATED) & scores["unfilled"].eq(0)
    missed = rows[rows["year"].eq(year) & rows["status"].isin(UNMET)]
    found = scores.assign(
        **_failed(office, rows, year),
        **_objected(office, findings),
        unmet=scores["partly"] + scores["missed"],
        lost=office.map(missed.groupby("subdistrict")["lost"].sum()).astype("float64").fillna(0.0),
        unverified=scores["declared"] + scores["undecided"],
        unspent=scores["budget"] - scores["executed"],
        low=scores["execution_rate"].lt(LOW_RATE),
        score=scores["score"].where(whole(scores)),
    )
    found["lowest"] = _lowest(found[found["score"].notna()]).reindex(found.index, fill_value=False)
    found["reached"] = found["execution_rate"].where(found["unexplained"])
    keys = found[list(ORDER)].astype("float64").fillna(UNKNOWN).assign(judged=judged, subdistrict=office)
    way = [False, *ORDER.values(), True]
    keys = keys.sort_values(["judged", *ORDER, "subdistrict"], ascending=way, kind="stable")
    first = keys[["judged", *ORDER]].ne(keys[["judged", *ORDER]].shift()).any(axis=1)
    places = pd.Series(range(1, len(keys) + 1), index=keys.index, dtype="Int64").where(first).ffill()
    found = found.assign(order=places.where(keys["judged"])).loc[keys.index].reset_index(drop=True)
    return frame_of("consequences", {name: found[name] for name in names("consequences")})


def _lowest(scored: pd.DataFrame) -> pd.Series:
    """Whose range of scores lies below all others'; of a single office nothing is said."""
    others = [scored["score_low"].drop(place).min() for place in scored.index]
    return scored["score_high"].lt(pd.Series(others, index=scored.index, dtype="float64") - UNIT)


def _failed(office: pd.Series, rows: pd.DataFrame, year: int) -> dict[str, pd.Series]:
    """repeated and longest of each office; missing where there is no year before that says anything."""
    before = rows[rows["year"].eq(year - 1) & rows["status"].ne(UNDECIDED)]
    compared = office.isin(set(before["subdistrict"]))
    times = repeated_failures(rows, year).groupby("subdistrict")["times"]
    counted = {"repeated": times.size(), "longest": times.max()}
    return {
        name: office.map(found).astype("Int64").fillna(0).where(compared).astype("Int64")
        for name, found in counted.items()
    }


def _objected(office: pd.Series, findings: pd.DataFrame) -> dict[str, pd.Series]:
    """What the findings say of each office: no reason given, sums, and how many others there are by severity."""
    own = findings["code"].isin([*SUMS, UNEXPLAINED])
    wrong = findings[findings["code"].isin(SUMS)]
    others = findings[~own]

    def counted(held: pd.DataFrame) -> pd.Series:
        return office.map(held["subdistrict"].value_counts()).fillna(0).astype("int64")

    said = wrong.groupby("subdistrict", sort=False)["title"].agg(lambda titles: "、".join(dict.fromkeys(titles)))
    return {
        "unexplained": office.isin(set(findings.loc[findings["code"].eq(UNEXPLAINED), "subdistrict"])),
        "sums": counted(wrong),
        "sums_told": office.map(said).astype("str").where(office.isin(said.index), ""),
        "p0": counted(others[others["severity"].eq("P0")]),
        "p1": counted(others[others["severity"].eq("P1")]),
    }
