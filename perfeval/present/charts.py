"""The charts of the annual report. Each says its point in its title, tells its figures in its alt text, and labels
values directly. A chart that has nothing to show is None, and the caller writes a sentence instead.
"""

import math
from collections import Counter
from datetime import date
from typing import Any

from perfeval.model.results import Evaluation
from perfeval.model.schema import CATEGORIES, MISSED, PARTLY, UNDECIDED, Stage
from perfeval.model.verdicts import CLAIMED, COUNTS, NOT_FILLED
from perfeval.present import drawing, fonts, labels, narrative
from perfeval.present.drawing import LINE, OPEN_MARKS, STACKED, STYLES, Chart

MOST = 14
"""Lines a chart has at most; the table beside it has them all."""
NOISE = 0.005


@drawing.styled
def execution(result: Evaluation) -> Chart | None:
    """Budget and outturn of each item as bars from zero; None without amounts."""
    rows = [row for row in narrative.records(result.execution.items) if not labels.missing(row["executed"])]
    if not rows:
        return None
    rows, rest = rows[:MOST], len(rows) - MOST
    budgets = [_budget(row) for row in rows]
    figure, axes = drawing.lines(len(rows), max([1e-9, *budgets, *(row["executed"] for row in rows)]))
    for place, (row, budget) in enumerate(zip(rows, budgets, strict=True)):
        over = row["executed"] > budget > 0
        drawing.line_text(
            axes, place, row["item"], f"{labels.money(row['executed'])} / {_of(budget)} · {labels.percent(row['rate'])}"
        )
        drawing.bar(axes, place, 0, budget, facecolor=fonts.TRACK, edgecolor=fonts.SOFT)
        drawing.bar(
            axes,
            place,
            0,
            row["executed"],
            **(STYLES[PARTLY] if over else {"facecolor": fonts.NEUTRAL, "edgecolor": fonts.NEUTRAL}),
        )
    title = f"{narrative.execution_clause(result)}（执行数 / 预算数，万元）"
    told = [
        f"{labels.one_line(row['item'])}预算{_of(budget)}万元、执行{labels.money(row['executed'])}万元、执行率{labels.percent(row['rate'])}"
        for row, budget in zip(rows, budgets, strict=True)
    ]
    return Chart("exec", figure, _left_out(title, rest), f"条形图：{'；'.join(told)}。")


def _budget(row: dict[str, Any]) -> float:
    for column in ("adjusted", "opening"):
        if not labels.missing(row[column]):
            return float(row[column])
    return 0.0


def _of(budget: float) -> str:
    return labels.money(budget) if budget else "未列"


@drawing.styled
def by_goal(result: Evaluation) -> Chart | None:
    """The verdicts of each goal that is not met in full as shares, lowest bounds first, and of the others together;
    None where nothing is filled in yet."""
    goals = narrative.records(result.completion.by_goal)
    if not goals or result.state == NOT_FILLED:
        return None
    full = [row for row in goals if row["met"] == row["rows"]]
    rest = sorted((row for row in goals if row["met"] != row["rows"]), key=lambda row: (row["high"], row["low"]))
    shown = [(labels.goal(row["goal_no"], row["goal"]), row) for row in rest[: MOST - 1]]
    if full:
        count = sum(row["rows"] for row in full)
        whole = dict.fromkeys(COUNTS, 0) | {"rows": count, "met": count, "most": count, "low": 1, "high": 1}
        shown.append((f"{'其余' if rest else ''}{len(full)}个目标", whole))
    figure, axes = drawing.lines(len(shown), 1)
    for place, (name, row) in enumerate(shown):
        span = f"{labels.span(row['met'], row['most'], '')}/{row['rows']}"
        drawing.line_text(axes, place, name, f"{span} · {labels.interval(row['low'], row['high'])}")
        drawing.bar(axes, place, 0, 1, facecolor=fonts.TRACK, edgecolor=fonts.TRACK)
        drawing.stack(axes, place, {one: row[name] / row["rows"] for name, one in COUNTS.items()})
    title = (
        f"{len(goals)}个目标中，{f'{len(full)}个全部完成' if full else '没有一个能判定全部完成'}"
        if rest
        else f"{len(goals)}个目标全部完成"
    )
    told = [
        f"{labels.goal(row['goal_no'], row['goal'])}{row['rows']}项完成{labels.span(row['met'], row['most'])}"
        f"（{labels.interval(row['low'], row['high'])}）"
        for row in goals
    ]
    alt = f"堆叠条形图，各目标的指标完成情况：{'；'.join(told)}。"
    open_ = [OPEN_MARKS[one] for name, one in COUNTS.items() if one in OPEN_MARKS and any(row[name] for row in goals)]
    title = f"{title}（{'；'.join(['完成数/指标数', *open_])}）"
    return Chart("goals", figure, _left_out(title, len(rest) - MOST + 1), alt)


def by_category(result: Evaluation) -> Chart | None:
    """Counts of verdicts in each category as stacked bars, those resting on the office's word apart; None where
    nothing is filled in yet."""
    if result.state == NOT_FILLED:
        return None
    return verdicts(narrative.records(result.indicators))


@drawing.styled
def verdicts(rows: list[dict[str, Any]]) -> Chart | None:
    """The same from rows that have category, status and basis; None where there are none."""
    counts = {name: Counter(narrative.verdict(row) for row in rows if row["category"] == name) for name in CATEGORIES}
    counts = {name: seen for name, seen in counts.items() if seen}
    if not counts:
        return None
    figure, axes = drawing.lines(len(counts), max(seen.total() for seen in counts.values()))
    for place, (name, seen) in enumerate(counts.items()):
        drawing.line_text(axes, place, name, _counts(seen))
        drawing.stack(axes, place, seen)
    told = "；".join(f"{name}{seen.total()}项：{_counts(seen)}" for name, seen in counts.items())
    return Chart("cats", figure, _category_title(counts), f"堆叠条形图，各类指标的完成情况：{told}。")


def _category_title(counts: dict[str, Counter[str]]) -> str:
    parts = []
    for verdict in (MISSED, PARTLY, CLAIMED, UNDECIDED):
        found = [f"{name}{seen[verdict]}项" for name, seen in counts.items() if seen[verdict]]
        parts += [f"{verdict}：{'、'.join(found)}"] if found else []
    return "；".join(parts) or "各类指标全部完成"


def _counts(seen: Counter[str]) -> str:
    return " · ".join(f"{verdict}{seen[verdict]}" for verdict in STACKED if seen[verdict])


def losses(result: Evaluation) -> list[tuple[str, float]]:
    """Where the points went: (what, points lost), most first; beyond what a chart holds, the rest in one line.

    Nothing where there is no total.
    """
    score = result.scores["declared"]
    if score.total is None:
        return []
    rows = [
        row for row in narrative.records(result.indicators) if not labels.missing(row["lost"]) and row["lost"] > NOISE
    ]
    rows.sort(key=lambda row: -row["lost"])
    found = [(labels.indicator(row["indicator"], row["target_from"]), float(row["lost"])) for row in rows]
    every = sum(points for _, points in found)
    if score.others_lost > NOISE:
        found.append(("其他部分", score.others_lost))
        found.sort(key=lambda one: -one[1])
    missing = score.possible - score.total - every - score.others_lost
    if missing > NOISE * 2:
        found.insert(0, ("预算执行", missing))
    if len(found) > MOST:
        rest = found[MOST - 1 :]
        found = [*found[: MOST - 1], (f"其余{len(rest)}项", sum(points for _, points in rest))]
    return found


@drawing.styled
def waterfall(result: Evaluation) -> Chart | None:
    """From full points to the score: one floating bar for each loss; None where nothing was lost."""
    lost = losses(result)
    score = result.scores["declared"]
    if not lost or score.total is None:
        return None
    figure, axes = drawing.lines(len(lost) + 2, 1, foot=drawing.FOOT)
    room = (score.possible - score.total) * 0.04
    axes.set_xlim(score.total - room, score.possible + room)
    drawing.line_text(axes, 0, "满分", labels.points(score.possible))
    drawing.dot(axes, 0, score.possible, fonts.SOFT)
    reached = score.possible
    for place, (name, points) in enumerate(lost, start=1):
        drawing.line_text(axes, place, name, f"−{labels.points(points)}")
        axes.plot([reached, reached], [drawing.middle(place - 1), place + 4 / LINE], color=fonts.SOFT, linewidth=0.8)
        reached -= points
        drawing.bar(axes, place, reached, points, **STYLES[MISSED])
    last = len(lost) + 1
    axes.plot([reached, reached], [drawing.middle(last - 1), last + 4 / LINE], color=fonts.SOFT, linewidth=0.8)
    drawing.line_text(axes, last, f"复算得分（{narrative.rules(result.ruleset.title)}）", labels.points(score.total))
    drawing.dot(axes, last, score.total, fonts.NEUTRAL)
    drawing.axis(axes, drawing.extent(labels.points(score.total), labels.points(score.possible)))
    title = f"失分{labels.score(score.possible - score.total)}分，在{labels.listing([name for name, _ in lost], 2)}"
    told = "；".join(f"{name}失{labels.points(points)}分" for name, points in lost)
    return Chart(
        "lost",
        figure,
        title,
        f"瀑布图：从满分{labels.score(score.possible)}分起，{told}，得{labels.score(score.total)}分。",
    )


@drawing.styled
def scores(result: Evaluation) -> Chart | None:
    """The total under each rule set as a dot, the declared total as a line; None where there is nothing to compare."""
    rows = narrative.records(result.alternatives.dropna(subset="declared").sort_values("declared", kind="stable"))
    if not rows:
        return None
    declared = result.declared_score
    values = [row["declared"] for row in rows] + ([] if declared is None else [declared])
    low, high = min(values), max(values)
    room = max((high - low) * 0.1, 0.1)
    figure, axes = drawing.lines(len(rows), 1, foot=drawing.FOOT)
    low, high = math.floor((low - room) * 10) / 10, math.ceil((high + room) * 10) / 10
    axes.set_xlim(low, high)
    if declared is not None:
        axes.plot([declared, declared], [-0.1, len(rows)], color=fonts.MISSED, linewidth=1.6)
    for place, row in enumerate(rows):
        chosen = row["ruleset"] == result.ruleset.name
        drawing.line_text(
            axes,
            place,
            narrative.rules(row["title"]) + ("（本报告）" if chosen else ""),
            labels.points(row["declared"]),
        )
        axes.plot([low, high], [drawing.middle(place)] * 2, color=fonts.LINE, linewidth=1, zorder=0)
        drawing.dot(axes, place, row["declared"], fonts.NEUTRAL)
    drawing.axis(axes, drawing.extent(f"{low:.1f}", f"{high:.1f}"))
    totals = [labels.score(rows[0]["declared"]), labels.score(rows[-1]["declared"])]
    spread = f"{'至'.join(totals if totals[0] != totals[1] else totals[:1])}分"
    line = "" if declared is None else f"；竖线为申报{labels.as_printed(result.narrative.declared_score)}分"
    told = "，".join(f"{labels.one_line(row['title'])}{labels.points(row['declared'])}分" for row in rows)
    return Chart("score", figure, f"得分取决于规则：{spread}{line}", f"点图，各规则复算的总分：{told}{line}。")


@drawing.styled
def stages(result: Evaluation) -> Chart | None:
    """The stages of the self-evaluation on a time axis; None where fewer than two have dates."""
    dated = [(stage, *_span(stage)) for stage in result.narrative.stages if labels.read_date(stage.end or stage.start)]
    if len(dated) < 2:  # noqa: PLR2004  # one stage alone is no course of time
        return None
    dated = dated[:MOST]
    first, last = min(start for _, start, _ in dated), max(end for _, _, end in dated)
    figure, axes = drawing.lines(len(dated), 1, foot=drawing.FOOT)
    room = max((last - first) * 0.03, 1)
    axes.set_xlim(first - room, last + room)
    for place, (stage, start, end) in enumerate(dated):
        drawing.line_text(axes, place, stage.name, labels.dates(stage.start, stage.end))
        axes.plot([first - room, last + room], [drawing.middle(place)] * 2, color=fonts.LINE, linewidth=1, zorder=0)
        if stage.start and stage.end and end > start:
            drawing.bar(axes, place, start, end - start + 1, facecolor=fonts.NEUTRAL, edgecolor=fonts.NEUTRAL)
        else:
            drawing.dot(axes, place, end, fonts.NEUTRAL)
    drawing.time_axis(axes, first, last)
    told = "；".join(f"{labels.one_line(stage.name)}{labels.dates(stage.start, stage.end)}" for stage, _, _ in dated)
    years = sorted({date.fromordinal(day).year for _, start, end in dated for day in (start, end)})
    when = "—".join(str(year) for year in (years[0], years[-1])[: len(years)])
    return Chart("time", figure, f"自评工作分{len(dated)}个阶段（{when}年）", f"时间轴：{told}。")


def _span(stage: Stage) -> tuple[int, int]:
    """Start and end as day numbers; a missing one is the other."""
    start, end = labels.read_date(stage.start), labels.read_date(stage.end)
    days = [day.toordinal() for day in (start or end, end or start) if day]
    return days[0], days[-1]


def _left_out(title: str, rest: int) -> str:
    return title if rest <= 0 else f"{title}；另有{rest}个见表"
