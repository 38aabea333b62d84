"""Charts of years: lines with target and the district's median, stems from 100 %, slopes between two years.

Each takes a frame and the names of its columns and returns matplotlib Axes; None where there is nothing to show. An
axis of values spans at least a floor, so that a trifle does not fill the picture, and says where it begins. Nothing is
drawn beyond the last year on file. ``title`` says the point (the verdict, where there is one), ``source`` stands below.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from perfeval.model.columns import POINTS, RATE
from perfeval.model.errors import ParameterError
from perfeval.present import axes as axes_
from perfeval.present import canvas, columns, fonts, labels
from perfeval.present.canvas import WIDTH, styled

HEIGHT = 176
"""Of a chart of years, px."""
ENDS, TOP, BOTTOM = 36, 26, 46
"""Room beside the years, over the values, and below for years and a note: px."""
FLOORS = {RATE: 0.2, POINTS: 10.0}
"""What an axis of values spans at least: 20 个百分点, 10 points (a grade's width); of other figures a fifth of the
largest."""
CEILINGS = {RATE: 1.0, POINTS: 100.0}
"""Beyond which an axis does not go unless a value does."""
CROWDED = 7
"""Values from which only the first, last, highest and lowest are labelled."""
SMALL = fonts.SIZE
"""Of all text, px: the page gives a chart one size."""
YEAR = 34
"""Room that a year needs below, px."""
PAPER: dict[str, Any] = {"facecolor": fonts.PAPER, "edgecolor": "none", "pad": 0.8}
DASHES = ("-", (0, (5, 2)), (0, (1, 2)), (0, (5, 2, 1, 2)))
"""How the lines of several groups are told apart, beside their colour and the name at their end."""
COLOURS = (fonts.NEUTRAL, fonts.SOFT, fonts.DOUBT, fonts.MET)
Value = float | None
Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@dataclass(frozen=True, slots=True)
class Course:
    """Yearly values of one thing, in the order of years."""

    years: list[int]
    values: list[Value]
    broken: list[bool]
    """Whether the definition changed before this year."""

    def runs(self) -> list[tuple[list[int], list[float]]]:
        """The stretches that a line may connect: without a missing value, a definition that changed, or a gap."""
        found: list[tuple[list[int], list[float]]] = []
        last: int | None = None
        for year, value, broken in zip(self.years, self.values, self.broken, strict=True):
            if value is None:
                last = None
                continue
            if broken or last is None or year - last > 1:
                found.append(([], []))
            found[-1][0].append(year)
            found[-1][1].append(value)
            last = year
        return found

    @property
    def known(self) -> list[tuple[int, float]]:
        """Years with a value."""
        return [(year, value) for year, value in zip(self.years, self.values, strict=True) if value is not None]


def course(frame: pd.DataFrame, x: Any, y: Any, breaks: Any = None) -> Course:
    """A column of values by year; ``ParameterError`` where a column is missing, its values are no numbers, or a year
    has several of them."""
    when, what = canvas.numbers(frame, x), canvas.numbers(frame, y)
    there = sorted(year for year, _ in set(zip(when, what, strict=True)) if year is not None)
    twice = next((year for year, after in pairwise(there) if year == after), None)
    if twice is not None:
        raise ParameterError(f"“{y}”在{twice:g}年有不止一个值：请先分组（by）、选出来或汇总成一个")
    broken = (
        [bool(one) for one in canvas.column(frame, breaks).fillna(False).tolist()] if breaks else [False] * len(what)
    )
    order = sorted((place for place, year in enumerate(when) if year is not None), key=lambda place: when[place] or 0)
    return Course(
        [int(when[place] or 0) for place in order], [what[place] for place in order], [broken[p] for p in order]
    )


def kind_of(shown: columns.Shown) -> str:
    """What a column's values are, by its name or by what they are."""
    told = columns.guessed(shown.values)
    return columns.kind_of(columns.documented(shown.key, shown.values, told), told)


def span(held: Sequence[float], floor: float, most: float | None = None) -> tuple[float, float]:
    """Where an axis of these values begins and ends: with room, at least ``floor`` wide, not beyond ``most`` unless a
    value is.

    >>> [round(end, 2) for end in span([0.97, 0.98], 0.2, 1.0)]
    [0.8, 1.0]
    """
    low, high = min(held), max(held)
    room = max((high - low) * 0.12, (floor - (high - low)) / 2)
    start, end = low - room, high + room
    if most is not None and end > max(most, high):
        start, end = start - (end - max(most, high)), max(most, high)
    if low >= 0 > start:
        start, end = 0.0, max(end, floor)
    unit = 10.0 ** math.floor(math.log10(max(end - start, 1e-9)) - 0.7)
    start, above = math.floor(start / unit + 1e-6) * unit, math.ceil(end / unit - 1e-6) * unit
    return start, min(above, max(most, high)) if most is not None else above


def floor_of(kind: str, held: Sequence[float], floor: float | None) -> float:
    """The least that an axis spans."""
    if floor is not None:
        return floor
    return FLOORS.get(kind, 0.2 * max(map(abs, held)) or 1.0)


@styled
def lines(
    frame: pd.DataFrame,
    x: Any = "year",
    y: Any = "value",
    *,
    by: Any = None,
    low: Any = None,
    high: Any = None,
    target: Any = None,
    breaks: Any = None,
    median: Any = None,
    line: float | tuple[float, str] | None = None,
    floor: float | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    source: str = "",
    alt: str | None = None,
    text: Callable[[float], str] | None = None,
) -> Axes | None:
    """Yearly values as a line with labelled dots; the line is interrupted over a year without a value and where
    ``breaks`` (a column of yes and no) says that the definition changed.

    ``by``: a line for each group, named at its end. ``low`` and ``high``: a band. ``target``: the year's target as a
    dashed step. ``median``: what the middle office has, a thin line. ``line``: a value, or (value, name), to compare
    with. ``floor``: what the axis spans at least (:data:`FLOORS`). None below two values.
    """
    shown = columns.shown(y, canvas.column(frame, y))
    write = text or shown.write
    groups = _groups(frame, by, x, y, breaks)
    if sum(len(one.known) for one in groups.values()) < 2 or all(len(one.known) < 2 for one in groups.values()):  # noqa: PLR2004  # one dot is no course
        return None
    extra = {name: course(frame, x, column) for name, column in (("target", target), ("median", median)) if column}
    band = [course(frame, x, column) for column in (low, high)] if low and high else []
    compared = canvas.limit(line, write)
    held = [value for one in (*groups.values(), *extra.values(), *band) for _, value in one.known]
    start, end = span(
        [*held, *([compared[0]] if compared else [])],
        floor_of(kind_of(shown), held, floor),
        CEILINGS.get(kind_of(shown)),
    )
    years = sorted({year for one in groups.values() for year in one.years})
    named = len(groups) > 1 or bool(extra) or compared is not None
    heads = {name: f"{name} {write(one.known[-1][1])}" for name, one in groups.items() if one.known}
    room = max([labels.width(head) * SMALL + 24 for head in heads.values()]) if len(groups) > 1 else 62
    right = min(190.0, room) if named else float(ENDS)
    left = ENDS + 14 if len(groups) > 1 else ENDS
    made = ax if ax is not None else axes_.new(WIDTH, HEIGHT, (left, BOTTOM, right, TOP))
    made.axis("off")
    made.set_ylim(start, end)
    made.set_xlim(years[0] - 0.15, years[-1] + 0.15)
    if band:
        _band(made, band)
    if compared:
        made.axhline(compared[0], color=fonts.MISSED, linewidth=1, linestyle=(0, (4, 2)), zorder=1)
    _beside(made, extra)
    told = []
    for place, (name, one) in enumerate(groups.items()):
        _draw(made, one, place, write)
        told.append((f"{name}：" if name else "") + "，".join(f"{year}年{write(value)}" for year, value in one.known))
    if len(groups) > 1:
        _group_names(made, groups, heads, write)
    else:
        level = [] if compared is None else [Course([years[0], years[-1]], [compared[0]] * 2, [False] * 2)]
        _label(made, next(iter(groups.values())), write, [*extra.values(), *band, *level])
    notes = _notes(extra, years[-1], compared, made)
    _years(made, years, start, _axis_note(start, end, write, any(any(one.broken) for one in groups.values())))
    caption = title if title is not None else shown.heading
    return axes_.tell(made, caption, source, alt or f"折线图，{shown.heading}：{'；'.join(told)}。{notes}")


def _group_names(ax: Axes, groups: dict[str, Course], heads: dict[str, str], write: Callable[[float], str]) -> None:
    """The name and last value of each line at its end, the first value where it begins."""
    last = _ends([(name, groups[name].known[-1][1]) for name in heads], *ax.get_ylim())
    first = _ends([(name, groups[name].known[0][1]) for name in heads], *ax.get_ylim())
    for name, place in ((name, list(groups).index(name)) for name in heads):
        colour, known = COLOURS[place % len(COLOURS)], groups[name].known
        _write(ax, (known[-1][0], last[name]), heads[name], (9, -4), ha="left", color=colour)
        _write(ax, (known[0][0], first[name]), write(known[0][1]), (-7, -4), ha="right", color=colour)


def _groups(frame: pd.DataFrame, by: Any, x: Any, y: Any, breaks: Any) -> dict[str, Course]:
    if by is None:
        return {"": course(frame, x, y, breaks)}
    names = canvas.names(frame, by)
    found = {}
    for name in dict.fromkeys(names):
        found[name] = course(frame[[one == name for one in names]], x, y, breaks)
    return found


def _band(ax: Axes, band: Sequence[Course]) -> None:
    lowest, highest = (dict(one.known) for one in band)
    years = [year for year in sorted(lowest) if year in highest]
    if any(highest[year] > lowest[year] for year in years):
        bottom, top = [lowest[year] for year in years], [highest[year] for year in years]
        ax.fill_between(
            years, bottom, top, facecolor=(fonts.DOUBT, 0.14), edgecolor=fonts.DOUBT, linewidth=0.6, zorder=1
        )


def _beside(ax: Axes, extra: dict[str, Course]) -> None:
    """The target as a step, the median as a thin line."""
    for years, values in extra["target"].runs() if "target" in extra else ():
        edges = [years[0] - 0.5, *(year + 0.5 for year in years)]
        ax.stairs(values, edges, baseline=None, color=fonts.INK, linewidth=1, linestyle=(0, (4, 2)), zorder=1.5)
    for years, values in extra["median"].runs() if "median" in extra else ():
        ax.plot(
            years,
            values,
            color=fonts.SOFT,
            linewidth=1,
            zorder=1.5,
            marker="o" if len(years) == 1 else "",
            markersize=3,
        )


def _notes(extra: dict[str, Course], last: int, compared: tuple[float, str] | None, ax: Axes) -> str:
    """Names of what stands beside the line, at its end."""
    titles = {"target": "目标", "median": "全区中位"}
    held = [(titles[name], one.known[-1][1]) for name, one in extra.items() if one.known]
    held += [(compared[1], compared[0])] if compared else []
    places = _ends(held, *ax.get_ylim())
    for name, value in places.items():
        _write(ax, (last + 0.1, value), name, (10, -4), color=fonts.SOFT, ha="left", size=SMALL)
    return "".join(f"虚线或细线：{name}。" for name in places)


def _ends(held: Sequence[tuple[str, float]], start: float, end: float) -> dict[str, float]:
    """Where names at the ends of lines stand, so that none meets another."""
    least = (end - start) * 15 / (HEIGHT - TOP - BOTTOM)
    found: dict[str, float] = {}
    last = float("-inf")
    for name, value in sorted(held, key=lambda one: one[1]):
        last = max(value, last + least)
        found[name] = last
    return found


def _draw(ax: Axes, one: Course, place: int, write: Callable[[float], str]) -> None:
    colour, dash = COLOURS[place % len(COLOURS)], DASHES[place % len(DASHES)]
    for years, values in one.runs():
        ax.plot(years, values, color=colour, linewidth=1.8, linestyle=dash, zorder=2)
    for (before, value), (year, after) in pairwise(one.known):
        absent = year - before > 1 and not any(before < between < year for between in one.years)
        if absent and not one.broken[one.years.index(year)]:
            ax.plot([before, year], [value, after], color=colour, linewidth=1, linestyle=(0, (1, 3)), zorder=2)
    for year, broken in zip(one.years, one.broken, strict=True):
        if broken:
            ax.axvline(year - 0.5, color=fonts.INK, linewidth=1, linestyle=(0, (1, 2)), zorder=1)
    dots(ax, one, write, color=colour, markersize=6)


def dots(ax: Axes, one: Course, write: Callable[[float], str], **style: Any) -> None:
    """A dot a value, each answering the pointer."""
    years, values = [year for year, _ in one.known], [value for _, value in one.known]
    own: dict[str, Any] = {"marker": "o", "linestyle": "none", "zorder": 3, "clip_on": False}
    (drawn,) = ax.plot(years, values, **own | style)
    axes_.name_artist(drawn, [f"{year}年：{write(value)}" for year, value in one.known])


def _label(ax: Axes, one: Course, write: Callable[[float], str], beside: Sequence[Course]) -> None:
    """Figures over or under their dots, where they meet each other and the line, and what is drawn beside it, least."""
    known = one.known
    values = [value for _, value in known]
    ends = {0, len(known) - 1, values.index(min(values)), values.index(max(values))}
    across, up = scales(ax)
    drawn = [[(year * across, value * up) for year, value in other.known] for other in (one, *beside)]
    strokes = [stroke for points in drawn for stroke in pairwise(points)]
    taken: list[Box] = []
    for place, (year, value) in enumerate(known):
        if place in ends or len(known) < CROWDED:
            x, y, half = year * across, value * up, labels.width(write(value)) * SMALL / 2
            places = {
                (right, over): (x + right - half, y + over - 3, x + right + half, y + over + SMALL)
                for over in (8, -18)
                for right in (0, half + 4, -half - 4)
            }
            offset = min(places, key=lambda tried: _crossed(places[tried], strokes, taken))
            taken.append(places[offset])
            _write(ax, (year, value), write(value), offset)


def scales(ax: Axes) -> tuple[float, float]:
    """How many px a year and a unit of value take."""
    figure, box = ax.get_figure(root=True), ax.get_window_extent()
    px = axes_.PX / (figure.dpi if isinstance(figure, Figure) else axes_.PX)
    (first, last), (low, high) = ax.get_xlim(), ax.get_ylim()
    return box.width * px / (last - first), box.height * px / (high - low)


def _crossed(box: Box, strokes: Sequence[tuple[Point, Point]], taken: Sequence[Box]) -> float:
    """How much of these strokes (px) runs through a box; another text in it outweighs them all."""
    left, low, right, high = box
    met = 1e6 * sum(meet(box, other) for other in taken)
    for (x, y), (to_x, to_y) in strokes:
        enters, leaves = 0.0, 1.0
        for start, way, least, most in ((x, to_x - x, left, right), (y, to_y - y, low, high)):
            if way:
                near, far = sorted(((least - start) / way, (most - start) / way))
                enters, leaves = max(enters, near), min(leaves, far)
            elif not least <= start <= most:
                leaves = -1.0
        met += max(leaves - enters, 0.0) * math.hypot(to_x - x, to_y - y)
    return round(met, 3)


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes have room in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _years(ax: Axes, years: Sequence[int], bottom: float, note: str) -> None:
    figure = ax.get_figure(root=True)
    wide = ax.get_window_extent().width * axes_.PX / (figure.dpi if isinstance(figure, Figure) else axes_.PX)
    for year in years if wide >= len(years) * YEAR else dict.fromkeys((years[0], years[-1])):
        _write(ax, (year, bottom), str(year), (0, -16), color=fonts.SOFT, bbox=None)
    ax.annotate(
        note, (0, 0), xycoords="axes fraction", xytext=(-ENDS + 2, -40), textcoords="offset points",
        color=fonts.SOFT, fontsize=SMALL, annotation_clip=False,
    )  # fmt: skip


def _axis_note(start: float, end: float, write: Callable[[float], str], broken: bool) -> str:
    note = f"纵轴{write(start)}至{write(end)}" + ("，不从0起" if start > 0 else "")
    return f"{note}；竖虚线处口径变更" if broken else note


def _write(
    ax: Axes,
    at: tuple[float, float],
    shown: str,
    offset: tuple[float, float],
    *,
    ha: str = "center",
    size: float = SMALL,
    **style: Any,
) -> None:
    """Text beside a point, on paper, so that no line runs through it."""
    ax.annotate(
        shown, at, xytext=offset, textcoords="offset points", ha=ha, fontsize=size, annotation_clip=False, zorder=5,
        **{"bbox": PAPER} | style,
    )  # fmt: skip


# ---- stems from a base


@styled
def lollipop(
    frame: pd.DataFrame,
    x: Any = "year",
    y: Any = "value",
    *,
    base: float = 1.0,
    line: float | tuple[float, str] | None = None,
    window: tuple[float, float] = (0.7, 1.1),
    ax: Axes | None = None,
    title: str | None = None,
    source: str = "",
    alt: str | None = None,
    text: Callable[[float], str] | None = None,
) -> Axes | None:
    """Stems from ``base`` (100 %) to each year's value in a fixed ``window``, so that charts compare; what lies
    outside is an arrow with its figure. ``line``: a threshold, or (threshold, name). None without a value.
    """
    shown = columns.shown(y, canvas.column(frame, y))
    write = text or shown.write
    one = course(frame, x, y)
    if not one.known:
        return None
    compared = canvas.limit(line, write)
    low, high = window
    made = ax if ax is not None else axes_.new(WIDTH, HEIGHT, (ENDS, BOTTOM, 62, TOP))
    made.axis("off")
    made.set_ylim(low, high)
    made.set_xlim(one.years[0] - 0.3, one.years[-1] + 0.3)
    made.axhline(base, color=fonts.SOFT, linewidth=1, zorder=1)
    _write(made, (one.years[-1] + 0.3, base), write(base), (6, -4), ha="left", color=fonts.SOFT)
    if compared:
        made.axhline(compared[0], color=fonts.MISSED, linewidth=1, linestyle=(0, (4, 2)), zorder=1)
        _write(made, (one.years[-1] + 0.3, compared[0]), compared[1], (6, -4), ha="left", color=fonts.MISSED)
    for year, value in one.known:
        _stem(made, (year, value), base, write(value), short=compared is not None and value < compared[0])
    missing = [str(year) for year, value in zip(one.years, one.values, strict=True) if value is None]
    note = f"纵轴固定为{write(low)}至{write(high)}" + (f"；{'、'.join(missing)}年没有可算的数" if missing else "")
    _years(made, one.years, low, note)
    told = "，".join(f"{year}年{write(value)}" for year, value in one.known)
    caption = title if title is not None else shown.heading
    return axes_.tell(made, caption, source, alt or f"棒棒糖图，{shown.heading}：{told}。{note}。")


def _stem(ax: Axes, at: tuple[int, float], base: float, told: str, *, short: bool) -> None:
    year, value = at
    low, high = ax.get_ylim()
    shown, colour = min(max(value, low), high), fonts.MISSED if short else fonts.NEUTRAL
    ax.plot([year, year], [base, shown], color=colour, linewidth=2.5, zorder=2, solid_capstyle="butt")
    marker = "o" if low <= value <= high else "v" if value < low else "^"
    (dot,) = ax.plot(
        [year], [shown], color=colour, marker=marker, markersize=9, linestyle="none", zorder=3, clip_on=False
    )
    axes_.name_artist(dot, f"{year}年：{told}")
    _write(ax, (year, max(shown, base)), told, (0, 9))


# ---- between two years


@styled
def slope(
    frame: pd.DataFrame,
    label: Any,
    before: Any,
    after: Any,
    *,
    heads: tuple[str, str] = ("", ""),
    ax: Axes | None = None,
    title: str | None = None,
    source: str = "",
    alt: str | None = None,
    text: Callable[[float], str] | None = None,
) -> Axes | None:
    """A line from each row's value before to its value after, named at its end; ``heads`` name the two years.

    Rows without both are left out and said. None where none has both.
    """
    names, first, last = canvas.names(frame, label), canvas.numbers(frame, before), canvas.numbers(frame, after)
    shown = columns.shown(after, canvas.column(frame, after))
    write = text or shown.write
    rows = [(name, a, b) for name, a, b in zip(names, first, last, strict=True) if a is not None and b is not None]
    if not rows:
        return None
    held = [value for _, a, b in rows for value in (a, b)]
    start, end = span(held, floor_of(kind_of(shown), held, None), CEILINGS.get(kind_of(shown)))
    height = max(HEIGHT + 40, 20 * len(rows) + TOP + BOTTOM)
    made = ax if ax is not None else axes_.new(WIDTH, height, (64, BOTTOM, 176, TOP))
    made.axis("off")
    made.set_xlim(0, 1)
    made.set_ylim(start, end)
    least = (end - start) * 15 / (height - TOP - BOTTOM)
    left = _apart({name: a for name, a, _ in rows}, least)
    right = _apart({name: b for name, _, b in rows}, least)
    for name, a, b in rows:
        colour = fonts.MET if b > a else fonts.MISSED if b < a else fonts.SOFT
        style: dict[str, Any] = {"marker": "o", "markersize": 5, "linewidth": 1.6, "clip_on": False, "zorder": 2}
        (drawn,) = made.plot([0, 1], [a, b], color=colour, **style)
        axes_.name_artist(drawn, f"{name}：{write(a)}→{write(b)}")
        _write(made, (0, left[name]), write(a), (-8, -4), ha="right")
        short = labels.shorten(f"{write(b)} {name}", 160 / SMALL)
        _write(made, (1, right[name]), short, (8, -4), ha="left", color=colour)
    for place, (at, head) in enumerate(zip((0, 1), heads, strict=True)):
        _write(made, (at, end), head, (0, 8), ha=("center", "center")[place], color=fonts.SOFT)
    missing = len(names) - len(rows)
    note = _axis_note(start, end, write, broken=False) + (f"；{missing}个没有两年的数" if missing else "")
    made.annotate(
        note, (0, 0), xycoords="axes fraction", xytext=(-62, -24), textcoords="offset points", color=fonts.SOFT,
        fontsize=SMALL, annotation_clip=False,
    )  # fmt: skip
    told = "；".join(f"{name}由{write(a)}到{write(b)}" for name, a, b in rows)
    caption = title if title is not None else shown.heading
    return axes_.tell(made, caption, source, alt or f"坡度图，{shown.heading}：{told}。")


def _apart(values: dict[str, float], least: float) -> dict[str, float]:
    """Values as near to themselves as labels that must not meet allow."""
    order = sorted(values, key=lambda name: values[name])
    placed: list[float] = []
    for name in order:
        placed.append(max(values[name], placed[-1] + least) if placed else values[name])
    shift = sum(at - values[name] for at, name in zip(placed, order, strict=True)) / max(len(order), 1)
    return {name: at - shift for name, at in zip(order, placed, strict=True)}
