"""Several years of one office: each function shows one section of the trend report on one :class:`History`."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from perfeval.model.history import (
    AT_CEILING,
    CHANGE_DROPPED_MISSED,
    COMPLETION_RATE,
    EXECUTION_RATE,
    IMPROVING,
    LOOSENED,
    SCORE,
    SIGNIFICANCE,
    STEADY,
    UNCERTAIN,
    WORSENING,
    History,
)
from perfeval.model.verdicts import EVALUATED
from perfeval.present import drawing, labels, narrative, trend_charts
from perfeval.present.narrative import records
from perfeval.present.pieces import Html, html
from perfeval.present.tables import Column, fold, key_figures, paragraphs, ranged, table
from perfeval.present.trend_charts import moved, reached, written

TITLE = "历年绩效自评趋势"
OFFICE = (EXECUTION_RATE, COMPLETION_RATE, SCORE)
FIRST = {WORSENING: 0, UNCERTAIN: 1, AT_CEILING: 2, STEADY: 3, IMPROVING: 4}
"""The order in which verdicts are listed: what needs looking at comes first."""


def period(history: History) -> str:
    """``2019—2024年``"""
    first, last = history.years[0], history.years[-1]
    return f"{first}年" if first == last else f"{first}—{last}年"


def trend_header(history: History) -> Html:
    """Kind of report and years, the office, and what the figures rest on."""
    name = narrative.full_name(history)
    number = f"{history.subdistrict}-{history.years[0]}-{history.years[-1]}"
    rests = f"规则：{labels.one_line(history.ruleset.title)}（各年用同一规则复算） · 编号：{number}"
    shown = Markup('<p class="eyebrow">{} · {}</p><h1>{}</h1><p class="sub">{}</p>').format(
        TITLE, period(history), name, rests
    )
    title = f"{name} {period(history)}{TITLE}"
    return Html(str(shown), title, title)


# ---- the answer


def headline(history: History) -> tuple[str, ...]:
    """The answer in sentences: the verdicts on the office, what keeps being missed, what was made easier."""
    shown = {row["series"]: row for row in records(history.trends)}
    said = [f"{shown[name]['title']}{_verdict(shown[name])}" for name in OFFICE if name in shown]
    sentences = ["；".join(said) + "。" if said else "没有可比的年度数据。", *left_out(history)]
    sentences += repeats(history)
    kinds = Counter(_latest(history, "changes")["kind"])
    if kinds[LOOSENED]:
        sentences.append(f"{history.years[-1]}年有{labels.several(kinds[LOOSENED])}指标放宽了目标。")
    if kinds[CHANGE_DROPPED_MISSED]:
        sentences.append(f"{labels.several(kinds[CHANGE_DROPPED_MISSED])}上年未完成的指标，当年不再列入。")
    return tuple(sentences)


def left_out(history: History) -> tuple[str, ...]:
    """The years without a score, each with the reason."""
    return tuple(f"{year}年{why}，不计入得分和完成率的比较。" for year, why in history.left_out.items())


def repeats(history: History) -> tuple[str, ...]:
    """What is missed year after year up to now, and apart from it what was and is not any more."""
    found = records(history.repeated)
    standing = {row["track"]: labels.one_line(row["indicator"]) for row in found if row["standing"]}
    over = {row["track"]: row for row in found if row["track"] not in standing}
    ended: dict[str, list[str]] = {}
    for row in over.values():
        ended.setdefault(row["outcome"], []).append(labels.one_line(row["indicator"]))
    said = []
    if standing:
        said.append(f"{labels.listing(list(standing.values()))}指标到{history.latest}年连续两年以上未完成。")
    if ended:
        told = (f"{labels.listing(names)}指标曾连年未完成，{outcome}" for outcome, names in ended.items())
        said.append("；".join(told) + "。")
    return tuple(said)


def _verdict(row: dict[str, Any]) -> str:
    if not row["n"]:
        return "没有可比的年度数值"
    last = reached(row) + ("分" if row["unit"] == "分" else "")
    when = f"{row['last_year']}年为{last}"
    if row["verdict"] == UNCERTAIN:
        return f"{when}，较{row['first_year']}年{moved(row)}（{labels.text(row['why']).rstrip('。')}）"
    return f"{row['verdict']}（{when}，较{row['first_year']}年{moved(row)}）"


def _latest(history: History, frame: str) -> Any:
    """The rows of a frame that are about the last year."""
    rows = getattr(history, frame)
    return rows[rows["year"].eq(history.years[-1])]


def trend(history: History) -> Html:
    """The answer, four figures, and the office's three series as charts."""
    said = headline(history)
    return html(
        Markup('<p class="lead">{}</p>').format("".join(said)),
        _key_figures(history),
        drawing.charts_html(trend_charts.office(history)),
        plain=said,
    )


def _key_figures(history: History) -> Markup:
    shown = {row["series"]: row for row in records(history.trends)}
    change = {(row["series"], row["year"]): row for row in records(history.year_on_year)}
    figures = []
    for name in OFFICE:
        if name in shown:
            row = shown[name]
            when = "" if labels.missing(row["last_year"]) or row["last_year"] == history.years[-1] else row["last_year"]
            title = f"{row['title']}（{when}年）" if when else row["title"]
            figures.append((title, ranged(reached(row)), _against(change.get((name, row["last_year"])), row["unit"])))
    standing = int(history.repeated["standing"].sum())
    figures.append(("连续未完成", labels.count(standing, ""), f"项指标到{history.latest}年已连续两年以上没有完成"))
    return key_figures(figures)


def _against(row: dict[str, Any] | None, unit: str) -> str:
    """``比2023年提高1.2个百分点``"""
    if row is None or labels.missing(row["change"]):
        return "没有可比的上年数"
    ends = {"unit": unit, "first": row["previous"], "last": row["value"], "change": row["change"]}
    return f"比{row['previous_year']}年{moved(ends)}"


# ---- the years side by side


def yearly(history: History) -> Html:
    """Every year's money, rates, counts and scores."""
    columns = [
        Column("年度"),
        Column("预算数（万元）", True),
        Column("执行数（万元）", True),
        Column("执行率", True),
        Column("指标数", True),
        Column("完成", True),
        Column("完成率", True),
        Column("没有可比的数据", True),
        Column("复算得分", True),
        Column("严格口径", True),
        Column("申报得分", True),
        Column("复算等级"),
    ]
    rows = [
        [
            str(row["year"]),
            labels.money(row["budget"]),
            labels.money(row["executed"]),
            labels.percent(row["execution_rate"]),
            str(row["rows"]),
            labels.span(row["met"], row["most"], "") if row["state"] not in narrative.NOTHING_KNOWN else labels.NONE,
            labels.interval(row["completion_low"], row["completion_high"]),
            str(row["declared"] + row["undecided"]),
            labels.points(row["score"]),
            labels.points(row["strict"]),
            labels.score(row["declared_score"]),
            labels.text(row["grade"]) if row["state"] == EVALUATED else row["state"],
        ]
        for row in records(history.summary)
    ]
    caption = f"{period(history)}的预算执行、指标完成和得分（各年用同一规则复算）"
    missing = [str(year) for year in range(history.years[0], history.years[-1]) if year not in history.years]
    gap = f"没有{'、'.join(missing)}年的数据，前后年度按实际间隔比较。" if missing else ""
    said = (*([gap] if gap else []), *left_out(history))
    return html(
        table(caption, columns, rows, narrow="st two"),
        paragraphs(said),
        plain=f"{caption}：{len(rows)}年。{''.join(said)}",
    )


def trends(history: History) -> Html:
    """The verdict on every series and what it rests on: the office first, then its indicators."""
    found = records(history.trends)
    own = [row for row in found if row["series"] in OFFICE]
    tracks = sorted((row for row in found if row["series"] not in OFFICE), key=lambda row: FIRST[row["verdict"]])
    counts = Counter(row["verdict"] for row in tracks)
    told = "，".join(f"{verdict}{counts[verdict]}项" for verdict in FIRST if counts[verdict])
    said = [f"{len(tracks)}项指标可以逐年比较：{told}。" if tracks else "没有可以逐年比较的指标。"]
    said += by_chance(history)
    return html(
        _trend_table("全单位的趋势", own),
        paragraphs(said),
        fold(f"{len(tracks)}项指标的趋势", _trend_table("各项指标的趋势；完成程度以目标为100%", tracks), len(tracks)),
        plain=tuple(said),
    )


def by_chance(history: History) -> tuple[str, ...]:
    """How many series were tested, how many of them chance alone would call, and how many are called; nothing where
    none was tested."""
    tested = history.trends[history.trends["adjusted"].notna()]
    if tested.empty:
        return ()
    alone, together = (int(tested[column].le(SIGNIFICANCE).sum()) for column in ("p", "adjusted"))
    chance = labels.score(len(tested) * SIGNIFICANCE)
    called = f"有{together}条" if together else "一条也没有"
    return (
        f"共检验{len(tested)}条趋势（含全单位的）：即使全都没有升降，逐条按5%判断平均也会有最多{chance}条被误认为有趋势。"
        f"逐条看有{alone}条p不超过0.05，全部一起校正后（本雅明尼—霍赫贝格法，误认的比例控制在5%）{called}，"
        "改善、恶化只按校正后的结果判断。",
    )


def _trend_table(caption: str, rows: Sequence[dict[str, Any]]) -> Markup:
    if not rows:
        return Markup("")
    columns = [Column("指标"), Column("判断"), Column("各年数值"), Column("变化"), Column("依据")]
    return table(
        caption,
        columns,
        [
            [
                labels.one_line(row["title"]),
                Markup('<span class="nw{}">{}</span>').format(
                    " miss" if row["verdict"] == WORSENING else "", row["verdict"]
                ),
                _values(row),
                moved(row),
                row["why"],
            ]
            for row in rows
        ],
    )


def _values(row: dict[str, Any]) -> Markup:
    each = zip(row["years"], row["values"], strict=True)
    told = (Markup('<span class="nw">{}：{}</span>').format(year, written(value, row["unit"])) for year, value in each)
    return Markup("　").join(told)
