"""Charts of rows: bars, stacked bars, a waterfall, dots with ranges, stages in time.

Each takes a frame and the names of its columns, draws its lines in the frame's order, and returns matplotlib Axes; None
where there is nothing to show. ``title`` says the point, ``source`` stands below, ``alt`` is read out instead; what is
not given is told from the figures.
"""

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from perfeval.model import asked
from perfeval.model.columns import POINTS, RATE
from perfeval.model.errors import ParameterError
from perfeval.model.schema import MET
from perfeval.present import axes as axes_
from perfeval.present import canvas, columns, fonts, labels
from perfeval.present.canvas import STACKED, STYLES, middle, styled

MOST = 14
"""Steps of a waterfall that are drawn on their own; the smallest of more stand together in one line, which says so."""
LEAST = {POINTS: 10.0, RATE: 0.1}
"""What an axis that does not begin at zero spans at least, so that a trifle does not fill the picture."""
ALIKE = {POINTS: 0.1, RATE: 0.001}
"""Within how much values are as good as equal: then a sentence says more than dots."""
FULL = 100.0
"""Points an office can have: no axis goes beyond them unless a value does."""
Line = float | tuple[float, str] | None


def _known(frame: pd.DataFrame | pd.Series, name: Any) -> columns.Shown:
    return columns.shown(name, canvas.column(frame, name))


@styled
def bars(
    frame: pd.DataFrame | pd.Series,
    label: Any,
    value: Any,
    of: Any = None,
    line: Line = None,
    *,
    ax: Axes | None = None,
    title: str | None = None,
    source: str = "",
    alt: str | None = None,
    text: Callable[[float], str] | None = None,
) -> Axes | None:
    """Bars from zero, a line each. ``of``: the column that each is part of, drawn behind it as its track.

    ``line``: a value to compare with, or (value, name); with ``of`` it is a share of each whole (0.9: 90 %). A row
    without a figure keeps its line and says —.
    """
    labels_, values = canvas.names(frame, label), canvas.numbers(frame, value)
    if not any(found is not None for found in values):
        return None
    wholes = canvas.numbers(frame, of) if of is not None else [None] * len(values)
    shown = _known(frame, value)
    write: columns.Writer = text or shown.write
    compared = canvas.limit(line, columns.rate if of is not None else write)
    extent = [0.0, *(found for found in (*values, *wholes) if found is not None)]
    if compared and of is None:
        extent.append(compared[0])
    low, high = min(extent), max(extent)
    lines = canvas.rows(len(values), low, high if high > low else low + 1, ax, notes=1 if compared else 0)
    told = []
    for place, (name, found, whole) in enumerate(zip(labels_, values, wholes, strict=True)):
        written = _of(found, whole, write) if of is not None else write(found)
        lines.text(place, name, written, fonts.PAPER if compared and of is None else "")
        told.append(f"{name}{written}")
        _bar(lines, place, found, whole, f"{name}：{written}")
        if compared and whole:
            lines.line((compared[0] * whole,) * 2, _across(place), fonts.INK, 1.6, zorder=4)
    if compared and of is None:
        lines.line((compared[0],) * 2, (0, len(values)), fonts.INK, 1.2)
    if compared:
        lines.foot(f"竖线：{_known(frame, of).title}的{compared[1]}" if of is not None else f"竖线：{compared[1]}")
    caption = title if title is not None else shown.heading
    return axes_.tell(lines.axes, caption, source, alt or f"条形图，{shown.heading}：{'；'.join(told)}。")


def _bar(lines: canvas.Rows, place: int, found: float | None, whole: float | None, told: str) -> None:
    if whole:
        lines.bar(place, 0, whole, facecolor=fonts.TRACK, edgecolor=fonts.SOFT)
    if found is not None:
        over = whole is not None and found > whole > 0
        plain = {"facecolor": fonts.NEUTRAL, "edgecolor": fonts.NEUTRAL}
        lines.bar(place, 0, found, told, **(STYLES["部分完成"] if over else plain))


def _across(place: int) -> tuple[float, float]:
    half = (canvas.BAR / 2 + 3) / canvas.LINE
    return middle(place) - half, middle(place) + half


def _of(found: float | None, whole: float | None, write: columns.Writer) -> str:
    """``5,154.12 / 5,431.28，94.9%``"""
    share = found / whole if found is not None and whole else None
    return f"{write(found)} / {write(whole)}，{columns.rate(share)}"


@styled
def stacked(
    counts: pd.DataFrame,
    *,
    share: bool = False,
    ax: Axes | None = None,
    title: str | None = None,
    source: str = "",
    alt: str | None = None,
    text: Sequence[str] | None = None,
) -> Axes | None:
    """Counts of each row one after the other: the index names the rows, the columns what is counted (verdicts in their
    own colours and order, whatever else as given). ``share``: every row as long as the others. ``text``: what stands at
    the right of each row instead of its counts.
    """
    parts = _stacked_columns(counts)
    if counts.empty or not parts:
        return None
    held = [
        {name: float(row[place]) if not labels.missing(row[place]) else 0.0 for name, place in parts.items()}
        for row in counts.to_numpy(dtype=object)
    ]
    wholes = [sum(row.values()) for row in held]
    most = 1.0 if share else max(wholes)
    if not any(wholes):
        return None
    names = [columns.text(name if not isinstance(name, tuple) else list(name)) for name in counts.index.tolist()]
    styles = _styles(parts)
    lines = canvas.rows(len(held), 0, most, ax)
    told = []
    for place, (name, row, whole) in enumerate(zip(names, held, wholes, strict=True)):
        written = _counted(row)
        lines.text(place, name, text[place] if text is not None else written)
        if share:
            lines.bar(place, 0, 1, facecolor=fonts.TRACK, edgecolor=fonts.TRACK)
        lengths = {part: length / whole for part, length in row.items()} if share and whole else row
        canvas.stack(lines, place, lengths, styles)
        told.append(f"{labels.one_line(name)}{columns.count(whole)}：{written}")
    caption = title if title is not None else _verdict_title(names, held)
    return axes_.tell(lines.axes, caption, source, alt or f"堆叠条形图：{'；'.join(told)}。")


def _stacked_columns(counts: pd.DataFrame) -> dict[str, int]:
    """What is stacked, in order, and where it stands in the frame."""
    given = {columns.text(name): place for place, name in enumerate(counts.columns.tolist())}
    verdicts = [name for name in STACKED if name in given]
    return {name: given[name] for name in (*verdicts, *(name for name in given if name not in verdicts))}


def _styles(parts: Sequence[str] | dict[str, int]) -> dict[str, dict[str, Any]]:
    others = [name for name in parts if name not in STYLES]
    own = {name: canvas.OTHERS[place % len(canvas.OTHERS)] for place, name in enumerate(others)}
    return {name: STYLES.get(name) or own[name] for name in parts}


def _counted(row: dict[str, float]) -> str:
    return "，".join(f"{name}{columns.count(value)}" for name, value in row.items() if value) or "0"


def _verdict_title(names: Sequence[str], held: Sequence[dict[str, float]]) -> str:
    """``未完成：产出2项、效益1项；无法判定：成本1项``"""
    parts = []
    for verdict in (name for name in reversed(STACKED) if name != MET):
        found = [
            f"{name}{columns.count(row[verdict])}项" for name, row in zip(names, held, strict=True) if row.get(verdict)
        ]
        parts += [f"{verdict}：{'、'.join(found)}"] if found else []
    if parts:
        return "；".join(parts)
    return "全部完成" if all(set(row) <= set(STACKED) for row in held) else "、".join(held[0])


# ---- from a total to a total


@styled
def waterfall(
    parts: pd.DataFrame,
    *,
    part: str = "part",
    kind: str = "kind",
    points: str = "points",
    cumulative: str = "cumulative",
    ax: Axes | None = None,
    title: str | None = None,
    source: str = "",
    alt: str | None = None,
) -> Axes | None:
    """From total to total in steps: the frame of ``pe.score_parts``. A row whose ``kind`` is ``total`` is a level and
    stands on a ground of its own; every other is a step from the level before it to its ``cumulative``.

    Of more than :data:`MOST` steps between two totals the smallest are drawn as one, which says how many they are.
    None where there is no step; ``ParameterError`` where a total follows upon another, as where there are several
    offices or years: what each lost has a chart of its own.
    """
    steps = _steps(parts, part, kind, points, cumulative)
    if not any(not total for _, total, _, _ in steps):
        return None
    for (first, ended, _, reached), (then, total, _, level) in pairwise(steps):
        if ended and total and reached != level:
            raise ParameterError(f"“{first}”之后又是“{then}”：一张图只画一个街道的一年，请先选出来")
    levels = [level for _, _, before, after in steps for level in (before, after)]
    low, high = _window(min(levels), max(levels), POINTS, max(levels))
    lines = canvas.rows(len(steps), low, high, ax, notes=1, inset=canvas.DOT)
    for place, (name, total, before, after) in enumerate(steps):
        written = columns.points(after) if total else labels.signed(after - before)
        if total:
            lines.band(place)
        if place:
            lines.line((before, before), (_under(place - 1, steps[place - 1][1]), _over(place, total)), fonts.SOFT)
        lines.text(place, name, written, fonts.TRACK if total else fonts.PAPER)
        if total:
            lines.dot(place, after, fonts.NEUTRAL, f"{name}：{written}")
        else:
            style = STYLES["未完成"] if after < before else STYLES["完成"]
            lines.bar(place, min(before, after), abs(after - before), f"{name}：{written}", **style)
    lines.foot(f"横轴从{columns.points(low)}到{columns.points(high)}分{'，不从0起' if low else ''}")
    told = "；".join(f"{name}{columns.points(b) if total else labels.signed(b - a)}分" for name, total, a, b in steps)
    return axes_.tell(lines.axes, _loss_title(steps) if title is None else title, source, alt or f"瀑布图：{told}。")


def _under(place: int, total: bool) -> float:
    """Where a connector leaves a line: under its bar, or from the middle of its dot."""
    return middle(place) + (0 if total else canvas.BAR / 2 / canvas.LINE)


def _over(place: int, total: bool) -> float:
    return middle(place) - (0 if total else canvas.BAR / 2 / canvas.LINE)


Step = tuple[str, bool, float, float]


def _steps(parts: pd.DataFrame, part: str, kind: str, points: str, cumulative: str) -> list[Step]:
    """Name, whether a total, level before, level after; what is not known of is left to the frame's checks."""
    rows = list(
        zip(
            canvas.names(parts, part),
            canvas.column(parts, kind).tolist(),
            canvas.numbers(parts, points),
            canvas.numbers(parts, cumulative),
            strict=True,
        )
    )
    steps: list[Step] = []
    level = 0.0
    for name, what, _, after in rows:
        if after is None:
            continue
        steps.append((name, str(what) == "total", level if steps else after, after))
        level = after
    return _together(steps)


def _together(steps: list[Step]) -> list[Step]:
    """The smallest of too many steps as one, before the total that ends them."""
    plain = sorted((abs(after - before) for _, total, before, after in steps if not total), reverse=True)
    if len(plain) <= MOST:
        return steps
    floor = plain[MOST - 2]
    kept: list[Step] = []
    level, room, left, rest = 0.0, MOST - 1, 0, 0.0
    for name, total, before, after in steps:
        size = after - before
        if total:
            if left:
                kept.append((f"其余{left}项", False, level, level + rest))
                level, left, rest = level + rest, 0, 0.0
            kept.append((name, True, level if kept else after, after))
            level = after
        elif abs(size) >= floor and room:
            kept.append((name, False, level, level + size))
            level, room = level + size, room - 1
        else:
            left, rest = left + 1, rest + size
    if left:
        kept.append((f"其余{left}项", False, level, level + rest))
    return kept


def _loss_title(steps: Sequence[Step]) -> str:
    changes = [(name, after - before) for name, total, before, after in steps if not total]
    whole = sum(size for _, size in changes)
    if all(size <= 0 for _, size in changes):
        return f"失分{labels.score(-whole)}分，在{labels.listing([name for name, _ in changes], 2)}"
    return f"合计{labels.signed(whole)}分"


# ---- dots


@asked.takes()
def nearly_equal(frame: pd.DataFrame, *values: Any, within: float | None = None) -> bool:
    """Whether the figures of some columns lie so close together that a sentence says more than a chart.

    ``within``: 0.1 points, 0.1 个百分点, or for other figures a thousandth of the largest, unless given.
    """
    held = [found for name in values for found in canvas.numbers(frame, name) if found is not None]
    if not held:
        return True
    allowed = within if within is not None else ALIKE.get(_known(frame, values[0]).kind, max(map(abs, held)) / 1000)
    return max(held) - min(held) <= allowed + 1e-9


def _window(low: float, high: float, kind: str, most: float | None) -> tuple[float, float]:
    """Where an axis that need not begin at zero begins and ends: with room, never too narrow, and not beyond ``most``
    unless a value is."""
    span = max((high - low) * 1.2, LEAST.get(kind, (high - low) * 1.2 or abs(high) or 1.0))
    end = high + (span - (high - low)) / 2
    if most is not None:
        end = min(end, max(most, high))
    start = end - span
    unit = 10.0 ** math.floor(math.log10(span) - 0.7)
    start, end = math.floor(start / unit + 1e-9) * unit, min(math.ceil(end / unit - 1e-9) * unit, max(end, most or end))
    return (0.0 if low >= 0 > start else start), end


@styled
def dots(  # noqa: PLR0917  # the columns in the order in which one says them
    frame: pd.DataFrame,
    label: Any,
    value: Any,
    low: Any = None,
    high: Any = None,
    line: Line = None,
    *,
    ax: Axes | None = None,
    title: str | None = None,
    source: str = "",
    alt: str | None = None,
    text: Callable[[float], str] | None = None,
    within: float | None = None,
) -> Axes | None:
    """A dot a row, with its range where ``low`` and ``high`` name columns; ``line``: a value, or (value, name), to
    compare with. The axis spans the values, not zero, and says so.

    None where there is nothing to show, and where all of several rows and the line are nearly equal
    (:func:`nearly_equal`): say that in a sentence.
    """
    names, at = canvas.names(frame, label), canvas.numbers(frame, value)
    ends = [canvas.numbers(frame, name) if name is not None else at for name in (low, high)]
    shown = _known(frame, value)
    write, kind = text or shown.write, shown.kind
    compared = canvas.limit(line, write)
    held = [found for found in (*at, *ends[0], *ends[1]) if found is not None]
    if not held or _alike([*held, *([compared[0]] if compared else [])], kind, within, len(names)):
        return None
    start, end = _window(
        min([*held, *([compared[0]] if compared else [])]),
        max([*held, *([compared[0]] if compared else [])]),
        kind,
        {RATE: 1.0, POINTS: FULL}.get(kind),
    )
    lines = canvas.rows(len(names), start, end, ax, notes=2 if compared else 1, inset=canvas.DOT)
    if compared:
        lines.line((compared[0],) * 2, (0, len(names)), fonts.MISSED, 1.6)
    told = []
    for place, (name, found, least, most) in enumerate(zip(names, at, *ends, strict=True)):
        written = _ranged(found, least, most, write)
        lines.text(place, name, written, fonts.PAPER if compared else "")
        lines.line((start, end), (middle(place),) * 2, fonts.LINE, 1, zorder=0.5)
        if least is not None and most is not None and most > least:
            lines.line((least, most), (middle(place),) * 2, fonts.NEUTRAL, 3, alpha=0.55, solid_capstyle="butt")
        if found is not None:
            lines.dot(place, found, fonts.NEUTRAL, f"{name}：{written}")
        told.append(f"{name}{written}")
    span = f"横轴从{write(start)}到{write(end)}{'，不从0起' if start else ''}"
    lines.foot(span, *([f"竖线：{compared[1]}"] if compared else []))
    caption = title if title is not None else shown.heading
    return axes_.tell(lines.axes, caption, source, alt or f"点图，{shown.heading}：{'；'.join(told)}。")


def _alike(values: Sequence[float], kind: str, within: float | None, rows: int) -> bool:
    allowed = within if within is not None else ALIKE.get(kind, max(map(abs, values)) / 1000)
    return rows > 1 and max(values) - min(values) <= allowed + 1e-9


def _ranged(found: float | None, least: float | None, most: float | None, write: columns.Writer) -> str:
    if least is None or most is None or write(least) == write(most):
        return write(found)
    span = f"{write(least)}—{write(most)}"
    return span if found is None or found in (least, most) else f"{write(found)}（{span}）"


# ---- time


@styled
def timeline(
    frame: pd.DataFrame,
    label: Any = "name",
    start: Any = "start",
    end: Any = "end",
    *,
    ax: Axes | None = None,
    title: str | None = None,
    source: str = "",
    alt: str | None = None,
) -> Axes | None:
    """Stages on an axis of days: ``start`` and ``end`` are dates or ISO texts, one of them may be missing.

    None where fewer than two rows have a date; a row without keeps its line and its words.
    """
    names = canvas.names(frame, label)
    spans = [
        (_day(first), _day(last), _iso(first), _iso(last))
        for first, last in zip(canvas.column(frame, start).tolist(), canvas.column(frame, end).tolist(), strict=True)
    ]
    days = [day for first, last, _, _ in spans for day in (first, last) if day is not None]
    if sum(first is not None or last is not None for first, last, _, _ in spans) < 2:  # noqa: PLR2004  # one is no course of time
        return None
    begins, ends = min(days), max(days)
    room = max((ends - begins) * 0.03, 1)
    lines = canvas.rows(len(names), begins - room, ends + room, ax, notes=1, inset=canvas.DOT)
    told = []
    for place, (name, (first, last, first_told, last_told)) in enumerate(zip(names, spans, strict=True)):
        written = labels.dates(first_told, last_told)
        lines.text(place, name, written)
        lines.line((begins - room, ends + room), (middle(place),) * 2, fonts.LINE, 1, zorder=0.5)
        _stage(lines, place, first, last, f"{name}：{written}")
        told.append(f"{name}{written}")
    one, other = date.fromordinal(begins), date.fromordinal(ends)
    lines.foot(ends=(f"{one.month}月{one.day}日", f"{other.month}月{other.day}日"))
    when = "—".join(dict.fromkeys((str(one.year), str(other.year))))
    caption = title if title is not None else f"分{len(names)}个阶段（{when}年）"
    return axes_.tell(lines.axes, caption, source, alt or f"时间轴：{'；'.join(told)}。")


def _stage(lines: canvas.Rows, place: int, first: int | None, last: int | None, told: str) -> None:
    if first is not None and last is not None and last > first:
        lines.bar(place, first, last - first + 1, told, facecolor=fonts.NEUTRAL, edgecolor=fonts.NEUTRAL)
    elif first is not None or last is not None:
        lines.dot(place, float(last if last is not None else first or 0), fonts.NEUTRAL, told)


def _day(given: Any) -> int | None:
    if isinstance(given, datetime | date):
        return None if labels.missing(given) else given.toordinal()
    found = labels.read_date(given) if isinstance(given, str) else None
    return found.toordinal() if found else None


def _iso(given: Any) -> str:
    if labels.missing(given):
        return ""
    return given.strftime("%Y-%m-%d") if isinstance(given, datetime | date) else str(given)
