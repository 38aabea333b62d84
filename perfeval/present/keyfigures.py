"""The figures a report leaves for programs: the index, the mail, and whoever reads ``result.json``.

Every kind of report has name, period, synthetic (the page must say 示例数据), score, score_of (what it is of:
``满分80分``, ``各街道中位数``; empty of 100 points of one office), grade, declared_score, execution (rate), completion
(overall), unmet and findings_by_severity, so that they can be listed together.
"""

import json
import math
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from perfeval.model import asked
from perfeval.model.columns import GROUPS, records
from perfeval.model.districtyears import DistrictYears, filled, whole
from perfeval.model.errors import ParameterError
from perfeval.model.history import History
from perfeval.model.peers import Peers
from perfeval.model.results import BASES, Evaluation
from perfeval.model.schema import MISSED, PARTLY
from perfeval.model.verdicts import COUNTS, EVALUATED, WHY
from perfeval.present import answer, digest, district, districtyears, labels, narrative, style, trend
from perfeval.present import consequences as answering
from perfeval.present import findings as findings_

OWNERS = ("subdistrict", "name", "district", "year", "synthetic")
"""Columns by which a frame says whose it is."""
MEDIAN, ALONE = "各街道中位数", "只有1个街道"
"""What a district's score is, of several offices and of one."""
RECORD = "application/vnd.perfeval.result"
"""Media type of the figures a report leaves behind; the page never shows it. It is JSON, but as text: whatever handles
notebooks copies and checks a nested value piece by piece, half a dozen times."""


@dataclass(frozen=True)
class Record:
    """The figures of a report as plain JSON values."""

    figures: dict[str, Any]
    plain: str

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:  # noqa: ARG002  # IPython's call
        shown = {RECORD: json.dumps(self.figures, ensure_ascii=False, sort_keys=True), "text/plain": self.plain}
        return shown if style.in_report() else shown | {"text/html": self.line()}

    def line(self) -> str:
        """What was loaded, and that it is invented where it is: a report's page has both at its head."""
        banner = Markup('<p class="synthetic" role="note">{}</p>').format(narrative.SYNTHETIC)
        line = Markup('<p class="sub">已载入{} {}：{}</p>').format(
            self.figures["name"], self.figures["period"], self.plain
        )
        return style.standing(str((banner if self.figures["synthetic"] else Markup("")) + line))


@asked.takes()
def record(
    result: Evaluation | History | Peers | DistrictYears | pd.DataFrame,
    decisions: pd.DataFrame | None = None,
    **beside: Any,
) -> Record:
    """The report's figures, as a display of their own that the page leaves out.

    Other frames are kept as well, so that the mail says what the page says: ``decisions`` of an office
    (``pe.office_decisions``), and by name, of peers, ``consequences`` and ``repeated`` (``pe.repeated_failures``).

    Of a frame (``perfeval.rows`` and its like, for a notebook of one's own): whose it is, of which years, how many
    rows. Raises :class:`ParameterError` for a frame that does not say so, or is empty.
    """
    if isinstance(result, pd.DataFrame):
        return _of_frame(result)
    if isinstance(result, Evaluation):
        figures, plain = _of_year(result), answer.headline(result)
    elif isinstance(result, History):
        figures, plain = _of_years(result), "".join(trend.headline(result))
    elif isinstance(result, DistrictYears):
        figures, plain = _of_district_years(result), "".join(districtyears.headline(result))
    else:
        figures, plain = _of_district(result), "".join(district.headline(result))
        if "consequences" in beside:
            listed = len(result.evaluations) + len(result.failed)
            plain = "".join(answering.summary(records(beside["consequences"]), listed))
            figures["said"]["headline"] = plain
    beside |= {} if decisions is None else {"decisions": decisions}
    figures |= {name: _plain(records(asked.frame(frame, name, ()))) for name, frame in beside.items()}
    figures["headline"] = plain
    figures["synthetic"] = _synthetic(result)
    return Record(json.loads(json.dumps(figures, ensure_ascii=False, allow_nan=False)), plain)


def _of_frame(frame: pd.DataFrame) -> Record:
    """What a frame of rows holds; the figures that only an evaluation has are left out."""
    lacking = [name for name in OWNERS if name not in frame]
    if lacking or frame.empty:
        why = f"没有列{'、'.join(lacking)}" if lacking else "没有行"
        raise ParameterError(
            f"show.record 要评价结果，或 pe.rows、pe.scores、pe.money、pe.findings 的表；现在的表{why}"
        )
    offices, districts = frame.drop_duplicates("subdistrict"), {name for name in frame["district"] if name}
    years = sorted({int(year) for year in frame["year"]})
    whole = next(iter(districts)) if len(districts) == 1 else "全部街道"
    name = str(offices["name"].iloc[0]) if len(offices) == 1 else whole
    period = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    plain = f"{name}{period}年度：{len(offices)}个街道，{len(frame)}行。"
    figures = {
        "name": name,
        "period": period,
        "years": years,
        "offices": sorted(offices["subdistrict"]),
        "rows": len(frame),
        "headline": plain,
        "synthetic": bool(frame["synthetic"].any()),
    }
    return Record(json.loads(json.dumps(figures, ensure_ascii=False)), plain)


def _synthetic(result: Evaluation | History | Peers | DistrictYears) -> bool:
    """Whether any office in it is fictional."""
    if isinstance(result, DistrictYears):
        return result.synthetic
    offices = [result] if isinstance(result, Evaluation) else result.evaluations.values()
    return any(one.synthetic for one in offices)


def _of_years(history: History) -> dict[str, Any]:
    """The last year's figures, and of all years the summary, verdicts, changes and repeat offenders."""
    last = _of_year(history.evaluations[history.years[-1]])
    kept = (
        *("subdistrict", "name", "year", "ruleset", "version", "state", "why"),
        *("declared_score", "score", "score_of", "grade"),
    )
    return {name: last[name] for name in kept} | {
        "period": trend.period(history),
        "years": list(history.years),
        "execution": {name: last["execution"][name] for name in ("rate", "why", "basis")},
        "completion": {"overall": last["completion"]["overall"]},
        "unmet": last["unmet"],
        "findings_by_severity": last["findings_by_severity"],
        "summary": _plain(records(history.summary)),
        "trends": _columns(
            history.trends, ("series", "title", "unit", "years", "values", "upper", "change", "verdict", "why")
        ),
        "changes": _plain(records(history.changes)),
        "decomposition": _plain(records(history.decomposition)),
        "repeated": _plain(records(history.repeated)),
        "doubtful": len(history.doubtful),
        "sources": [row for year in history.years for row in _plain(records(history.evaluations[year].provenance))],
    }


def _of_district(peers: Peers) -> dict[str, Any]:
    """The district as one unit, and its offices."""
    offices = peers.offices
    counts = {name: int(offices[name].sum()) for name in ("rows", *COUNTS, "most")}
    bounds = {"low": _value(peers.completion_low), "high": _value(peers.completion_high)}
    scores = peers.quartiles[peers.quartiles["measure"].eq("score")]
    spread = _plain(records(scores))[0] if len(scores) else {}
    return {
        "district": peers.district,
        "name": district.full_name(peers),
        "year": peers.year,
        "period": f"{peers.year}年度",
        "ruleset": peers.ruleset.name,
        "version": next((one.version for one in peers.evaluations.values()), ""),
        "score": spread.get("median"),
        "score_of": ALONE if spread.get("n") == 1 else MEDIAN,
        "lowest_score": spread.get("low"),
        "highest_score": spread.get("high"),
        "declared_score": None,
        "grade": "",
        "execution": {
            "rate": peers.pooled.rate,
            "offices": len(peers.pooled.offices),
            "listed": len(peers.evaluations) + len(peers.failed),
        },
        "completion": {"overall": counts | bounds},
        "unmet": _columns(
            peers.unmet,
            (
                *("subdistrict", "name", "indicator", "status", "target", "actual", "lost", "reason", "measure"),
                *("offices", "file", "row"),
            ),
        ),
        "findings_by_severity": {
            level: sum(findings_.counts(one)[level] for one in peers.evaluations.values())
            for level in ("P0", "P1", "P2")
        },
        "offices": _plain(records(offices)),
        "unevaluated": _plain(records(peers.unevaluated)),
        "said": {"title": district.TITLE, "headline": "".join(district.headline(peers))},
        "failed": _plain(records(peers.failed)),
        "attention": _plain(records(peers.attention)),
        "sources": [row for one in peers.evaluations.values() for row in _plain(records(one.provenance))],
    }


def _of_district_years(held: DistrictYears) -> dict[str, Any]:
    """The district's last year as one unit, its sums by year, and its offices."""
    year = held.latest
    sums = {(row["year"], row["group"]): row for row in _plain(records(held.totals))}
    last = sums[year, GROUPS[0]]
    of_year = {
        name: getattr(held, name)[getattr(held, name)["year"].eq(year)] for name in ("rows", "scores", "findings")
    }
    judged = of_year["scores"][of_year["scores"]["state"].eq(EVALUATED) & filled(of_year["scores"])]
    rows = of_year["rows"][of_year["rows"]["subdistrict"].isin(judged["subdistrict"])]
    unmet = rows[rows["status"].isin((MISSED, PARTLY))]
    counts = {name: int(judged[name].sum()) for name in ("rows", *COUNTS, "most")}
    return {
        "district": held.district,
        "name": district.full_name(held),
        "year": year,
        "years": list(held.years),
        "period": districtyears.period(held),
        "ruleset": held.ruleset.name,
        "version": held.version,
        "score": last["score_median"],
        "judged": len(judged),
        "score_of": ALONE if judged["score"].where(whole(judged)).notna().sum() == 1 else MEDIAN,
        "lowest_score": last["score_low"],
        "highest_score": last["score_high"],
        "declared_score": None,
        "grade": "",
        "execution": {"rate": last["execution_rate"], "offices": last["money_offices"], "listed": last["listed"]},
        "completion": {"overall": counts | {"low": last["completion_low"], "high": last["completion_high"]}},
        "unmet": _columns(
            unmet.sort_values("lost", ascending=False, kind="stable"),
            ("subdistrict", "name", "indicator", "status", "target", "actual", "lost", "reason", "measure"),
        ),
        "findings_by_severity": {
            level: int(of_year["findings"]["severity"].eq(level).sum()) for level in ("P0", "P1", "P2")
        },
        "totals": _plain(records(held.totals)),
        "cohort": list(held.cohort),
        "offices": _plain(records(held.scores)),
        "missing": _plain(records(held.register[~held.register["on_file"]])),
        "said": {"title": districtyears.TITLE, "headline": "".join(districtyears.headline(held))},
    }


def _shown(points: float | None) -> float | None:
    """Sums of points at the two decimals they are shown with: 80.0002 of 80 is a rest of rounding."""
    return None if points is None else round(points, 2)


def _of_year(result: Evaluation) -> dict[str, Any]:
    found = result.completion
    return {
        "subdistrict": result.subdistrict,
        "name": narrative.full_name(result),
        "year": result.year,
        "period": f"{result.year}年度",
        "ruleset": result.ruleset.name,
        "version": result.version,
        "declared_score": result.declared_score,
        "state": result.state,
        "why": WHY[result.state],
        "unfilled": result.unfilled,
        "score": result.score,
        "score_of": narrative.out_of(result),
        "score_most": answer.at_most(result),
        "grade": result.grade,
        "declared_grade": result.narrative.declared_grade,
        "scores": {
            basis: {name: _shown(getattr(result.scores[basis], name)) for name in ("execution", "indicators", "others")}
            | {name: getattr(result.scores[basis], name) for name in ("total", "possible", "grade")}
            for basis in BASES
        },
        "accounts": [{"what": one.what, "state": one.state, "sentence": one.sentence} for one in result.accounts],
        "alternatives": _plain(records(result.alternatives)),
        "execution": {
            **{name: getattr(result.execution, name) for name in ("rate", "budget", "executed", "denominator", "why")},
            "basis": result.execution.basis,
        }
        | {
            "items": _plain(records(result.execution.items)),
            "identities": _plain(records(result.execution.identities)),
        },
        "completion": {
            "overall": _plain(records(found.overall))[0],
            "by_goal": _plain(records(found.by_goal)),
            "by_category": _plain(records(found.by_category)),
        },
        "unverified": result.tally.unproven,
        "tally": asdict(result.tally) | {"words": result.tally.words},
        "unmet": _columns(
            result.unmet,
            ("goal_no", "indicator", "status", "target", "actual", "attainment", "lost", "reason", "measure"),
        ),
        "indicators": _columns(
            result.indicators,
            (
                "goal_no",
                "category",
                "indicator",
                "target",
                "actual",
                "attainment",
                "declared_status",
                "computed_status",
                "status",
                "basis",
                "points",
                "score",
                "strict_score",
                "derivation",
            ),
        ),
        "problems": [str(problem) for problem in result.problems],
        "findings": _columns(result.findings, ("code", "severity", "title", "place", "fact")),
        "findings_by_severity": findings_.counts(result),
        "review": None
        if result.review is None
        else {
            name: _value(getattr(result.review, name)) for name in ("scored", "total_rows", "points", "own", "reviewed")
        },
        "sources": _plain(records(result.provenance)),
        "said": digest.said(result),
    }


def _columns(frame: Any, names: tuple[str, ...]) -> list[dict[str, Any]]:
    return _plain(records(frame[list(names)]))


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Values as JSON has them: Python's own numbers, null for what is missing."""
    return [{key: _value(value) for key, value in row.items()} for row in rows]


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return [_value(part) for part in value]
    if labels.missing(value):
        return None
    found = value.item() if hasattr(value, "item") else value
    return found if not isinstance(found, float) or math.isfinite(found) else None
