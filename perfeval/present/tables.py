"""Tables, cards and the grid of marks as HTML. Everything that comes from data is escaped by the way it is put in.

``Markup("…{}…").format(value)`` escapes every value that is not itself Markup; text and tags never meet otherwise.
Each table has a caption, headings with scope and units, and cells that carry their heading for narrow screens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from perfeval.present import labels


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a shown table: its heading, and whether it holds figures (right-aligned)."""

    title: str
    figures: bool = False


def lines(value: Any) -> Markup:
    """Text from data for a cell: escaped, line breaks kept, ``—`` where there is none."""
    return Markup("<br>").join(labels.text(value).splitlines())


def table(caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, narrow: str = "st") -> Markup:
    """A table whose first column heads its rows.

    ``narrow`` says what narrow screens make of it: ``st`` rows become blocks, ``st two`` blocks with two cells a line
    (for short figures), empty leaves it a table.
    """
    stack = bool(narrow)
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_figures(column), column.title) for column in columns
    )
    body = Markup("").join(_row(columns, row) for row in rows)
    kind = Markup(' class="{}"{}').format(narrow, labelled(columns)) if stack else Markup("")
    return Markup(
        '<div class="tw"><table{}><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(kind, caption, head, body)


def _figures(column: Column) -> Markup:
    return Markup(' class="n"') if column.figures else Markup("")


def labelled(columns: Sequence[Column]) -> Markup:
    """The columns' titles as CSS variables of their table, said once: stacked cells are labelled with them."""
    titles = (column.title.replace("\\", "\\\\").replace("'", "\\'") for column in columns[1:])
    said = Markup(";").join(Markup("--l{}:'{}'").format(place, title) for place, title in enumerate(titles, start=2))
    return Markup(' style="{}"').format(said)


def _row(columns: Sequence[Column], cells: Sequence[Any]) -> Markup:
    first = Markup('<th scope="row">{}</th>').format(_cell(cells[0]))
    rest = [
        Markup("<td{}>{}</td>").format(_figures(column), _cell(cell))
        for column, cell in zip(columns[1:], cells[1:], strict=True)
    ]
    return Markup("<tr>{}{}</tr>").format(first, Markup("").join(rest))


def _cell(value: Any) -> Markup:
    return value if isinstance(value, Markup) else lines(value)


def paragraphs(sentences: Iterable[str]) -> Markup:
    """Sentences as paragraphs."""
    return Markup("").join(Markup("<p>{}</p>").format(sentence) for sentence in sentences)


def ordered(sentences: Sequence[str], *, columns: bool = False) -> Markup:
    """Sentences as a numbered list; one alone, or a 无, is a paragraph."""
    if len(sentences) <= 1:
        return paragraphs(sentences)
    kind = Markup(' class="cols"') if columns else Markup("")
    return Markup("<ol{}>{}</ol>").format(
        kind, Markup("").join(Markup("<li>{}</li>").format(sentence) for sentence in sentences)
    )


def unordered(sentences: Sequence[str]) -> Markup:
    """Short lines that carry their own numbers, in columns where there is room."""
    return Markup('<ul class="cols">{}</ul>').format(
        Markup("").join(Markup("<li>{}</li>").format(sentence) for sentence in sentences)
    )


def ranged(shown: str) -> str | Markup:
    """A range as a key figure: on one line, a little smaller than a plain figure."""
    return Markup('<span class="range">{}</span>').format(shown) if "—" in shown.strip("—") else shown


def folded(summary: str | Markup, content: Markup) -> Markup:
    """Something long, folded on screen and open on paper."""
    return Markup("<details><summary>{}</summary>{}</details>").format(summary, content)


def fold(summary: str | Markup, content: Markup, rows: int, most: int = 12) -> Markup:
    """A table of ``rows`` rows, folded where it has more than ``most``."""
    return folded(summary, content) if rows > most else content
