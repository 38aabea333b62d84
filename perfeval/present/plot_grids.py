"""Charts of many things at once: a heat map with marks, and small multiples on one scale.

Each takes a frame and the names of its columns and returns matplotlib Axes; None where there is nothing to show. Colour
never stands alone: a cell has its figure and its verdict's sign, a range is drawn as a range.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from perfeval.model.columns import COUNT, NUMBER
from perfeval.model.errors import ParameterError
from perfeval.model.rounding import per_cent
from perfeval.present import axes as axes_
from perfeval.present import canvas, columns, fonts, labels
from perfeval.present.canvas import WIDTH, styled
from perfeval.present.plot_years import CEILINGS, COLOURS, PAPER, SMALL, Course, course, dots, floor_of, kind_of, span
from perfeval.present.verdictsigns import MARKS

CELL, NAMES, HEAD, NOTE = 25, 138, 22, 20
"""Height of a row, width of the names, heights of the headings and of the note below: px."""
SHADES: tuple[tuple[str, float], ...] = (
    (fonts.MISSED, 0.42),
    (fonts.MISSED, 0.2),
    (fonts.DOUBT, 0.2),
    (fonts.MET, 0.2),
)
"""From the lowest band to the highest; of fewer bands the last."""
BANDS = (0.8, 0.9, 1.0)
"""Where bands of rates begin: 80, 90 and 100 %."""
SAID = 24
"""Cells up to which the alt text says every one."""
PANEL, GAP, TITLES = 100, 10, 36
"""Height of a panel's drawing, room between panels, and of its title: px."""
ACROSS = 2
"""Panels side by side."""


# ---- heat


@styled
def heat(
    frame: pd.DataFrame,
    row: Any,
    column: Any,
    value: Any = None,
    *,
    label: Any = None,
    mark: Any = None,
    broken: Any = None,
    told: Any = None,
    bands: Sequence[float] = BANDS,
    ax: Axes | None = None,
    title: str | None = None,
    source: str = "",
    alt: str | None = None,
    text: Callable[[float], str] | None = None,
) -> Axes | None:
    """A cell for each pair of ``row`` and ``column`` (one record each), shaded by the band of its ``value`` (ratios;
    ``bands`` are where bands begin) with its figure, and the sign of its verdict where ``mark`` names a column.

    ``broken``: a column of yes and no, drawn as a thick line before the cell (the definition changed there).
    ``label``: the column with the names of the rows, where ``row`` is an id (the last name counts). ``told``: a column
    with what the pointer reads; without it a cell answers nothing that does not stand in it. Rows and columns stand in
    the order in which they first appear, years ascending. A pair that is not there is blank. ``ParameterError`` where a
    pair is there twice.
    """
    if frame.empty:
        return None
    names, heads = canvas.names(frame, row), canvas.names(frame, column)
    rows = list(dict.fromkeys(names))
    across = list(dict.fromkeys(heads))
    across = sorted(across, key=int) if all(head.isdecimal() for head in across) else across
    pairs = list(zip(names, heads, strict=True))
    if len(set(pairs)) < len(pairs):
        twice = next(pair for pair in pairs if pairs.count(pair) > 1)
        raise ParameterError(f"“{twice[0]}”在“{twice[1]}”有不止一个值，请先汇总成一个")
    values = canvas.numbers(frame, value) if value is not None else [None] * len(pairs)
    signs = canvas.names(frame, mark) if mark is not None else [""] * len(pairs)
    cuts = (
        [bool(one) for one in canvas.column(frame, broken).fillna(False).tolist()] if broken else [False] * len(pairs)
    )
    says = canvas.names(frame, told) if told is not None else [""] * len(pairs)
    write = text or whole_percent
    called = dict(zip(names, canvas.names(frame, label) if label is not None else names, strict=True))
    made = _sheet(len(rows), ax)
    size = (WIDTH - NAMES) / len(across)
    _names_of(made, [called[name] for name in rows], across)
    shown = []
    cells: dict[tuple[str, float], list[Box]] = {}
    for (name, head), found, sign, cut, say in zip(pairs, values, signs, cuts, says, strict=True):
        box = (NAMES + across.index(head) * size, HEAD + rows.index(name) * CELL, size)
        figure = "" if found is None else write(found)
        sign_ = MARKS[sign][1] if sign in MARKS else ""
        cells.setdefault(_shade(found, bands, sign), []).append(box)
        both = f"{sign_}{figure}"
        fitting = next((one for one in (both, figure, sign_) if labels.width(one) * SMALL <= size - 1), "")
        _put(made, box[0] + size / 2, box[1] + CELL / 2, fitting if both else labels.NONE, ha="center")
        if say:
            _touch(made, box, say)
        if cut:
            made.plot([box[0]] * 2, [box[1] + 1, box[1] + CELL - 1], color=fonts.INK, linewidth=3, zorder=4)
        reads = say or "，".join(filter(None, [f"{figure}%" if figure and text is None else figure, sign]))
        shown.append(f"{called[name]}{head}：{reads or labels.NONE}{'（口径变更）' if cut else ''}")
    for shade, boxes in cells.items():
        _cells(made, boxes, shade)
    notes = _band_note(bands, text) if value is not None else ""
    notes += ("；" if notes else "") + "粗竖线处口径变更" if any(cuts) else ""
    _put(made, 0, HEAD + len(rows) * CELL + NOTE / 2 + 2, notes, color=fonts.SOFT)
    caption = title if title is not None else f"{labels.one_line(row)} × {labels.one_line(column)}"
    return axes_.tell(made, caption, source, alt or _heat_alt(rows, across, shown, signs, sum(cuts)))


def _heat_alt(rows: Sequence[str], across: Sequence[str], shown: Sequence[str], signs: Sequence[str], cuts: int) -> str:
    """What the map holds, counted; every cell too where they are few."""
    counted = [f"{sign}{signs.count(sign)}格" for sign in MARKS if sign in signs]
    ends = across[0] if len(across) == 1 else f"{across[0]}至{across[-1]}"
    whole = "，".join([f"热图，{len(rows)}行，{ends}", *counted, *([f"口径变更{cuts}处"] if cuts else [])])
    return f"{whole}：{'；'.join(shown)}。" if len(shown) <= SAID else f"{whole}。"


def _names_of(ax: Axes, rows: Sequence[str], across: Sequence[str]) -> None:
    """The names of rows and columns, and the lines between columns; what is cut answers the pointer."""
    size = (WIDTH - NAMES) / len(across)
    for place, head in enumerate(across):
        fitting = labels.shorten(head, size / SMALL)
        _put(ax, NAMES + (place + 0.5) * size, HEAD / 2, fitting, color=fonts.SOFT, ha="center")
        if place:
            x = NAMES + place * size
            ax.plot([x, x], [HEAD, HEAD + len(rows) * CELL], color=fonts.PAPER, linewidth=2, zorder=2)
    for place, name in enumerate(rows):
        fitting = labels.shorten(name, (NAMES - 8) / SMALL)
        written = _put(ax, 0, HEAD + (place + 0.5) * CELL, fitting)
        if fitting != name:
            axes_.name_artist(written, name)


def whole_percent(ratio: float) -> str:
    """A ratio in whole per cent; what is below 100 or 90 % is never written so, nor what is above 100 %.

    >>> [whole_percent(one) for one in (1.0, 0.9981, 1.002, 0.853, 0.897)]
    ['100', '99', '101', '85', '89']
    """
    return str(per_cent(Decimal(str(float(ratio))), 0))


def _sheet(rows: int, ax: Axes | None) -> Axes:
    """Axes counted in px from the top left."""
    height = HEAD + rows * CELL + NOTE
    made = ax if ax is not None else axes_.new(WIDTH, height, (0, 0, 0, 0))
    made.set_xlim(0, WIDTH)
    made.set_ylim(height, 0)
    made.axis("off")
    return made


def _put(ax: Axes, x: float, y: float, shown: str, *, ha: str = "left", **style: Any) -> Any:
    return ax.text(x, y, shown, ha=ha, va="center_baseline", fontsize=SMALL, zorder=5, **style)


Box = tuple[float, float, float]
"""Left, top and width of a cell, px."""


def _shade(found: float | None, bands: Sequence[float], sign: str) -> tuple[str, float]:
    """The colour and depth of a cell: of its band, else of its verdict."""
    if found is not None:
        shades = SHADES[-(len(bands) + 1) :]
        return shades[min(sum(found >= band - labels.NOISE for band in bands), len(shades) - 1)]
    return (canvas.colours[sign], 0.2) if sign in canvas.colours else (fonts.TRACK, 1.0)


def _cells(ax: Axes, boxes: Sequence[Box], shade: tuple[str, float]) -> None:
    """The cells of one shade as one shape: a page holds thousands of them."""
    corners = []
    for left, top, width in _runs(boxes):
        x, y = (left + 1, left + width - 1), (top + 1, top + CELL - 1)
        corners.append([(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])])
    whole = Path.make_compound_path(*(Path([*one, one[0]], closed=True) for one in corners))
    ax.add_patch(PathPatch(whole, facecolor=shade, edgecolor="none", zorder=1))


def _runs(boxes: Sequence[Box]) -> list[Box]:
    """Cells that touch in a row as one; the lines between columns are drawn over them."""
    found: list[Box] = []
    for left, top, width in sorted(boxes, key=lambda box: (box[1], box[0])):
        if found and found[-1][1] == top and abs(found[-1][0] + found[-1][2] - left) < 1:
            found[-1] = (found[-1][0], top, found[-1][2] + width)
        else:
            found.append((left, top, width))
    return found


def _touch(ax: Axes, box: Box, told: str) -> None:
    """What a pointer over the cell reads."""
    over = Rectangle(box[:2], box[2], CELL, facecolor=(fonts.PAPER, 0.0), edgecolor="none", zorder=6)
    ax.add_patch(over)
    axes_.name_artist(over, told)


def _band_note(bands: Sequence[float], text: Callable[[float], str] | None) -> str:
    write = text or labels.percent
    return f"颜色分界：{'、'.join(write(band) for band in bands)}"


# ---- small multiples


@styled
def multiples(
    frame: pd.DataFrame,
    panel: Any,
    x: Any = "year",
    y: Any = "value",
    *,
    low: Any = None,
    high: Any = None,
    target: Any = None,
    breaks: Any = None,
    median: Any = None,
    titles: Mapping[str, str] | None = None,
    line: float | None = None,
    floor: float | None = None,
    own: bool = False,
    most: int | None = None,
    across: int = ACROSS,
    ax: Axes | None = None,
    title: str | None = None,
    source: str = "",
    alt: str | None = None,
    text: Callable[[float], str] | None = None,
) -> Axes | None:
    """A small chart of years for each value of ``panel``, in the order in which they first appear, all on one scale
    (``own``: each on its own, none narrower than ``floor``).

    ``titles`` say each panel's point (the verdict); the others as in :func:`~perfeval.present.plot_years.lines`.
    ``most``: how many panels are drawn; the title then says how many are not. None where none has a value.
    """
    names = canvas.names(frame, panel)
    every = list(dict.fromkeys(names))
    drawn = every if most is None else every[:most]
    parts = {name: frame[[one == name for one in names]] for name in drawn}
    shown = columns.shown(y, canvas.column(frame, y))
    write = text or shown.write
    courses = {name: course(part, x, y, breaks) for name, part in parts.items()}
    if not any(one.known for one in courses.values()):
        return None
    more = {"low": low, "high": high, "target": target, "median": median}
    given = {key: column for key, column in more.items() if column is not None}
    beside = {name: {key: course(part, x, column) for key, column in given.items()} for name, part in parts.items()}
    held = {
        name: [value for one in (courses[name], *beside[name].values()) for _, value in one.known] for name in drawn
    }
    ceiling = CEILINGS.get(kind_of(shown))
    everything = [value for values in held.values() for value in values] + ([line] if line is not None else [])
    whole = span(everything, floor_of(kind_of(shown), everything, floor), ceiling)
    years = sorted({year for one in courses.values() for year in one.years})
    lines_ = -(-len(drawn) // across)
    height = lines_ * (PANEL + TITLES + GAP) + NOTE
    host = ax if ax is not None else axes_.new(WIDTH, height, (0, 0, 0, 0))
    host.axis("off")
    host.set_xlim(0, 1)
    host.set_ylim(0, 1)
    width = (WIDTH - GAP * (across - 1)) / across
    told = []
    for place, name in enumerate(drawn):
        left = (place % across) * (width + GAP) / WIDTH
        bottom = 1 - ((place // across + 1) * (PANEL + TITLES + GAP) - GAP) / height
        inner = host.inset_axes((left, bottom, width / WIDTH, PANEL / height))
        ends = span(held[name], floor_of(kind_of(shown), held[name], floor), ceiling) if own and held[name] else whole
        _frame(inner, years, ends, line)
        _aside(inner, beside[name])
        own_write = write if text is not None or not own else _writer(courses[name], shown)
        _line_of(inner, courses[name], own_write)
        head = (titles or {}).get(name, name)
        _panel_title(host, head, (left, bottom + PANEL / height), width / SMALL - 1.2, 15 / height)
        told.append(f"{head}：" + "，".join(f"{year}年{own_write(value)}" for year, value in courses[name].known))
    note = "各图纵轴不同" if own else f"各图同一纵轴：{write(whole[0])}至{write(whole[1])}"
    note += "；灰线为全区中位" if median else ""
    note += "；虚线为目标" if target else ""
    host.text(0, 4 / height, note, fontsize=SMALL, color=fonts.SOFT, va="bottom")
    left_out = len(every) - len(drawn)
    caption = (title if title is not None else shown.heading) + (f"；其余{left_out}个未列" if left_out else "")
    return axes_.tell(host, caption, source, alt or f"小图{len(drawn)}幅，{shown.heading}：{'；'.join(told)}。")


def _writer(one: Course, shown: columns.Shown) -> Callable[[float], str]:
    """How a panel of its own writes its values: with the decimals that they have."""
    if kind_of(shown) not in (NUMBER, COUNT):
        return shown.write
    return columns.writer(NUMBER, [value for _, value in one.known])


def _panel_title(host: Axes, head: str, at: tuple[float, float], room: float, step: float) -> None:
    """In two lines at most, whole to the pointer."""
    broken = axes_.broken(head, room)
    shown = [broken[0], labels.shorten("".join(broken[1:]), room)] if len(broken) > 1 else broken
    for place, one in enumerate(shown):
        written = host.text(at[0], at[1] + (len(shown) - place - 0.57) * step, one, fontsize=SMALL, va="baseline")
        if "".join(shown) != "".join(broken):
            axes_.name_artist(written, head)


def _frame(ax: Axes, years: Sequence[int], ends: tuple[float, float], line: float | None) -> None:
    """A panel's ground, its first and last year, and what all are compared with."""
    ax.axis("off")
    reach = ends[1] - ends[0]
    ax.set_ylim(ends[0] - reach * 0.75, ends[1] + reach * 0.4)  # room below for a value above the years
    ax.set_xlim(years[0] - 0.45, years[-1] + 0.45)
    ground: dict[str, Any] = {
        "clip_on": False,
        "transform": ax.transAxes,
        "facecolor": fonts.TRACK,
        "edgecolor": "none",
        "zorder": 0,
    }
    ax.add_patch(Rectangle((0, 0), 1, 1, **ground))
    if line is not None:
        ax.axhline(line, color=fonts.MISSED, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)
    for year, x, ha in ((years[0], 0.02, "left"), (years[-1], 0.98, "right"))[: len(set(years))]:
        style: dict[str, Any] = {
            "transform": ax.transAxes,
            "fontsize": SMALL,
            "color": fonts.SOFT,
            "va": "bottom",
            "zorder": 4,
        }
        ax.text(x, 0.03, str(year), ha=ha, **style)


def _aside(ax: Axes, beside: Mapping[str, Course]) -> None:
    """The median, the target as a step, and the range of each year."""
    for years, values in beside["median"].runs() if "median" in beside else ():
        ax.plot(years, values, color=fonts.SOFT, linewidth=1, zorder=1)
    for years, values in beside["target"].runs() if "target" in beside else ():
        edges = [years[0] - 0.45, *(year + 0.45 for year in years)]
        ax.stairs(values, edges, baseline=None, color=fonts.INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1.5)
    lowest, highest = (dict(beside[end].known) if end in beside else {} for end in ("low", "high"))
    bar: dict[str, Any] = {"color": fonts.DOUBT, "linewidth": 5, "alpha": 0.35, "zorder": 1.5, "solid_capstyle": "butt"}
    for year in (year for year in lowest if highest.get(year, lowest[year]) > lowest[year]):
        ax.plot([year, year], [lowest[year], highest[year]], **bar)


def _line_of(ax: Axes, one: Course, write: Callable[[float], str]) -> None:
    """A panel's own line, interrupted where the definition changed, with its first and last value."""
    for years, values in one.runs():
        ax.plot(years, values, color=COLOURS[0], linewidth=1.6, zorder=2, clip_on=False)
    for year in (year for year, cut in zip(one.years, one.broken, strict=True) if cut):
        ax.axvline(year - 0.5, color=fonts.INK, linewidth=1, linestyle=(0, (1, 2)), zorder=1)
    dots(ax, one, write, color=COLOURS[0], markersize=3.5)
    for at, near in {0: 1, len(one.known) - 1: -2}.items() if one.known else ():
        year, value = one.known[at]
        other = one.known[near][1] if len(one.known) > 1 else value
        ha = "center" if len(one.known) == 1 else "right" if at else "left"
        offset = ({"left": -3, "right": 3, "center": 0}[ha], 6 if value >= other else -15)
        style: dict[str, Any] = {
            "fontsize": SMALL,
            "annotation_clip": False,
            "zorder": 5,
            "bbox": {**PAPER, "facecolor": fonts.TRACK},
        }
        ax.annotate(write(value), (year, value), xytext=offset, textcoords="offset points", ha=ha, **style)
