"""What notebooks call: each function shows one section of the report on one :class:`Evaluation`.

Every function returns an object whose HTML a notebook shows when it stands on the last line of a cell, and whose text
reads in a terminal. A section without data says that there is none.
"""

import json
import math
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from perfeval.model.results import BASES, Evaluation
from perfeval.present import appendix as appendix_
from perfeval.present import charts, drawing, labels, narrative, outcomes, sections, tables
from perfeval.present import findings as findings_
from perfeval.present import overview as overview_
from perfeval.present import review as reviews
from perfeval.present.narrative import records
from perfeval.present.pieces import Html, html
from perfeval.present.review import (  # noqa: F401  # the sections of the reviewer's paper are called here as well
    evidence_quality,
    findings,
    recomputation,
    review_conclusion,
    review_header,
    reviewed,
    ruleset_range,
    sampling,
)
from perfeval.present.tables import ordered, paragraphs

RECORD = "application/vnd.perfeval.result+json"
"""Media type of the figures a report leaves behind; the page never shows it."""


@dataclass(frozen=True)
class Record:
    """The figures of a report as plain JSON values."""

    figures: dict[str, Any]
    plain: str

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:  # noqa: ARG002  # IPython's call
        return {RECORD: self.figures, "text/plain": self.plain}


# ---- the answer


def header(result: Evaluation) -> Html:
    """Kind of report and year, the office, and what the figures rest on."""
    rests = f"规则：{labels.one_line(result.ruleset.title)} · 编号：{result.subdistrict}-{result.year}"
    shown = Markup('<p class="eyebrow">{} · {}年度</p><h1>{}</h1><p class="sub">{}</p>').format(
        narrative.TITLE, result.year, narrative.full_name(result), rests
    )
    return Html(str(shown), narrative.title(result), narrative.title(result))


def conclusion(result: Evaluation) -> Html:
    """The answer in a sentence, four figures, and what was missed with cause and measure."""
    cards = overview_.unmet_cards(result)
    missed = Markup("<h3>未完成的指标</h3>{}").format(cards) if cards else Markup("")
    doubt = findings_.warning(result)
    said = (narrative.headline(result), *filter(None, [findings_.grave(result)]))
    return html(overview_.lead(result), doubt, overview_.key_figures(result), missed, plain=said)


def overview(result: Evaluation) -> Html:
    """Every indicator as one mark, by goal and category."""
    return html(overview_.grid(result), plain=outcomes.completion(result))


def scores(result: Evaluation) -> Html:
    """The score and its parts, under each rule set and on both bases, and where the points went."""
    said = narrative.scores(result)
    return html(
        paragraphs(said),
        drawing.charts_html([charts.scores(result), charts.waterfall(result)]),
        tables.scores(result),
        reviews.against_reviewed(result),
        plain=said,
    )


def execution(result: Evaluation) -> Html:
    """Budget, outturn and rates in bars and sentences."""
    said = narrative.execution(result)
    return html(_beside(charts.execution(result), paragraphs(said)), plain=said)


def met(result: Evaluation) -> Html:
    """What was achieved, and how much of it by category and goal."""
    said = (outcomes.completion(result), *outcomes.met(result), *sections.summary(result))
    return html(paragraphs(said), drawing.charts_html([charts.by_category(result), charts.by_goal(result)]), plain=said)


def unmet(result: Evaluation) -> Html:
    """What was not met, in sentences with cause and measure."""
    said = outcomes.unmet(result)
    return html(paragraphs(said[:1]), ordered(said[1:]), plain=said)


def _beside(chart: drawing.Chart | None, words: Markup) -> Markup:
    """A chart with words at its side; the words alone where there is no chart."""
    return (
        Markup('<div class="pair">{}<div>{}</div></div>').format(drawing.figure_html(chart), words) if chart else words
    )


# ---- what the document says in words


def problems(result: Evaluation) -> Html:
    """The problems the office names, with their causes."""
    said = sections.problems(result)
    return html(ordered(said), plain=said)


def measures(result: Evaluation) -> Html:
    """What the office will do."""
    said = sections.measures(result)
    return html(ordered(said), plain=said)


def budget_linkage(result: Evaluation) -> Html:
    """How the result is to be used in budgeting."""
    said = sections.budget_linkage(result)
    return html(ordered(said), plain=said)


def basics(result: Evaluation) -> Html:
    """The office, its spending, and its goals for the year."""
    said = (narrative.execution(result)[0], *sections.goals(result))
    return html(paragraphs(said[:1]), tables.unordered(said[1:]), plain=said)


def key_tasks(result: Evaluation) -> Html:
    """The year's key tasks."""
    said = sections.key_tasks(result)
    return html(ordered(said, columns=True), plain=said)


def stages(result: Evaluation) -> Html:
    """How and when the self-evaluation was carried out."""
    said = sections.stages(result)
    first = sections.organisation(result)
    return html(paragraphs(first), _beside(charts.stages(result), ordered(said)), plain=(*first, *said))


def last_year(result: Evaluation) -> Html:
    """What was done with last year's result."""
    said = sections.last_year(result)
    return html(ordered(said), plain=said)


def evidence(result: Evaluation) -> Html:
    """Surveys and other evidence."""
    said = sections.other_evidence(result)
    return html(ordered(said), plain=said)


# ---- proof


def budget(result: Evaluation) -> Html:
    """The amounts, the rate on each denominator and which one counts, and the sums that must agree."""
    said = narrative.execution(result)
    shown = tables.budget(result) + tables.identities(result)
    return html(shown or paragraphs(said), plain=said)


def completion(result: Evaluation) -> Html:
    """Counts and rates of indicators by category and goal."""
    said = outcomes.completion(result)
    return html(tables.completion(result) or paragraphs([said]), plain=said)


def goals(result: Evaluation) -> Html:
    """The analysis goal by goal: each indicator's target, actual and verdict."""
    groups = outcomes.by_goal(result)
    if not groups:
        return html(paragraphs([narrative.none("绩效指标")]), plain=narrative.none("绩效指标"))
    shown = [
        Markup('<section class="goal"><h4>{} <small>{}</small></h4><ul>{}</ul></section>').format(
            name, outcomes.goal(rows), Markup("").join(map(_analysis, rows))
        )
        for name, rows in groups
    ]
    said = tuple(
        line for name, rows in groups for line in (f"{name}：{outcomes.goal(rows)}", *map(outcomes.analysis, rows))
    )
    return html(*shown, plain=said)


def _analysis(row: dict[str, Any]) -> Markup:
    return Markup("<li>{}{}</li>").format(overview_.mark(narrative.verdict(row)), outcomes.analysis(row))


def data_quality(result: Evaluation) -> Html:
    """What reviewers would object to, what loading found, and the rows that rest on the printed status alone."""
    said, found = sections.data_quality(result), findings_.summary(result)
    shown = (paragraphs(said), tables.problems(result), tables.unverified(result))
    return html(paragraphs([found]), findings_.brief(result), *shown, plain=(found, *said))


def appendix(result: Evaluation) -> Html:
    """Every indicator with its reading, verdict, score and the sentence that derives it."""
    return html(appendix_.appendix(result), plain=f"{len(result.indicators)}项指标的推导见网页。")


def provenance(result: Evaluation) -> Html:
    """Rule set, files and their hashes, version."""
    said = sections.provenance(result)
    return html(paragraphs(said), tables.sources(result), plain=said)


# ---- the figures


def record(result: Evaluation) -> Record:
    """The report's figures for programs, as a display of their own that the page leaves out."""
    found = result.completion
    figures = {
        "subdistrict": result.subdistrict,
        "name": narrative.full_name(result),
        "year": result.year,
        "period": f"{result.year}年度",
        "ruleset": result.ruleset.name,
        "version": result.version,
        "declared_score": result.declared_score,
        "score": result.score,
        "grade": result.grade,
        "scores": {
            basis: {
                name: getattr(result.scores[basis], name)
                for name in ("execution", "indicators", "total", "possible", "grade")
            }
            for basis in BASES
        },
        "alternatives": _plain(records(result.alternatives)),
        "execution": {
            name: getattr(result.execution, name) for name in ("rate", "budget", "executed", "denominator", "why")
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
        "unverified": len(result.unverified),
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
        else {name: getattr(result.review, name) for name in ("scored", "total_rows", "points", "own", "reviewed")},
        "sources": _plain(records(result.provenance)),
    }
    return Record(json.loads(json.dumps(figures, ensure_ascii=False, allow_nan=False)), narrative.headline(result))


def _columns(frame: Any, names: tuple[str, ...]) -> list[dict[str, Any]]:
    return _plain(records(frame[list(names)]))


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Values as JSON has them: Python's own numbers, null for what is missing."""
    return [{key: _value(value) for key, value in row.items()} for row in rows]


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if labels.missing(value):
        return None
    found = value.item() if hasattr(value, "item") else value
    return found if not isinstance(found, float) or math.isfinite(found) else None
