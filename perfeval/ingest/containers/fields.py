"""Fields of a Word document: what they are from their instruction, and what is shown where they have no result."""

import re
from xml.etree.ElementTree import Element

from perfeval.ingest.containers.marks import quoted
from perfeval.ingest.containers.numbering import CIRCLED, child, local, value
from perfeval.ingest.containers.symbols import UNKNOWN, symbol

_SILENT = """
    XE TC TA RD SET ASK PRIVATE ADVANCE COMMENTS BIDIOUTLINE AUTONUM AUTONUMLGL AUTONUMOUT LISTNUM BOOKMARK
    NEXT NEXTIF SKIPIF TOC INDEX HYPERLINK PAGE NUMPAGES FORMTEXT SECTION SECTIONPAGES CREATEDATE SAVEDATE
    PRINTDATE
"""
SILENT = frozenset(_SILENT.split())
"""Fields that show nothing, number a list or a page, or date the file: without a result nothing is missing."""
SWITCHED_OFF = {"0", "false", "off"}
SYMBOL = re.compile(r"SYMBOL\s+(?P<number>0x[0-9a-fA-F]{1,5}|[0-9]{1,6})(?:.*?\\f\s*\"?(?P<font>[^\"\\]+))?",
                    re.IGNORECASE | re.DOTALL)  # fmt: skip
CIRCLE = re.compile(r"EQ\s*\\o\s*\\ac\s*\(\s*[○◯〇O0]\s*[,，;；]\s*(?P<number>[0-9]{1,2})\s*\)", re.IGNORECASE)
"""How Word writes its circled characters: ``EQ \\o\\ac(○,3)`` shows ③."""
BUTTON = re.compile(r"(?:MACROBUTTON|GOTOBUTTON)\s+\S+\s*(?P<shown>.*)", re.IGNORECASE | re.DOTALL)


def unresulted(instruction: str, data: Element | None) -> tuple[str, str]:
    """What a field without a result shows, and the doubt about it, if any; ``data`` is its ``w:ffData``."""
    said = " ".join(instruction.split())
    name = said.split(" ", 1)[0].upper()
    if data is not None and (form := _form(data)):
        return form, ""
    if name in SILENT:
        return "", ""
    if (circle := CIRCLE.fullmatch(said)) and 0 < int(circle["number"]) <= len(CIRCLED):
        return CIRCLED[int(circle["number"]) - 1], ""
    if button := BUTTON.match(said):
        return "", f"按钮或提示{quoted(button['shown'])}不算正文" if button["shown"].strip() else ""
    if found := SYMBOL.match(said):
        number = int(found["number"], 16 if found["number"][:2].lower() == "0x" else 10)
        shown = symbol((found["font"] or "").strip(), number)
        return shown or UNKNOWN, "" if shown else f"符号域{quoted(said)}的符号认不出"
    return "", f"域没有结果文字，看得见的内容没有读出（域代码{quoted(said)}）" if said else ""


def _form(data: Element) -> str:
    """What an old form field shows by its state: a box, or the chosen entry of a list."""
    box, drop = child(data, "checkBox"), child(data, "ddList")
    if box is not None:
        own = child(box, "checked")
        state = own if own is not None else child(box, "default")
        return "☑" if state is not None and value(state) not in SWITCHED_OFF else "☐"
    entries = [value(part) for part in drop if local(part) == "listEntry"] if drop is not None else []
    chosen = value(child(drop, "result")) or value(child(drop, "default")) or "0"
    at = int(chosen) if chosen.isdecimal() and len(chosen) < 4 else 0  # noqa: PLR2004
    return entries[at] if at < len(entries) else ""
