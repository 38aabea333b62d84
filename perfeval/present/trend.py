"""Several years of one office in sentences: what page, Word and mail say alike.

A title or sentence on a series says its verdict (:mod:`perfeval.analysis.trends`), never 提高 or 下降 where the
verdict is 平稳 or none.
"""

from collections import Counter
from typing import Any

from perfeval.model.columns import records
from perfeval.model.history import (
    CHANGE_DROPPED_MISSED,
    COMPLETION_RATE,
    EXECUTION_RATE,
    IMPROVING,
    LOOSENED,
    SCORE,
    SIGNIFICANCE,
    UNCERTAIN,
    WORSENING,
    History,
)
from perfeval.present import labels

TITLE = "历年绩效自评趋势"
OFFICE = (EXECUTION_RATE, COMPLETION_RATE, SCORE)
MOVING = (IMPROVING, WORSENING)
"""Verdicts of a movement: only they may be told with 提高 and 下降."""
FACTORS = {
    "execution": "预算执行",
    "actuals": "完成值",
    "targets": "目标值",
    "weights": "分值",
    "indicators": "指标增减",
}
"""What a change of the score is made of, in the order shown; what rounding leaves over is no cause."""


def period(history: History) -> str:
    """``2019—2024年``"""
    first, last = history.years[0], history.years[-1]
    return f"{first}年" if first == last else f"{first}—{last}年"


def written(value: Any, unit: str) -> str:
    """A value of a series with its unit: rates as percentages, scores with two decimals."""
    if unit == "%":
        return labels.percent(value)
    return labels.points(value) if unit == "分" else f"{labels.score(value)}{unit}"


def reached(row: dict[str, Any], end: str = "last") -> str:
    """The last value of a series, or its first; up to what it can be at most where that is open."""
    if not row["upper"]:
        return written(row[end], row["unit"])
    upper = row["upper"][-1 if end == "last" else 0]
    if row["unit"] != "%":
        least, most = written(row[end], row["unit"]), written(upper, row["unit"])
        return least if least == most else f"{least}—{most}"
    return labels.interval(row[end], upper)


def moved(row: dict[str, Any]) -> str:
    """How a series moved from its first year to its last."""
    if row["unit"] == "%":
        return labels.change(row["last"], row["first"])
    if labels.missing(row["change"]):
        return labels.NONE
    shown = written(abs(row["change"]), row["unit"])
    shown = f"{shown}分" if row["unit"] == "分" else shown
    return "持平" if abs(row["change"]) < labels.NOISE else f"{'提高' if row['change'] > 0 else '下降'}{shown}"


def series(history: History, name: str) -> dict[str, Any]:
    """The row of ``History.trends`` of one of the office's series, or of a track."""
    return next(row for row in records(history.trends) if row["series"] == name)


def verdict(history: History, name: str) -> str:
    """``平稳（2024年为95.7%，2019年为96.3%）``: the verdict on one of the office's series, with its ends."""
    row = series(history, name)
    if not row["n"]:
        return "没有可比的年度数值"
    point = "分" if row["unit"] == "分" else ""
    when = f"{row['last_year']}年为{reached(row)}{point}"
    if _few(row):
        first = f"，{row['first_year']}年为{reached(row, 'first')}{point}" if row["n"] > 1 else ""
        return f"{when}{first}"
    if row["verdict"] == UNCERTAIN:
        return f"{when}，{labels.text(row['why']).rstrip('。')}"
    if row["verdict"] in MOVING:
        return f"{row['verdict']}（{when}，较{row['first_year']}年{moved(row)}）"
    return f"{row['verdict']}（{when}，{row['first_year']}年为{reached(row, 'first')}{point}）"


def course(history: History, name: str) -> str:
    """The title of a series' chart: what it is, and its verdict."""
    row = series(history, name)
    if not row["n"]:
        return f"{row['title']}：没有可比的年度数值"
    years = f"{row['first_year']}—{row['last_year']}年" if row["n"] > 1 else f"{row['first_year']}年"
    return f"{row['title']}：{said(row)}（{years}）"


def said(row: dict[str, Any]) -> str:
    """A verdict as the end of a title."""
    if _few(row):
        return "年份不足，不作升降判断"
    return "无法判断升降" if row["verdict"] == UNCERTAIN else str(row["verdict"])


def _few(row: dict[str, Any]) -> bool:
    """Whether there are too few years for any word of a trend."""
    return bool(row["verdict"] == UNCERTAIN and row["n"] < ENOUGH)


ENOUGH = 5
"""Years below which no word of a trend is said (:data:`perfeval.analysis.trends.LEAST_YEARS`)."""


def headline(history: History) -> tuple[str, ...]:
    """The answer in sentences: the verdicts on the office, what keeps being missed, what was made easier."""
    shown = {row["series"]: row for row in records(history.trends)}
    verdicts = [f"{shown[name]['title']}{verdict(history, name)}" for name in OFFICE if name in shown]
    few = any(_few(shown[name]) for name in OFFICE if name in shown)
    sentences = ["；".join(verdicts) + "。" if verdicts else "没有可比的年度数据。", *left_out(history)]
    sentences += [f"不足{ENOUGH}个年度的，不作升降判断。"] if few else []
    sentences += repeats(history)
    kinds = Counter(_latest(history, "changes")["kind"])
    if kinds[LOOSENED]:
        sentences.append(f"{history.years[-1]}年有{labels.several(kinds[LOOSENED])}指标放宽了目标。")
    if kinds[CHANGE_DROPPED_MISSED]:
        sentences.append(f"{labels.several(kinds[CHANGE_DROPPED_MISSED])}上年未完成的指标，当年不再列入。")
    return tuple(sentences)


def left_out(history: History) -> tuple[str, ...]:
    """The years without a score, or with one that stands beside no other, each with the reason."""
    without = history.left_out
    alone = {year: one.beside_no_other for year, one in history.evaluations.items() if year not in without}
    return (
        *(f"{year}年{why}，不计入得分和完成率的比较。" for year, why in without.items()),
        *(f"{year}年{labels.one_line(why)}，得分不与其他年度和自评比较。" for year, why in alone.items() if why),
    )


def gaps(history: History) -> tuple[str, ...]:
    """The years between the first and the last that are not on file."""
    missing = [str(year) for year in range(history.years[0], history.years[-1]) if year not in history.years]
    return (f"没有{'、'.join(missing)}年的数据，前后年度按实际间隔比较。",) if missing else ()


def repeats(history: History) -> tuple[str, ...]:
    """What is missed year after year up to now, and apart from it what was and is not any more."""
    found = records(history.repeated)
    standing = {row["track"]: labels.one_line(row["indicator"]) for row in found if row["standing"]}
    over = {row["track"]: row for row in found if row["track"] not in standing}
    ended: dict[str, list[str]] = {}
    for row in over.values():
        ended.setdefault(row["outcome"], []).append(labels.one_line(row["indicator"]))
    told = []
    if standing:
        told.append(f"{labels.listing(list(standing.values()))}指标到{history.latest}年连续两年以上未完成。")
    if ended:
        parts = (f"{labels.listing(names)}指标曾连年未完成，{outcome}" for outcome, names in ended.items())
        told.append("；".join(parts) + "。")
    return tuple(told)


def _latest(history: History, frame: str) -> Any:
    """The rows of a frame that are about the last year."""
    rows = getattr(history, frame)
    return rows[rows["year"].eq(history.years[-1])]


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


def causes(history: History) -> tuple[str, ...]:
    """What moved the score from the year before to the last, its largest part first, or why it cannot be said."""
    steps = records(history.decomposition)
    if not steps:
        return ("只有一个年度，没有得分变化可以分解。",)
    last = steps[-1]
    years = f"{last['previous_year']}→{last['year']}年"
    if any(labels.missing(last[name]) for name in ("before", "after", *FACTORS)):
        return (f"{years}得分的变化不能分解：{labels.one_line(last['why'])}。",)
    parts = sorted(((title, last[name]) for name, title in FACTORS.items()), key=lambda part: -abs(part[1]))
    told = "、".join(f"{title}{labels.signed(points)}" for title, points in parts if abs(points) >= CENT)
    whole = f"{years}复算得分由{labels.points(last['before'])}分到{labels.points(last['after'])}分"
    more = f"；{labels.one_line(last['why'])}" if not labels.missing(last["why"]) else ""
    if labels.missing(told):
        return (f"{whole}，各部分都没有变动{more}。",)
    return (f"{whole}（{labels.signed(last['after'] - last['before'])}），其中{told}{more}。",)


CENT = 0.005
"""Points below which a part is nothing."""


def method(history: History) -> tuple[str, ...]:
    """How the years are compared, under which rules, by which program."""
    last = history.evaluations[history.years[-1]]
    return (
        f"计分规则：{labels.one_line(history.ruleset.title)}（{history.ruleset.name}），各年用同一规则复算，与当年文件的得分可能不同。",
        "趋势判断：四年及以下只作描述；五年起用曼—肯德尔检验（精确分布，双侧0.05）和泰尔—森斜率；持续达到100%的比率是已达上限，不作趋势。",
        "同时检验多条趋势：本单位五年以上、不在上限的各条（全单位的和各项指标的）作为一组，用本雅明尼—霍赫贝格法（1995）校正p值，q＝0.05。",
        "连续未完成：相邻的公历年度每年都在案、每年都未完成或部分完成才算连续；其间没有数据、没有该指标或无法判定的年度使连续中断。",
        "得分的分解：把目标值、完成值、分值、指标增减和预算执行逐一换成当年的，取各种先后次序下影响的平均。",
        f"计算程序：perfeval {last.version or '（版本未知）'}。",
    )
