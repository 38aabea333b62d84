"""Documents with everything that is read of them: each figure with its place, each sentence said, each cell left over.

``golden/forms.txt`` has forms as ``forms_example`` draws them, one below the other under a title each; ``=== name``
begins a further sheet, ``§`` a paragraph of a Word document, ``#DIV/0!`` and ``#空`` are formulas without a value. ``golden/reports.txt`` has reports in words, a paragraph a
line, with tables drawn. ``golden/texts.txt`` has text files under their names; ``⇥`` is a tab. ``golden/word.txt`` has
the XML of Word documents, ``=== name`` before each further part. Below the arrow stands what is read. A change of one line of it is a change of what somebody's
document says: look at it, then take it over with ``python tests/test_read_whole.py``.
"""

import re
from dataclasses import astuple, fields, replace
from itertools import groupby
from pathlib import Path

import pandas as pd
import pytest
from forms_example import grid
from test_containers import WORD, docx
from test_word_container import MATH

from perfeval.ingest.containers import parse_content
from perfeval.ingest.document import UNCOMPUTED, WRONG, Cell, Content, Document, Grid, Paragraph, Place, letters_of
from perfeval.ingest.forms import recognise
from perfeval.ingest.prose import recognise_prose
from perfeval.model.errors import Problem
from perfeval.model.schema import BUDGET, INDICATORS, Narrative

GOLDEN = Path(__file__).parent / "golden"
KINDS = ("forms", "reports", "texts", "word")
VML = "urn:schemas-microsoft-com:vml"
WORDS = [one.name for one in fields(Narrative) if one.name not in ("title", "declared_score", "declared_grade")]


def cases(kind: str) -> dict[str, tuple[str, str]]:
    """By title: the drawing, and what is read of it."""
    text = (GOLDEN / f"{kind}.txt").read_text(encoding="utf-8")
    parts = re.split(r"^## (.*)\n", text, flags=re.MULTILINE)[1:]
    found = {}
    for title, body in zip(parts[::2], parts[1::2], strict=True):
        drawing, _, reading = body.partition("→\n")
        assert title not in found
        found[title] = drawing.strip("\n"), reading.strip("\n")
    return found


def drawn(drawing: str) -> Content:
    """The workbook or Word document that a drawing shows."""
    blocks: list[Grid | Paragraph] = []
    word = "§" in drawing
    sheets = re.split(r"^=== (.*)\n", f"=== {'表1' if word else '自评表'}\n" + drawing, flags=re.MULTILINE)[1:]
    for name, text in zip(sheets[::2], sheets[1::2], strict=True):
        rows: list[str] = []
        for line in [*text.strip("\n").split("\n"), "§"]:
            if not line.startswith("§"):
                rows.append(line)
                continue
            if rows:
                blocks.append(_unread(grid("\n".join(rows), name)))
                rows = []
            blocks.append(Paragraph(line[1:].strip(), 1 + sum(isinstance(one, Paragraph) for one in blocks)))
        blocks.pop()
    return Content("表", "docx" if word else "xlsx", tuple(blocks))


def _unread(sheet: Grid) -> Grid:
    """The grid with ``#DIV/0!`` as the error of a formula, and ``#空`` as a formula without a result."""
    special = {"#DIV/0!": Cell("#DIV/0!", origin=WRONG), "#空": Cell("", origin=UNCOMPUTED)}
    return replace(sheet, rows=tuple(tuple(special.get(cell.text, cell) for cell in row) for row in sheet.rows))


def written(text: str) -> Content:
    """The report in words: a paragraph a line, numbered from 1, and tables."""
    blocks: list[Grid | Paragraph] = []
    for table, run in groupby(enumerate(text.split("\n"), start=1), lambda one: " | " in one[1]):
        lines = list(run)
        if table:
            blocks.append(
                grid("\n".join(line for _, line in lines), f"表{1 + sum(isinstance(b, Grid) for b in blocks)}")
            )
        else:
            blocks += [Paragraph(line, number) for number, line in lines]
    return Content("报告", "txt", tuple(blocks))


def shown(value: object) -> str:
    return "" if value is None or value is pd.NA else str(value)


def at(place: Place | None) -> str:
    if place is None:
        return "?"
    return f"{letters_of(place.column) if place.column >= 0 else '行'}{place.row}"


def told(document: Document) -> list[str]:
    """A document, a line for each row, sentence and cell left over."""
    said = document.narrative
    head = [document.family, f"{document.confidence:.2f}", document.unit, document.title, shown(document.year)]
    lines = ["表 " + " | ".join([*head, said.title, shown(said.declared_score), said.declared_grade])]
    lines += ["起 " + " ".join(f"{what}{where}" for what, where in document.begins)]
    for mark, name, frame, columns in (
        ("金", "budget", document.budget, BUDGET.names),
        ("标", "indicators", document.indicators, INDICATORS.names),
    ):
        for number, row in enumerate(frame.to_dict("records")):
            values = [
                f"{column}={shown(row[column])}@{at(document.places.get((name, number, column)))}"
                for column in columns
                if column != "source" and shown(row[column])
            ]
            lines.append(f"{mark} {' '.join(values)} ← {row['source']}")
    for field in WORDS:
        values = getattr(said, field)
        for number, value in enumerate([values] if isinstance(values, str) else values):
            where = document.places.get(("narrative", number, field))
            text = value if isinstance(value, str) else " | ".join(map(str, astuple(value)))
            lines += [f"文 {field}={text}{f'@{at(where)}' if where else ''}"] if text else []
    for block in document.blocks or ():
        words = [block.name, *map(shown, (block.points, block.score, block.goal_no)), block.goal, block.category]
        lines.append(f"块 {' | '.join([*words, block.subcategory])} ← {block.place} {at(block.at)}")
    lines += [_sentence(found) for found in document.problems]
    account = document.account
    lines.append(f"账 {account.cells} = {account.used} + {account.named} + {len(account.left)}")
    return lines + [f"余 {place.sheet} {at(place)} {text}" for place, text in account.left]


def _sentence(found: Problem) -> str:
    place = f"{found.column or ''}{found.row or ''}"
    return f"说 {found.code} {place} {found.value or ''}｜{found.message}"


def cells(content: Content) -> list[str]:
    """What a text file is taken for, its tables and paragraphs, and what is said of it."""
    lines = [f"容 {content.container}"]
    for block in content.blocks:
        if isinstance(block, Paragraph):
            lines.append(f"段 {block.line} {block.words}")
            lines += [f"疑 {block.line} {code} {message}" for code, message in block.doubts]
        else:
            rows = (" ¦ ".join(cell.words.replace("\n", "↵") for cell in row) for row in block.rows)
            lines += [f"格 {block.sheet}{number} {row}" for number, row in enumerate(rows, start=block.first_row)]
            lines += [f"并 {' '.join(map(str, block.merges))}"] if block.merges else []
            lines += [f"隐 {sorted(block.hidden_rows)} {sorted(block.hidden_columns)}"] if block.hidden_rows else []
            lines += [
                f"疑 {block.place(number, at)} {code} {message}"
                for number, row in enumerate(block.rows)
                for at, cell in enumerate(row)
                for code, message in cell.doubts
            ]
    return [*lines, *map(_sentence, content.problems)]


def word(drawing: str) -> bytes:
    """A Word document from the inside of its body and other parts; Word's own names go without a prefix."""
    roots = {"document": "document", "styles": "styles", "numbering": "numbering", "header1": "hdr", "footer1": "ftr"}
    parts = re.split(r"^=== (.*)\n", f"=== document\n{drawing}", flags=re.MULTILINE)[1:]
    members = {}
    for name, inside in zip(parts[::2], parts[1::2], strict=True):
        root, body = roots.get(name, name), f"<body>{inside}</body>" if name == "document" else inside
        text = re.sub(r">\n\s*<", "><", body.replace("⇥", "\t"))
        members[f"word/{name}.xml"] = f'<{root} xmlns="{WORD}" xmlns:m="{MATH}" xmlns:v="{VML}">{text}</{root}>'
    return docx("", **members)


def reading(kind: str, drawing: str, title: str) -> str:
    """All forms or reports of a drawing, or the cells of a text."""
    if kind in ("texts", "word"):
        raw = word(drawing) if kind == "word" else drawing.replace("⇥", "\t").encode()
        content = parse_content(raw, "报告.docx" if kind == "word" else title.split(maxsplit=1)[0])
        return "\n".join(line.rstrip().replace("\t", "⇥") for line in cells(content))
    documents = recognise(drawn(drawing)) if kind == "forms" else recognise_prose(written(drawing))
    return "\n".join(line for document in documents for line in told(document))


@pytest.mark.parametrize(("kind", "title"), [(kind, title) for kind in KINDS for title in cases(kind)])
def test_a_document_is_read_to_the_last_cell(kind: str, title: str) -> None:
    drawing, expected = cases(kind)[title]
    assert reading(kind, drawing, title).split("\n") == expected.split("\n")


if __name__ == "__main__":
    for kind in KINDS:
        known = cases(kind)
        told_anew = (
            f"## {title}\n{drawing}\n→\n{reading(kind, drawing, title)}\n" for title, (drawing, _) in known.items()
        )
        (GOLDEN / f"{kind}.txt").write_text("\n".join(told_anew), encoding="utf-8")
