"""A frame as a table of a page or notebook: complete, escaped, in Chinese, whatever the frame."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from perfeval.model import asked
from perfeval.model.errors import ParameterError, nearest
from perfeval.present import columns as columns_
from perfeval.present import labels
from perfeval.present.columns import Shown
from perfeval.present.pieces import Html
from perfeval.present.verdictsigns import MARKS, mark

TINTS = 3
"""Steps of colour a tinted column has."""
IN_WORDS = 20
"""Rows that the plain text of a table has; its HTML has all."""
LABELLED = 11
"""Columns whose labels on narrow screens the style sheet knows; later ones carry their own."""
WIDE = 10
"""Columns from which a table may scroll sideways."""
FEW = 6
"""Columns that fit on paper, whatever stands in them."""
PAPER, GAP, SIZES = 642.0, 10.0, (5.0, 9.5)
"""Of a wide table on paper: the width within A4's margins and the space behind a cell (px), its text (pt)."""
UNBROKEN = re.compile(r"[!-~＋＝]{16}")
"""Text that finds no place to break by itself, such as a hash: its cell breaks it anywhere."""
TEXT = 4.0
"""What a column of words gets at least there, in em."""
SHORT = 6.0
"""Words of no more em, such as 执行率 or 无法判断, stay on one line each: longer ones beside them give way."""
SCREEN, BODY = 800.0, 14.5
"""The width of a page's column and the size of a table's text there (px)."""
Some = str | Iterable[str]


@asked.takes()
def table(
    frame: pd.DataFrame | pd.Series | None,
    columns: Sequence[Any] | Mapping[Any, str] | None = None,
    *,
    caption: str = "",
    titles: Mapping[Any, str] | None = None,
    total: Mapping[Any, Any] | pd.Series | None = None,
    bars: Some | Mapping[str, str] | None = None,
    tint: Some | bool | None = None,
    fold: int | None = None,
    empty: str = "没有。",
    units: Mapping[Any, str] | None = None,
    formats: Mapping[Any, str | Callable[[Any], str]] | None = None,
) -> Html:
    """A frame as a table; every row of it, always.

    ``columns``: which, in which order, or name → heading; a named index leads. ``titles`` names some without choosing.
    ``total``: a row set apart at the end (what it lacks is blank). ``bars``: columns with a bar behind the figure, or
    column → the column that is its whole. ``tint``: columns whose cells are the darker the larger; True is all figures.
    ``fold``: from how many rows on the table is folded. ``units`` and ``formats`` (a kind of
    :data:`~perfeval.model.columns.KINDS`, a documented column that it is shown like, or a function) overrule what a
    column's name tells. ``ParameterError`` for a column that is not there, wherever it is named.

    >>> table(pd.DataFrame({"item": ["环卫"], "executed": [1234.5]}))
    预算项目  全年执行数（万元）
    环卫  1,234.50
    """
    if frame is None:
        return _nothing(empty)
    held = frame.to_frame("值" if frame.name is None else frame.name) if isinstance(frame, pd.Series) else frame
    if held.empty:
        return _nothing(empty)
    chosen = _chosen(held, columns, dict(titles or {}), dict(units or {}), dict(formats or {}))
    body = _body(chosen, _bars(bars, held, chosen), _tints(tint, chosen))
    last = total.to_dict() if isinstance(total, pd.Series) else dict(total or {})
    foot = Markup("") if total is None else _foot(chosen, last)
    made = _element(chosen, body + foot, caption, held.columns.names if held.columns.nlevels > 1 else None, last)
    if fold is not None and len(held) > fold:
        summary = f"{caption or '全部'}（{len(held)}行）"
        made = Markup("<details><summary>{}</summary>{}</details>").format(summary, made)
    return Html(str(made), _plain(chosen, caption, len(held)))


def _nothing(empty: str) -> Html:
    return Html(str(Markup('<p class="none">{}</p>').format(empty)), empty)


def _chosen(
    frame: pd.DataFrame,
    columns: Sequence[Any] | Mapping[Any, str] | None,
    titles: dict[Any, str],
    units: dict[Any, str],
    formats: dict[Any, Any],
) -> list[Shown]:
    """The columns to be shown, in order."""
    there = columns_.frame_columns(frame)
    _among([*titles, *units, *formats], [key for key, _ in there])
    leading = there[: len(there) - frame.shape[1]]
    if isinstance(columns, Mapping):
        titles = {**titles, **columns}
    if columns is None:
        kept = list(there)
    else:
        wanted = [columns] if isinstance(columns, str) else list(columns)
        absent = [name for name in wanted if not any(_same(name, key) for key, _ in there)]
        if absent:
            names = [str(key) for key, _ in there]
            hints = "；".join(f"{name}{nearest(str(name), names)}" for name in absent)
            raise ParameterError(f"表里没有这些列：{hints}")
        kept = [pair for pair in leading if not any(_same(name, pair[0]) for name in wanted)]
        kept += [pair for name in wanted for pair in there if _same(name, pair[0])]
    return [columns_.shown(key, values(), _of(titles, key), _of(formats, key), _of(units, key)) for key, values in kept]


def _same(name: Any, key: Any) -> bool:
    return bool(type(name) is type(key) and name == key) or (isinstance(name, str) and name == key)


def _of(given: Mapping[Any, Any], key: Any) -> Any:
    try:
        return given.get(key)
    except TypeError:  # a name that cannot be looked up has nothing said of it
        return None


# ---- cells


def _body(chosen: Sequence[Shown], bars: Mapping[int, list[Any]], tints: Mapping[int, list[int]]) -> Markup:
    wide, short = len(chosen) > LABELLED, _kept(chosen)
    columns = [
        _cells(column, place, bars.get(place), tints.get(place), wide=wide, short=place in short)
        for place, column in enumerate(chosen)
    ]
    lines = "".join(f"<tr>{''.join(cells)}</tr>" for cells in zip(*columns, strict=True))
    return Markup(f"<tbody>{lines}</tbody>")  # noqa: S704  # of cells whose content is escaped


def _cells(
    column: Shown, place: int, shares: list[float | None] | None, steps: list[int] | None, *, wide: bool, short: bool
) -> list[str]:
    """A column's cells; what stands in several is made once."""
    made: dict[tuple[str, float | None, int], str] = {}
    cells = []
    for row, written in enumerate(column.texts()):
        key = (written, shares[row] if shares else None, steps[row] if steps else 0)
        if key not in made:
            made[key] = _cell(column, written, place, share=key[1], step=key[2], wide=wide, short=short)
        cells.append(made[key])
    return cells


def _short(column: Shown) -> bool:
    """Whether a column of words has only short ones."""
    return not column.figures and all(labels.width(written) <= SHORT for written in set(column.texts()))


def _kept(chosen: Sequence[Shown]) -> set[int]:
    """The columns of short words that stay on one line each: all, or none where the page would be too narrow."""
    short = {place for place, column in enumerate(chosen) if _short(column)}
    needed = sum(
        max(map(labels.width, column.texts()), default=0.0) if column.figures or place in short else TEXT
        for place, column in enumerate(chosen)
    )
    return short if needed * BODY + GAP * len(chosen) <= SCREEN else set()


def _cell(column: Shown, written: str, place: int, *, share: float | None, step: int, wide: bool, short: bool) -> str:
    kinds = ["n"] if column.figures else ["nw"] if short else ["any"] if UNBROKEN.search(written) else []
    kinds += (["bars"] if share is not None else []) + ([f"h{step}"] if step else [])
    content = str(_content(column, written))
    if share is not None:
        content += f'<i style="--s:{share:.3f}"></i>'
    given = f' class="{" ".join(kinds)}"' if kinds else ""
    if place == 0:
        return f'<th scope="row"{given}>{content}</th>'
    if wide and place >= LABELLED:
        given += f' data-l="{escape(_whole_heading(column))}"'
    return f"<td{given}>{content}</td>"


def _content(column: Shown, written: str) -> Markup:
    """A verdict with its mark; a target that reads 完成 is no verdict."""
    if written in MARKS and (column.key == "status" or isinstance(column.values.dtype, pd.CategoricalDtype)):
        return Markup('<span class="nw">{}{}</span>').format(mark(written), written)
    return columns_.marked(written)


def _bars(bars: Some | Mapping[str, str] | None, frame: pd.DataFrame, chosen: Sequence[Shown]) -> dict[int, list[Any]]:
    """By column shown: each row's share of the whole, None where there is none."""
    if bars is None:
        return {}
    wholes: dict[Any, Any] = dict(bars) if isinstance(bars, Mapping) else dict.fromkeys(_names(bars))
    _known(wholes, chosen)
    found = {}
    for place, column in enumerate(chosen):
        if column.key in wholes:
            values = pd.to_numeric(column.values, errors="coerce").astype("float64")
            whole = wholes[column.key]
            if whole is None:
                most = values.max()
                parts = values / (max(most, 1.0) if column.write is columns_.rate else most)
            else:
                _known([whole], [columns_.shown(key, held()) for key, held in columns_.frame_columns(frame)])
                parts = values / pd.to_numeric(frame[whole], errors="coerce").astype("float64").reset_index(drop=True)
            found[place] = [min(max(part, 0.0), 1.0) if part == part else None for part in parts.tolist()]  # noqa: PLR0124  # not NaN
    return found


def _tints(tint: Some | bool | None, chosen: Sequence[Shown]) -> dict[int, list[int]]:
    """By column shown: each row's step of colour, of the largest value of all tinted columns."""
    if not tint:
        return {}
    names = [column.key for column in chosen if column.figures] if tint is True else list(_names(tint))
    _known(names, chosen)
    tinted = {place: column for place, column in enumerate(chosen) if column.key in names}
    numbers = {
        place: pd.to_numeric(column.values, errors="coerce").astype("float64") for place, column in tinted.items()
    }
    most = max((values.max() for values in numbers.values() if values.notna().any()), default=0.0)
    return {place: [_tinted(value, most) for value in values.tolist()] for place, values in numbers.items()}


def _tinted(value: float, most: float) -> int:
    if not value > 0 or not 0 < most < float("inf"):
        return 0
    return min(TINTS, 1 + int(value / most * TINTS - 1e-9))


def _names(some: Any) -> list[Any]:
    return [some] if isinstance(some, str) else list(some)


def _known(names: Iterable[Any], chosen: Sequence[Shown]) -> None:
    _among(names, [column.key for column in chosen])


def _among(names: Iterable[Any], there: Sequence[Any]) -> None:
    for name in names:
        if name not in there:
            raise ParameterError(f"表里没有“{name}”这一列{nearest(str(name), map(str, there))}")


# ---- around the cells


def _foot(chosen: Sequence[Shown], given: dict[Any, Any]) -> Markup:
    _known(given, chosen)
    cells = []
    for place, column in enumerate(chosen):
        written = column.write(given[column.key]) if column.key in given else "合计" if place == 0 else ""
        content = columns_.marked(written)
        given_class = Markup(' class="n"') if column.figures else Markup("")
        if place and len(chosen) > LABELLED and place >= LABELLED:
            given_class += Markup(' data-l="{}"').format(_whole_heading(column))
        shape = '<th scope="row"{}>{}</th>' if place == 0 else "<td{}>{}</td>"
        cells.append(Markup(shape).format(given_class, content))  # noqa: S704  # one of two of our own
    return Markup('<tbody class="sum"><tr>{}</tr></tbody>').format(Markup("").join(cells))


def _element(
    chosen: Sequence[Shown], body: Markup, caption: str, levels: Sequence[Any] | None, total: Mapping[Any, Any]
) -> Markup:
    figures = sum(column.figures for column in chosen[1:])
    kind = "st two" if figures and figures == len(chosen) - 1 else "st"
    head = _grouped_head(chosen, levels) if levels is not None else _head(chosen)
    told = Markup("<caption>{}</caption>").format(caption) if caption else Markup("")
    fit = _on_paper(chosen, total) if len(chosen) > FEW else ""
    around = Markup('<div class="tw{}">').format(fit)
    if len(chosen) > WIDE:
        around = Markup('<div class="tw wide{}" tabindex="0" role="region" aria-label="{}">').format(
            fit, caption or "表"
        )
    return around + Markup('<table class="{}"{}>{}<thead>{}</thead>{}</table></div>').format(
        kind, _labels(chosen), told, head, body
    )


def _on_paper(chosen: Sequence[Shown], total: Mapping[Any, Any]) -> Markup:
    """The classes and the size of text (pt) with which a table of many columns fits its paper.

    ``any`` where figures do not stay on one line each even when it is small.
    """
    needed, short = 0.0, _kept(chosen)
    for place, column in enumerate(chosen):
        last = [column.write(total[column.key])] if column.key in total else []
        kept = column.figures or place in short
        needed += max(map(labels.width, {*column.texts(), *last})) if kept else TEXT
    size = (PAPER - GAP * len(chosen)) * 0.75 / max(needed, TEXT)  # cells may all be empty
    if size >= SIZES[1] and len(chosen) <= WIDE:
        return Markup("")
    fits = " fit" if size >= SIZES[0] else " fit any"
    return Markup('{}" style="--fit:{:.1f}pt').format(fits, max(SIZES[0], min(SIZES[1], size)))


def _labels(chosen: Sequence[Shown]) -> Markup:
    """The headings as CSS variables of their table, said once: stacked cells are labelled with them."""
    titles = [_whole_heading(column).replace("\\", "\\\\").replace("'", "\\'") for column in chosen[1:LABELLED]]
    said = Markup(";").join(Markup("--l{}:'{}'").format(place, title) for place, title in enumerate(titles, start=2))
    return Markup(' style="{}"').format(said) if titles else Markup("")


def _whole_heading(column: Shown) -> str:
    """A heading with those above it, for where each cell carries its own."""
    above = [columns_.heading(part) for part in column.key[:-1]] if isinstance(column.key, tuple) else []
    return " · ".join([*above, column.heading])


def _head(chosen: Sequence[Shown]) -> Markup:
    return Markup("<tr>{}</tr>").format(Markup("").join(_heading(column, "col") for column in chosen))


def _heading(column: Shown, scope: str, span: Markup | str = "", title: str | None = None) -> Markup:
    given = Markup(' class="n"') if column.figures else Markup("")
    unit = Markup("（{}）").format(column.unit) if column.unit else Markup("")
    return Markup('<th scope="{}"{}{}>{}{}</th>').format(
        scope, given, span, column.title if title is None else title, unit if title is None else ""
    )


def _grouped_head(chosen: Sequence[Shown], levels: Sequence[Any]) -> Markup:
    """A row of headings for each level of the columns; what leads spans them all."""
    depth = len(levels)
    rows = []
    for level in range(depth):
        cells, place = [], 0
        while place < len(chosen):
            column = chosen[place]
            if not isinstance(column.key, tuple):
                if level == 0:
                    cells.append(_heading(column, "col", Markup(' rowspan="{}"').format(depth)))
                place += 1
                continue
            end = place + 1
            if level < depth - 1:
                while end < len(chosen) and _prefix(chosen[end], level) == _prefix(column, level):
                    end += 1
                span = Markup(' colspan="{}"').format(end - place)
                cells.append(_heading(column, "colgroup", span, columns_.heading(column.key[level])))
            else:
                cells.append(_heading(column, "col"))
            place = end
        rows.append(Markup("<tr>{}</tr>").format(Markup("").join(cells)))
    return Markup("").join(rows)


def _prefix(column: Shown, level: int) -> Any:
    return column.key[: level + 1] if isinstance(column.key, tuple) else None


def _plain(chosen: Sequence[Shown], caption: str, rows: int) -> str:
    lines = ["  ".join(column.heading for column in chosen)]
    texts = [[column.write(value) for value in column.values.tolist()[:IN_WORDS]] for column in chosen]
    lines += ["  ".join(labels.one_line(cell) for cell in row) for row in zip(*texts, strict=True)]
    rest = [f"（文字只列前{IN_WORDS}行，共{rows}行）"] if rows > IN_WORDS else []
    return "\n".join([*([caption] if caption else []), *lines, *rest])
