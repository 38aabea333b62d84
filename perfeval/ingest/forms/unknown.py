"""Sheets in which no form was found: whether they look like one, and which headings come nearest."""

import difflib
import re

from perfeval.ingest.document import Document
from perfeval.ingest.forms.found import Found
from perfeval.ingest.forms.layout import Sheet
from perfeval.ingest.forms.vocabulary import flat, tidy, words
from perfeval.ingest.problems import problem

ABOUT = re.compile("绩效|自评")
"""A sheet without these words is of something else, and nothing needs to be said of it."""
LOOKED_FOR = ("三级指标", "年度指标值", "实际完成值", "分值", "得分", "全年预算数", "全年执行数")
FEWEST = 3
"""Cells that a row of the table has at least."""
EDGE = 150
"""Lines at either end of a form that are searched for a family's marks; between them are only more rows."""


def looks_like_form(sheet: Sheet) -> bool:
    """Whether a sheet speaks of performance and has at least one row like a heading row."""
    rows = [sheet.filled(line) for line in range(min(len(sheet.lines), EDGE))]
    said = any(ABOUT.search(cell.text) for row in rows for _, cell in row)
    return said and any(len(row) >= FEWEST for row in rows)


NEAR = 0.6


def nothing(file: str, sheet: Sheet) -> Document:
    """No form: what was looked for, and which headings come nearest."""
    columns = [*words()["indicators"]["columns"].values(), *words()["budget"]["columns"].values()]
    known = [name for names in columns for name in names]
    near = []
    for line in range(min(len(sheet.lines), EDGE)):
        for number, cell in sheet.filled(line):
            close = difflib.get_close_matches(flat(cell.text), known, n=1, cutoff=NEAR) if len(cell.text) < EDGE else []
            if close:
                near.append((line, number, f"“{tidy(cell.text)}”（像“{close[0]}”）"))
    noted = Found(file, sheet)
    shown = f"；相近的有：{'、'.join(dict.fromkeys(text for _, _, text in near[:6]))}" if near else "，也没有相近的标题"
    message = f"没有认出自评表：找不到有{'、'.join(LOOKED_FOR)}等标题的一行{shown}"
    if near:
        noted.say("E651", message, near[0][0], near[0][1])
        return Document(file, "", 0.0, problems=tuple(noted.problems))
    return Document(file, "", 0.0, problems=(problem("E651", message, file=file, sheet=sheet.name),))
