"""What notebooks show with: general pieces, each an :class:`Html` that stands on the last line of a cell.

Pieces take frames, sentences, charts and other pieces; each shows something on any data, and says so where there is
nothing. In JupyterLab, VS Code and stock nbconvert they bring their style along, light or dark; in a report's page they
take the page's.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup

from perfeval.model.errors import ParameterError
from perfeval.present import labels, tables
from perfeval.present.axes import chart_html
from perfeval.present.frametable import table
from perfeval.present.keyfigures import RECORD, Record, record  # a piece like those below
from perfeval.present.officepieces import banner, consequences, offices  # noqa: F401  # likewise
from perfeval.present.pieces import Html
from perfeval.present.rowpieces import decisions, derivations, glance, grid, link, missed, sources  # likewise
from perfeval.present.rowpieces import findings as found_
from perfeval.present.tables import paragraphs

__all__ = [
    "RECORD",
    "Html",
    "Record",
    "beside",
    "cards",
    "consequences",
    "decisions",
    "derivations",
    "findings",
    "fold",
    "glance",
    "grid",
    "header",
    "lead",
    "link",
    "missed",
    "note",
    "piece",
    "record",
    "sentence",
    "sources",
    "stack",
    "table",
    "words",
]
TONES = ("", "good", "bad", "doubt")
"""What a card's colour can mean."""
Said = str | tuple[str, ...] | list[str]


def header(title: Any, kind: str = "", sub: str = "") -> Html:
    """The head of a page: the kind of report small above, the title, and a line below; the page is titled so."""
    parts = [Markup('<p class="eyebrow">{}</p>').format(kind)] if kind else []
    parts += [Markup("<h1>{}</h1>").format(title)]
    parts += [Markup('<p class="sub">{}</p>').format(sub)] if sub else []
    whole = " ".join(filter(None, [labels.one_line(title), labels.one_line(kind) if kind else ""]))
    return Html(str(Markup("").join(parts)), whole, whole)


def words(*sentences: Said, numbered: bool = False, columns: bool = False) -> Html:
    """Sentences as paragraphs, or ``numbered`` as a list; ``columns`` sets short lines side by side.

    >>> words("预算全部执行。", ("两项指标未完成。",))
    预算全部执行。
    两项指标未完成。
    """
    said = _flat(sentences)
    if numbered:
        made = tables.ordered(said, columns=columns)
    else:
        made = tables.unordered(said) if columns else paragraphs(said)
    return Html(str(made), "\n".join(said))


def sentence(*parts: Any) -> Html:
    """One sentence of several parts, of which some may be links (:func:`link`); it ends with a full stop."""
    joined = Markup("").join(Markup.escape(part) for part in parts)
    return Html(str(Markup("<p>{}。</p>").format(joined)), f"{joined.striptags()}。")


def lead(*sentences: Any) -> Html:
    """The answer, large; clauses with a tone (:class:`~perfeval.present.narrative.Clause`) in its colour."""
    tags = {"": "{}", "miss": '<strong class="miss">{}</strong>', "doubt": '<span class="doubt">{}</span>'}
    clauses = [one if hasattr(one, "tone") else _Plain(one) for one in _flat(sentences)]
    said = Markup("").join(Markup(tags[one.tone]).format(one.text) for one in clauses)  # noqa: S704  # our own tags
    return Html(str(Markup('<p class="lead">{}</p>').format(said)), "".join(one.text for one in clauses))


class _Plain:
    """A sentence without a tone."""

    tone = ""

    def __init__(self, text: Any) -> None:
        self.text = str(text)


def _flat(sentences: Iterable[Any]) -> list[Any]:
    """Sentences, and those of the tuples and lists among them; what is None or empty says nothing."""
    found: list[Any] = []
    for one in sentences:
        if isinstance(one, tuple | list) and not hasattr(one, "tone"):
            found += _flat(one)
        elif one is not None and one != "":
            found.append(one)
    return found


def note(text: Said, summary: str = "怎么读") -> Html:
    """A hint, folded."""
    said = _flat([text])
    made = Markup('<details class="note"><summary>{}</summary>{}</details>').format(summary, paragraphs(said))
    return Html(str(made), f"{summary}：{''.join(said)}")


def cards(figures: Iterable[Sequence[Any]], *, compact: bool = False) -> Html:
    """The few figures to be seen first: (name, value, note) or (name, value, note, tone), a tone one of :data:`TONES`.

    ``compact``: on a narrow screen in one line and without notes, where the text beside it says what they say.

    >>> cards([("预算执行率", "94.9%", "5,154.12 / 5,431.28 万元"), ("未完成", 2, "项", "bad")])
    预算执行率：94.9%（5,154.12 / 5,431.28 万元）
    未完成：2（项）
    """
    items, lines = [], []
    for name, value, *rest in figures:
        beside_, tone = (*rest, "", "")[:2]
        if tone not in TONES:
            raise ParameterError(f"卡片的颜色只有{'、'.join(map(repr, TONES))}，没有{tone!r}")
        kind = Markup(' class="{}"').format(tone) if tone else Markup("")
        written = value if isinstance(value, Markup) else labels.text(value)
        small = Markup(" <small>{}</small>").format(beside_) if beside_ else Markup("")
        items.append(Markup("<div><dt>{}</dt><dd{}>{}{}</dd></div>").format(name, kind, _ranged(written), small))
        lines.append(f"{name}：{_bare(written)}{f'（{beside_}）' if beside_ else ''}")
    width = "kpi few" if compact else "kpi"
    return Html(str(Markup('<dl class="{}">{}</dl>').format(width, Markup("").join(items))), "\n".join(lines))


def _bare(written: Any) -> str:
    return str(written.striptags()) if isinstance(written, Markup) else str(written)


def _ranged(written: Any) -> Any:
    return written if isinstance(written, Markup) else tables.ranged(written)


def findings(found: Any, empty: str = "按复核规则检查，没有发现问题。") -> Html:
    """Findings by severity and rule, the gravest first; the frame of ``pe.findings``, or some of its rows."""
    return found_(found, empty)


# ---- pieces of pieces


def fold(summary: str, *pieces: Any) -> Html:
    """Pieces folded under a line; open on paper. Nothing where there is nothing to fold."""
    inner = _inner(pieces)
    if not inner.text:
        return inner
    made = Markup("<details><summary>{}</summary>{}</details>").format(summary, inner)
    return Html(str(made), f"{summary}\n{inner.plain}")


def beside(*pieces: Any) -> Html:
    """Pieces side by side where there is room, below each other where there is not."""
    there = [shown for shown in map(piece, pieces) if shown.text]
    if len(there) <= 1:
        return there[0] if there else Html("")
    made = Markup("").join(Markup("<div>{}</div>").format(shown) for shown in there)
    return Html(str(Markup('<div class="pair">{}</div>').format(made)), "\n".join(shown.plain for shown in there))


def stack(*pieces: Any) -> Html:
    """Pieces one below the other: what a cell shows when it shows more than one thing."""
    return _inner(pieces)


def _inner(pieces: Iterable[Any]) -> Html:
    there = [shown for shown in map(piece, pieces) if shown.text]
    return Html("".join(shown.text for shown in there), "\n".join(shown.plain for shown in there))


def piece(given: Any) -> Html:
    """What can stand in a page as a piece: a piece, an Axes, a frame, sentences; None is nothing.

    ``ParameterError`` for anything else.
    """
    if given is None:
        return Html("")
    if isinstance(given, Html):
        return given
    if isinstance(given, str | tuple | list) and not hasattr(given, "__html__"):
        return words(*_flat([given]))
    if hasattr(given, "__html__"):
        return Html(str(given.__html__()), str(Markup(given.__html__()).striptags()))  # noqa: S704  # says that it is HTML
    chart = chart_html(given)
    if chart is not None:
        return chart
    if hasattr(given, "to_frame") or hasattr(given, "columns"):
        return table(given)
    raise ParameterError(f"这里可以放 show.*、图、表和文字，不能放{type(given).__name__}")
