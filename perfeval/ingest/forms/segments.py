"""Where one form ends and the next begins: several projects on a sheet or a page."""

import re
from collections.abc import Iterator

from perfeval.ingest.forms.layout import Sheet, heading_block
from perfeval.ingest.forms.vocabulary import column, flat, is_number, label

TITLE = re.compile(r".*(?:自评|复核|评价|绩效目标)(?:情况)?(?:申报)?(?:表|报告|结果)(?!的)")
"""A line that names a form: ``2022年度项目支出绩效自评表``."""
ABOVE = re.compile(
    r"=*(?:附件?|附表|表)[0-9一二三四五六七八九十]*[:：]?.{0,20}|\(?20[0-9]{2}年?度?\)?|(?:金额)?单位:.*|=+表[0-9].*"
)
"""Lines that may stand over a form and belong to it."""
LONGEST_TITLE = 60
SUMMARY = 2
"""So many further headings beside 项目名称 make it the heading of a list of projects."""


def segments(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """(first line, line after the last) of each form on a sheet; one that covers it all where nothing repeats."""
    starts = [0]
    named = tabled = False
    for line in range(len(sheet.lines)):
        if is_project(sheet, line):
            if named:
                starts.append(_upwards(sheet, line, starts[-1]))
                tabled = False
            named = True
        elif is_title(sheet, line):
            if tabled:
                starts.append(_upwards(sheet, line, starts[-1]))
                named = tabled = False
        elif not tabled and heading_block(sheet, line) == "indicators":
            tabled = True
    starts = sorted(set(starts))
    yield from zip(starts, [*starts[1:], len(sheet.lines)], strict=True)


def is_project(sheet: Sheet, line: int) -> bool:
    """Whether 项目名称 stands here as a label with a value, not as the heading of a list."""
    cells = sheet.filled(line)
    for order, (_, cell) in enumerate(cells[:3]):
        found = label(cell.text) or label(re.split("[:：]", cell.text)[0])
        if found and found[0] == "project":
            others = [after for _, after in cells[order + 1 :] if column("indicators", after.text)]
            return len(others) < SUMMARY
    return False


def is_title(sheet: Sheet, line: int) -> bool:
    """Whether a line is the title over a form."""
    cells = sheet.filled(line)
    return (
        bool(cells)
        and len(cells[0][1].text) <= LONGEST_TITLE
        and bool(
            TITLE.fullmatch(re.sub(r"\(.*", "", flat(cells[0][1].text)))
            and not any(is_number(cell) for _, cell in cells)
        )
    )


def _upwards(sheet: Sheet, line: int, floor: int) -> int:
    """The first line of a form from its 项目名称 or title: with the titles and blank lines above it."""
    first = line
    for above in range(line - 1, floor, -1):
        cells = sheet.filled(above)
        if not cells:
            continue
        if is_title(sheet, above) or ABOVE.fullmatch(flat(cells[0][1].text)):
            first = above
        else:
            break
    return first
