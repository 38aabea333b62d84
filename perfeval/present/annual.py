"""The sections of the annual report, each of one Evaluation.

A section without data says that there is none. It goes when the notebook shows its work with the general pieces of
:mod:`perfeval.present.show`.
"""

from typing import Any

from markupsafe import Markup

from perfeval.model.results import Evaluation
from perfeval.present import appendix as appendix_
from perfeval.present import charts, drawing, labels, narrative, outcomes, sections, tables
from perfeval.present import findings as findings_
from perfeval.present import overview as overview_
from perfeval.present import review as reviews
from perfeval.present.marks import mark
from perfeval.present.pieces import Html, html
from perfeval.present.tables import ordered, paragraphs

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
    return Markup("<li>{}{}</li>").format(mark(narrative.verdict(row)), outcomes.analysis(row))


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
