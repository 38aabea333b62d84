"""The first screen: the answer, four figures, what was missed, and every indicator as one mark."""

from collections import Counter
from typing import Any

from markupsafe import Markup

from perfeval.model.results import Evaluation
from perfeval.model.schema import CATEGORIES
from perfeval.model.verdicts import VERDICTS, WHY
from perfeval.present import labels, narrative, outcomes, tables
from perfeval.present.marks import MARKS, mark
from perfeval.present.narrative import UNSTATED, records
from perfeval.present.tables import Column, lines, paragraphs, table


def lead(result: Evaluation) -> Markup:
    """The answer in a sentence, with what was missed marked."""
    tags = {
        "": Markup("{}"),
        "miss": Markup('<strong class="miss">{}</strong>'),
        "doubt": Markup('<span class="doubt">{}</span>'),
    }
    clauses = narrative.headline_clauses(result)
    return Markup('<p class="lead">{}</p>').format(
        Markup("").join(tags[clause.tone].format(clause.text) for clause in clauses)
    )


def key_figures(result: Evaluation) -> Markup:
    """Score, execution, completion, and how much of it nobody can verify."""
    overall = records(result.completion.overall)[0]
    spent = result.execution
    amounts = (
        f"{labels.money(spent.executed)} / {labels.money(spent.budget)} 万元" if spent.rate is not None else spent.why
    )
    printed = result.narrative.declared_score
    declared = "未申报总分" if printed is None else f"申报{labels.as_printed(printed)}分"
    known = overall["rows"] and result.state not in narrative.NOTHING_KNOWN
    span = labels.span(overall["met"], overall["most"], "")
    met = Markup("{}<i> / {}</i>").format(span, overall["rows"]) if known else Markup("—")
    rate = (
        labels.interval(overall["low"], overall["high"])
        if known
        else f"{overall['rows']}项指标{narrative.NOTHING_KNOWN[result.state]}"
        if overall["rows"]
        else "没有指标"
    )
    figures = [
        (
            f"复算得分（{narrative.rules(result.ruleset.title)}）",
            labels.points(result.score),
            f"{declared}{f' · 复算等级{result.grade}' if result.grade else ''}"
            if result.score is not None
            else f"{declared} · {WHY[result.state]}",
        ),
        ("预算执行率", labels.percent(spent.rate), amounts),
        ("指标完成", met, rate),
        ("需要核实", labels.count(len(result.unverified), ""), "项，没有可比的数据"),
    ]
    return tables.key_figures(figures)


def unmet_cards(result: Evaluation) -> Markup:
    """What was missed: attainment against target, points lost, cause and measure; nothing where all is met."""
    cards = Markup("").join(map(_card, records(result.unmet)))
    return Markup('<div class="cards">{}</div>').format(cards) if cards else Markup("")


def _card(row: dict[str, Any]) -> Markup:
    kind = MARKS[row["status"]][0]
    heading = Markup("<h4>{} {} <small>{}</small></h4>").format(
        mark(row["status"]), labels.indicator(row["indicator"], row["target_from"]), labels.goal(row["goal_no"])
    )
    words = Markup("<p><b>原因</b>　{}</p><p><b>措施</b>　{}</p>").format(
        *map(_stated, (row["reason"], row["measure"]))
    )
    return Markup('<section class="card {}">{}{}<p class="nums">{}</p>{}</section>').format(
        kind, heading, _attainment_bar(row), outcomes.figures(row).replace("，", " · "), words
    )


def _stated(value: Any) -> Markup:
    return Markup('<span class="none">{}</span>').format(UNSTATED) if labels.missing(value) else lines(value)


def _attainment_bar(row: dict[str, Any]) -> Markup:
    """Attainment as a bar whose end is the target; nothing where there is none."""
    if labels.missing(row["attainment"]):
        return Markup("")
    share = min(max(float(row["attainment"]), 0.0), 1.0) * 100
    return Markup('<div class="bar" role="img" aria-label="完成程度{}"><i style="width:{:.1f}%"></i></div>').format(
        labels.percent(row["attainment"]), share
    )


def grid(result: Evaluation) -> Markup:
    """Every indicator as one mark, by goal and category, with the key and its counts."""
    rows = records(result.indicators)
    if not rows:
        return paragraphs([narrative.none("绩效指标")])
    present = [category for category in CATEGORIES if any(row["category"] == category for row in rows)]
    columns = [Column("年度目标"), *map(Column, present)]
    body = []
    for _, group in outcomes.by_goal(result):
        cells = [
            Markup("").join(map(_row_mark, (row for row in group if row["category"] == category)))
            for category in present
        ]
        body.append([_goal_head(group[0]), *(cell or Markup('<span class="none">—</span>') for cell in cells)])
    shown = table("每一格是一项指标", columns, body, narrow="")
    return Markup('<div class="grid">{}{}</div>').format(shown, _key(Counter(map(narrative.verdict, rows))))


def _goal_head(row: dict[str, Any]) -> Markup:
    number = "" if labels.missing(row["goal_no"]) else str(int(row["goal_no"]))
    name = labels.one_line(row["goal"]) if not labels.missing(row["goal"]) else "" if number else "未列目标"
    return Markup('<span class="idx">{} </span>{}').format(number, name)


def _row_mark(row: dict[str, Any]) -> Markup:
    verdict = narrative.verdict(row)
    return mark(verdict, f"{labels.one_line(row['indicator'])}：{narrative.MEANING[verdict]}")


def _key(counts: Counter[str]) -> Markup:
    shown = [
        Markup("<span>{}{} {}</span>").format(mark(verdict), narrative.MEANING[verdict], labels.count(counts[verdict]))
        for verdict in VERDICTS
        if counts[verdict]
    ]
    return Markup('<p class="key">{}</p>').format(Markup(" ").join(shown))
