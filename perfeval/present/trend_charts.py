"""The charts of several years: yearly values of the office, and what moved the score from one year to the next."""

from typing import Any

from perfeval.model.history import COMPLETION_RATE, EXECUTION_RATE, SCORE, History
from perfeval.model.schema import MET, MISSED
from perfeval.present import drawing, fonts, labels
from perfeval.present.drawing import STYLES, Chart
from perfeval.present.narrative import records

FACTORS = {
    "execution": "预算执行",
    "actuals": "完成值",
    "targets": "目标值",
    "weights": "分值",
    "indicators": "指标增减",
    "other": "舍入",
}
"""What a change of the score is made of, in the order shown."""
NOISE = 0.005
"""Points below which a part is written as nothing."""


def written(value: Any, unit: str) -> str:
    """A value of a series with its unit: rates as percentages, scores with two decimals."""
    if unit == "%":
        return labels.percent(value)
    return labels.points(value) if unit == "分" else f"{labels.score(value)}{unit}"


def reached(row: dict[str, Any]) -> str:
    """The last value of a series; up to what it can be at most where that is open."""
    if not row["upper"]:
        return written(row["last"], row["unit"])
    return labels.interval(row["last"], row["upper"][-1])


def moved(row: dict[str, Any]) -> str:
    """How a series moved from its first year to its last."""
    if row["unit"] == "%":
        return labels.change(row["last"], row["first"])
    if labels.missing(row["change"]):
        return labels.NONE
    shown = written(abs(row["change"]), row["unit"])
    shown = f"{shown}分" if row["unit"] == "分" else shown
    return "持平" if abs(row["change"]) < labels.NOISE else f"{'提高' if row['change'] > 0 else '下降'}{shown}"


@drawing.styled
def series(history: History, name: str) -> Chart | None:
    """The yearly values of the execution rate, completion or score; None with fewer than two.

    Where the completion is open, the line is what is met for certain, the band above it what is open.
    """
    found = [row for row in records(history.trends) if row["series"] == name]
    if not found or len(found[0]["values"]) < 2:  # noqa: PLR2004  # one dot is no line
        return None
    row = found[0]
    upper = row["upper"]
    figure = drawing.yearly(row["years"], row["values"], lambda value: written(value, row["unit"]), upper)
    unit = "" if row["unit"] in ("%",) else f"（{row['unit']}）"
    title = f"{row['title']}{unit}：{row['years'][0]}—{row['years'][-1]}年{moved(row)}"
    most = [f"（最多{written(value, row['unit'])}）" for value in upper] or [""] * len(row["years"])
    told = "，".join(
        f"{year}年{written(value, row['unit'])}{open_}"
        for year, value, open_ in zip(row["years"], row["values"], most, strict=True)
    )
    band = "带形为凭申报完成和无法判定的。" if upper else ""
    title = f"{title}；带形为凭申报完成和无法判定的" if upper else title
    return Chart(name.replace("_", ""), figure, title, f"折线图，{row['title']}：{told}。{band}纵轴不从0起。")


def office(history: History) -> list[Chart | None]:
    """The three series of the whole office."""
    return [series(history, name) for name in (EXECUTION_RATE, COMPLETION_RATE, SCORE)]


@drawing.styled
def decomposition(history: History) -> Chart | None:
    """From last year's score to this year's: one floating bar for each thing that moved it; None without two scores."""
    rows = [row for row in records(history.decomposition) if not labels.missing(row["after"])]
    if not rows:
        return None
    row = rows[-1]
    if labels.missing(row["before"]):
        return None
    steps = [
        (title, row[name])
        for name, title in FACTORS.items()
        if not labels.missing(row[name]) and abs(row[name]) >= NOISE
    ]
    reached = [row["before"]]
    for _, points in steps:
        reached.append(reached[-1] + points)
    low, high = min(reached), max(reached)
    room = (high - low) * 0.06 or 1
    figure, axes = drawing.lines(len(steps) + 2, 1, foot=drawing.FOOT)
    axes.set_xlim(low - room, high + room)
    drawing.line_text(axes, 0, f"{row['previous_year']}年得分", labels.points(row["before"]))
    drawing.dot(axes, 0, row["before"], fonts.SOFT)
    for place, (name, points) in enumerate(steps, start=1):
        drawing.line_text(axes, place, name, f"{'＋' if points > 0 else '−'}{labels.points(abs(points))}")
        start = min(reached[place - 1], reached[place])
        drawing.bar(axes, place, start, abs(points), **STYLES[MET if points > 0 else MISSED])
    drawing.line_text(axes, len(steps) + 1, f"{row['year']}年得分", labels.points(row["after"]))
    drawing.dot(axes, len(steps) + 1, row["after"], fonts.NEUTRAL)
    drawing.axis(axes, drawing.extent(labels.points(low), labels.points(high)))
    most = max(steps, key=lambda step: abs(step[1]), default=None)
    title = f"得分{_gained(row['after'] - row['before'])}" + (f"，主要因为{most[0]}" if most else "")
    told = "，".join(f"{name}{_gained(points)}" for name, points in steps)
    before, after = (labels.points(row[end]) for end in ("before", "after"))
    alt = f"瀑布图：{row['previous_year']}年{before}分，{told or '没有变化'}，{row['year']}年{after}分。"
    return Chart("parts", figure, title, alt)


def _gained(points: float) -> str:
    if abs(points) < NOISE:
        return "持平"
    return f"{'提高' if points > 0 else '下降'}{labels.score(abs(points))}分"
