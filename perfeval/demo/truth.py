"""The planted truth as rows of tables: what matching, trends and findings are tested against.

The columns are documented in :mod:`perfeval.demo`.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from perfeval.demo import catalogue
from perfeval.demo.catalogue import CEILING, FALLING, FLAT, PLAIN, RATES, RISING
from perfeval.demo.paper import Paper
from perfeval.demo.planting import Row, Track
from perfeval.model.schema import BENEFIT, OUTPUT, SATISFACTION

SAME, RENAMED, ADDED, DROPPED, BROKEN = "同一", "更名", "新增", "取消", "口径变更"
LOOSENED, TIGHTENED = "目标放宽", "目标提高"
DROPPED_MISSED = "取消（上年未完成）"
VERBATIM, LABELLED, REWORDED = "逐字相同", "写法不同", "措辞改变"
VERDICTS = {FLAT: "平稳", CEILING: "已达上限"}
ALARM = Decimal("0.05")
"""Share of the indicators' score rate by which it may pass the execution rate (P07)."""
HEADING_ROWS = 1
Record = dict[str, Any]
Located = dict[int, tuple[Row, int]]
"""By track (its identity): the row of a year and its number in the file."""


def located(paper: Paper) -> Located:
    """Every row but planted copies, with its number as a spreadsheet shows it."""
    numbered = enumerate(paper.rows, start=HEADING_ROWS + 1)
    return {id(row.track): (row, number) for number, row in numbered if not row.extra}


def matches(office: str, year: int, before: Paper, now: Paper) -> list[Record]:
    """One record per row of the later year, then one per row that is gone."""
    old, new, found = located(before), located(now), []
    for number, row in enumerate(now.rows, start=HEADING_ROWS + 1):
        earlier = None if row.extra else old.get(id(row.track))
        kind, how = _kind(row, earlier)
        found.append(_match(office, year, before.year, row, number, earlier, kind, how))
    gone = [
        (row, number)
        for number, row in enumerate(before.rows, start=HEADING_ROWS + 1)
        if row.extra or id(row.track) not in new
    ]
    return [*found, *(_match(office, year, before.year, None, None, earlier, DROPPED, "") for earlier in gone)]


def _kind(row: Row, earlier: tuple[Row, int] | None) -> tuple[str, str]:
    if earlier is None:
        return ADDED, ""
    happened = row.track.event if row.track.at == row.place else ""
    if happened == BROKEN:
        return BROKEN, VERBATIM
    if happened == RENAMED:
        return RENAMED, REWORDED
    return SAME, LABELLED if row.name != earlier[0].name else VERBATIM


def _match(  # noqa: PLR0917  # one value a column
    office: str,
    year: int,
    previous_year: int,
    row: Row | None,
    number: int | None,
    earlier: tuple[Row, int] | None,
    kind: str,
    how: str,
) -> Record:
    old = None if earlier is None or kind == ADDED else earlier[0]
    return {
        "subdistrict": office,
        "year": year,
        "previous_year": previous_year,
        "row": number,
        "goal_no": None if row is None else row.goal_no,
        "indicator": "" if row is None else row.name,
        "previous_row": None if old is None or earlier is None else earlier[1],
        "previous_goal_no": None if old is None else old.goal_no,
        "previous_indicator": "" if old is None else old.name,
        "kind": kind,
        "how": how,
    }


def changes(found: Sequence[Record], before: Paper, now: Paper) -> list[Record]:
    """New, dropped, renamed and redefined indicators and moved targets of a pair of years, from its matches."""
    old = dict(enumerate(before.rows, start=HEADING_ROWS + 1))
    new = dict(enumerate(now.rows, start=HEADING_ROWS + 1))
    told = []
    for match in found:
        row, earlier = new.get(match["row"]), old.get(match["previous_row"])
        kind = match["kind"]
        if kind == SAME:
            kind = row.track.event if row and row.track.at == row.place and "目标" in row.track.event else ""
        elif kind == DROPPED and earlier is not None and earlier.missed:
            kind = DROPPED_MISSED
        if kind:
            keys = ("subdistrict", "year", "previous_year", "row", "previous_row", "indicator", "previous_indicator")
            told.append(
                {key: match[key] for key in keys}
                | {
                    "kind": kind,
                    "before": "" if earlier is None else earlier.cells["target"],
                    "after": "" if row is None else row.cells["target"],
                }
            )
    return told


def trends(office: str, years: Sequence[int], tracks: Sequence[Track], papers: Sequence[Paper]) -> list[Record]:
    """Series with a plain course: each indicator under one definition through all years, and the two rates."""
    if len(years) == 1:
        return []
    found = []
    last = located(papers[-1])
    for track in tracks:
        whole = len(track.years) == len(years) and track.event != BROKEN and not track.spoiled
        if whole and track.spec.kind not in PLAIN:
            values = [track.values[place] for place in track.years]
            full = Decimal(100) if track.spec.kind in RATES else None
            found.append(_trend(office, last[id(track)][0].name, years, values, track.spec.good, track.spec.unit, full))
    executed = [paper.money[0].executed / paper.money[0].adjusted for paper in papers]
    met = [Decimal(sum(not row.missed for row in paper.rows)) / len(paper.rows) for paper in papers]
    found.append(_trend(office, "execution_rate", years, [one * 100 for one in executed], 1, "%", Decimal(100)))
    found.append(_trend(office, "completion_rate", years, [one * 100 for one in met], 1, "%", Decimal(100)))
    return [one for one in found if one["kind"]]


def _trend(  # noqa: PLR0917  # one value a column
    office: str,
    name: str,
    years: Sequence[int],
    values: Sequence[Decimal],
    good: int,
    unit: str,
    full: Decimal | None,
) -> Record:
    kind = catalogue.kind(values, full)
    better = (kind == RISING) == (good > 0)
    return {
        "subdistrict": office,
        "series": name,
        "unit": unit,
        "years": len(years),
        "first_year": years[0],
        "last_year": years[-1],
        "first": _shown(values[0]),
        "last": _shown(values[-1]),
        "kind": kind,
        "good": good,
        "verdict": VERDICTS.get(kind, "改善" if better else "恶化") if kind in (*VERDICTS, RISING, FALLING) else "",
    }


def _shown(value: Decimal) -> Decimal:
    return catalogue.rounded(value, 4)


def repeated(office: str, years: Sequence[int], tracks: Sequence[Track], papers: Sequence[Paper]) -> list[Record]:
    """Indicators missed in two years or more under one definition."""
    found = []
    for track in tracks:
        parts = (False, True) if track.event == BROKEN else (False,)
        for later in parts:
            places = [
                place
                for place in track.years
                if track.missed(place) and (track.event != BROKEN or (place >= track.at) == later)
            ]
            if len(places) > 1:
                rows = [located(papers[place])[id(track)][0] for place in places]
                measures = [str(row.cells["measure"]) for row in rows]
                copied = any(one and one == two for one, two in pairwise(measures))
                found.append(
                    {
                        "subdistrict": office,
                        "indicator": rows[-1].name,
                        "years": "、".join(str(years[place]) for place in places),
                        "times": len(places),
                        "copied": "是" if copied else "否",
                    }
                )
    return found


def derived(paper: Paper) -> list[tuple[str, str, str]]:
    """(code, place, what) of findings that follow from the structure and the figures without being planted singly."""
    found = []
    for number, goal in dict.fromkeys((row.goal_no, row.goal) for row in paper.rows):
        there = {row.cells["category"] for row in paper.rows if row.goal_no == number}
        place = f"目标{number}“{goal}”"
        if SATISFACTION not in there:
            found.append(("S03", place, "没有满意度指标"))
        if not {OUTPUT, BENEFIT} <= there:
            found.append(("S02", place, "缺少产出或效益指标"))
    total = paper.money[0]
    rate = total.executed / total.adjusted
    earned = sum((row.cells["declared_score"] for row in paper.rows), Decimal(0))
    share = earned / sum((row.cells["weight"] for row in paper.rows), Decimal(0))
    if rate < 1 and (share - rate) / share > ALARM:
        found.append(("P07", "得分与资金", "指标得分率远高于预算执行率"))
    if all(row.cells["declared_score"] == row.cells["weight"] for row in paper.rows):
        found.append(("P10", "指标表", "得分全部是满分"))
    if all(line.adjusted == line.executed for line in paper.money):
        found.append(("M02", "资金表", "预算数与执行数逐项一分不差"))
    return found
