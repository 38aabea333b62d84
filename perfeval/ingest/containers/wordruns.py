"""The text of a paragraph of a Word document: its runs with their marks, fields, equations, symbols and drawings.

Every element is looked up in :data:`HANDLERS`; one that is not there is named in a doubt.

Fields of a Word document: what they are from their instruction, and what is shown where they have no result.

Runs of text in their fonts, as spreadsheets store them → the text that counts, and what is to be said of it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from perfeval.ingest.containers.drawings import alternative, drawn, equation
from perfeval.ingest.containers.markedtext import (
    LOWERED,
    NOTE,
    PRIVATE,
    RAISED,
    STRUCK,
    UNKNOWN,
    Piece,
    in_font,
    joined,
    not_known,
    quoted,
    symbol,
)
from perfeval.ingest.containers.wordlooks import (
    CIRCLED,
    COMPUTED,
    GONE,
    INVISIBLE,
    LAYOUT,
    NOTHING,
    OFF,
    SEPARATORS,
    UNREAD,
    Look,
    Looks,
    child,
    has_text,
    local,
    mark_of,
    read_look,
    short,
    symbol_font,
    value,
)
from perfeval.ingest.containers.wordtables import Field, Line, finished
from perfeval.ingest.document import Doubt

_SILENT = """
    XE TC TA RD SET ASK PRIVATE ADVANCE COMMENTS BIDIOUTLINE AUTONUM AUTONUMLGL AUTONUMOUT LISTNUM BOOKMARK
    NEXT NEXTIF SKIPIF TOC INDEX HYPERLINK PAGE NUMPAGES FORMTEXT SECTION SECTIONPAGES CREATEDATE SAVEDATE
    PRINTDATE
"""
SILENT = frozenset(_SILENT.split())
"""Fields that show nothing, number a list or a page, or date the file: without a result nothing is missing."""
SWITCHED_OFF = {"0", "false", "off"}
SYMBOL = re.compile(r"SYMBOL\s+(?P<number>0x[0-9a-fA-F]{1,5}|[0-9]{1,6})(?:.*?\\f\s*\"?(?P<font>[^\"\\]+))?",
                    re.IGNORECASE)  # fmt: skip
CIRCLE = re.compile(r"EQ\s*\\o\s*\\ac\s*\(\s*[○◯〇O0]\s*[,，;；]\s*(?P<number>[0-9]{1,2})\s*\)", re.IGNORECASE)
"""How Word writes its circled characters: ``EQ \\o\\ac(○,3)`` shows ③."""
BUTTON = re.compile(r"(?:MACROBUTTON|GOTOBUTTON)\s+\S+\s*(?P<shown>.*)", re.IGNORECASE)


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


@dataclass
class Runs:
    """What holds for all paragraphs of a document, and what was met in them."""

    looks: Looks
    notes: Callable[[str, str], str]
    """The text of a note by its kind (``footnote``) and id."""
    deleted: int = 0
    placeholder: int = 0
    """How many controls around what is read show only their prompt."""
    _usual: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def read(self, paragraph: Element, about: Element | None, line: Line) -> None:
        """Add a paragraph, with its properties, to a line."""
        line.style = "" if about is None else value(child(about, "pStyle"))
        line.mark, line.font = self.usual_look(line.table, line.style)
        read = _through if short(paragraph.tag) == "p" else _handler(paragraph.tag)
        if self.placeholder:
            _prompt(self, paragraph, line, read)
        else:
            read(self, paragraph, line)

    def usual_look(self, table: str, style: str) -> tuple[str, str]:
        """Mark and symbol font of runs that say nothing of themselves."""
        if (table, style) not in self._usual:
            look = self.looks.of(table, style, NOTHING, "")
            self._usual[table, style] = mark_of(look, look), symbol_font(look)
        return self._usual[table, style]

    def look(self, properties: Element, line: Line) -> tuple[str, str]:
        """Mark and symbol font of a run with these properties."""
        own, named = read_look(properties), value(child(properties, "rStyle"))
        if own is NOTHING and not named:
            return self.usual_look(line.table, line.style)
        look = self.looks.of(line.table, line.style, own, named)
        usual: Look = self.looks.of(line.table, line.style, NOTHING, "")
        return mark_of(look, usual), symbol_font(look)


def _through(runs: Runs, element: Element, line: Line) -> None:
    for part in element:
        handler = _HANDLER.get(part.tag) or _handler(part.tag)
        handler(runs, part, line)


def _nothing(_runs: Runs, _element: Element, _line: Line) -> None:
    pass


def _gone(runs: Runs, _element: Element, _line: Line) -> None:
    runs.deleted += 1


def _unknown(_runs: Runs, element: Element, line: Line) -> None:
    """What is not in the list: its text is not read, and it is said where it stands."""
    name = short(element.tag)
    if name[:2] == "?:" and not has_text(element):
        return
    text = "".join(element.itertext())
    line.say(
        "W617", f"有不认识的内容（{name.removeprefix('?:')}），没有读取{'：' + quoted(text) if text.strip() else ''}"
    )


def _run(runs: Runs, element: Element, line: Line) -> None:
    mark, font = line.mark, line.font
    properties = next(iter(element), None)
    if properties is not None and short(properties.tag) == "rPr":
        line.mark, line.font = runs.look(properties, line)
    else:
        line.mark, line.font = runs.usual_look(line.table, line.style)
    _through(runs, element, line)
    line.mark, line.font = mark, font


def _text(_runs: Runs, element: Element, line: Line) -> None:
    text = element.text or ""
    if line.font or (not text.isascii() and PRIVATE.search(text)):
        text, unknown = in_font(text, line.font)
        if unknown:
            line.say(*not_known(line.font, unknown))
    line.put(text)


def _separator(_runs: Runs, element: Element, line: Line) -> None:
    line.put(SEPARATORS[short(element.tag)])


def _symbol(_runs: Runs, element: Element, line: Line) -> None:
    number, font = value(element, "char"), value(element, "font")
    shown = symbol(font, int(number, 16)) if 0 < len(number) < 6 and _is_hex(number) else ""  # noqa: PLR2004
    if not shown:
        line.say("W613", f"符号（字体{font}，编码{number}）认不出，以{UNKNOWN}代替")
    line.put(shown or UNKNOWN)


def _is_hex(text: str) -> bool:
    return all(letter in "0123456789abcdefABCDEF" for letter in text)


def _symbol_ex(_runs: Runs, element: Element, line: Line) -> None:
    number = value(element, "char")
    code = int(number, 16) if 0 < len(number) < 6 and _is_hex(number) else 0  # noqa: PLR2004
    shown = symbol("", code) or (chr(code) if code > 0xFFFF else "")  # noqa: PLR2004
    if not shown:
        line.say("W613", f"符号（编码{number}）认不出，以{UNKNOWN}代替")
    line.put(shown or UNKNOWN)


def _field_mark(_runs: Runs, element: Element, line: Line) -> None:
    """Begin, separate or end of a field; those of a field that began in another paragraph change nothing."""
    kind = value(element, "fldCharType")
    if kind == "begin":
        shown = not line.fields or (line.fields[-1].shown and line.fields[-1].result)
        stale = value(element, "dirty") not in {"", *OFF}
        line.fields.append(Field(child(element, "ffData"), shown, stale, len(line.pieces)))
    elif kind == "separate" and line.fields:
        line.fields[-1].result, line.fields[-1].at = True, len(line.pieces)
    elif kind == "end" and line.fields:
        _end(line.fields.pop(), line)


def _end(ended: Field, line: Line) -> None:
    """End a field; what is put or said in the instruction of another reaches nobody."""
    result = "".join(text for text, _ in line.pieces[ended.at :])
    if not result.strip() and not line.drawings:
        shown, doubt = unresulted(ended.instruction, ended.data)
        line.put(shown)
        if doubt:
            line.say("W614", doubt)
    elif ended.stale and any(map(str.isdecimal, result)):
        line.say("W614", f"域的结果{quoted(result)}已标明过期，打开文档时会重新计算")


def _instruction(_runs: Runs, element: Element, line: Line) -> None:
    if line.fields:
        line.fields[-1].instruction += element.text or ""


def _simple_field(runs: Runs, element: Element, line: Line) -> None:
    data, stale = child(element, "ffData"), value(element, "dirty") not in {"", *OFF}
    shown = not line.fields or (line.fields[-1].shown and line.fields[-1].result)
    opened = Field(data, shown, stale, len(line.pieces), value(element, "instr"), result=True)
    line.fields.append(opened)
    depth = len(line.fields)
    _through(runs, element, line)
    del line.fields[depth - 1 :]
    _end(opened, line)


def _control(runs: Runs, element: Element, line: Line) -> None:
    if is_prompt(element):
        _prompt(runs, element, line, _through)
    else:
        _through(runs, element, line)


def _prompt(runs: Runs, element: Element, line: Line, read: "Handler") -> None:
    """Name what stands in a control as its prompt; with digits in it somebody may mean it."""
    inner = Line(line.table, line.style, mark=line.mark, font=line.font)
    read(runs, element, inner)
    text = finished(inner)[0]
    if text.strip():
        doubtful = any(map(str.isdecimal, text))
        line.say("W617" if doubtful else "N610", f"控件里是提示文字{quoted(text)}，没有填写，没有读取")


def is_prompt(control: Element) -> bool:
    """Whether a content control shows its prompt (``单击此处输入文字``) for want of content."""
    shown = child(child(control, "sdtPr"), "showingPlcHdr")
    return shown is not None and value(shown) not in OFF


def _direction(runs: Runs, element: Element, line: Line) -> None:
    if value(element) == "rtl" and has_text(element):
        line.say("W617", f"文字方向由右到左，按存储的次序读取：{quoted(''.join(element.itertext()))}")
    _through(runs, element, line)


def _alternatives(runs: Runs, element: Element, line: Line) -> None:
    chosen, doubt = alternative(element)
    if doubt:
        line.say("W617", doubt)
    _through(runs, chosen, line)


def _drawing(_runs: Runs, element: Element, line: Line) -> None:
    found = drawn(element)
    line.boxes += found.boxes
    line.drawings += found.things
    line.inline = line.inline or (found.inline and bool(found.things))
    for doubt in found.doubts:
        line.say(*doubt)


def _note(runs: Runs, element: Element, line: Line) -> None:
    kind = short(element.tag).removesuffix("Reference")
    text = runs.notes(kind, value(element, "id"))
    name = "脚注" if kind == "footnote" else "尾注"
    line.say("N611", f"有{name}{quoted(text)}，不算正文" if text else f"有{name}，没有读取")
    if value(element, "customMarkFollows") not in {"", *OFF}:
        line.mark = NOTE


def _math(runs: Runs, element: Element, line: Line) -> None:
    """An equation; where it meets digits, its own digits are kept apart."""

    def run(part: Element) -> str:
        inner = Line(line.table, line.style)
        own = next((one for one in part if short(one.tag) == "rPr"), None)
        inner.mark, inner.font = runs.look(own, inner) if own is not None else runs.usual_look(inner.table, inner.style)
        _through(runs, part, inner)
        text, doubts = finished(inner)
        for doubt in doubts:
            line.say(*doubt)
        return text

    text = equation(element, run, line.say)
    before = line.pieces[-1][0] if line.pieces else ""
    if before[-1:].isdecimal() and text[:1].isdecimal() and "/" in text:
        line.say("W615", f"公式{quoted(text)}紧接在数字后面")
        text = f" {text}"
    mark, line.mark = line.mark, ""
    line.put(text)
    line.mark = mark


def _computed(_runs: Runs, element: Element, line: Line) -> None:
    line.say("W614", f"这里有打开文档时才算出的{COMPUTED[short(element.tag)]}，没有读取")


def _unread(_runs: Runs, element: Element, line: Line) -> None:
    line.say("W617", f"{UNREAD[short(element.tag)]}没有读取")


Handler = Callable[[Runs, Element, Line], None]
HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(INVISIBLE, _nothing),
    **dict.fromkeys(LAYOUT, _through),
    **dict.fromkeys(GONE, _gone),
    **dict.fromkeys(SEPARATORS, _separator),
    **dict.fromkeys(COMPUTED, _computed),
    **dict.fromkeys(UNREAD, _unread),
    "t": _text,
    "m:t": _text,
    "m:rPr": _nothing,
    "r": _run,
    "sym": _symbol,
    "symEx": _symbol_ex,
    "fldChar": _field_mark,
    "instrText": _instruction,
    "fldSimple": _simple_field,
    "sdt": _control,
    "dir": _direction,
    "bdo": _direction,
    "AlternateContent": _alternatives,
    "drawing": _drawing,
    "pict": _drawing,
    "object": _drawing,
    "footnoteReference": _note,
    "endnoteReference": _note,
    "m:oMath": _math,
}
"""What is done with each element inside a paragraph: the closed list."""

_HANDLER: dict[str, Handler] = {}
"""By full tag, as they are met."""


def _handler(tag: str) -> Handler:
    found = HANDLERS.get(short(tag), _unknown)
    if len(_HANDLER) < MOST_TAGS:
        _HANDLER[tag] = found
    return found


MOST_TAGS = 4096
"""Tags remembered: a damaged file may make up any number."""


@dataclass(frozen=True, slots=True)
class Font:
    """What of a font changes how its text is read."""

    struck: bool = False
    position: str = ""
    """:data:`~perfeval.ingest.containers.markedtext.RAISED`, ``LOWERED`` or empty."""
    name: str = ""
    """Of a symbol font; empty for every other."""


PLAIN = Font()


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one font; without a font it has that of its cell."""

    text: str
    font: Font | None = None


def run_text(runs: Iterable[Run], font: Font = PLAIN) -> tuple[str, tuple[Doubt, ...]]:
    """The text of runs as far as it counts, and what whoever uses it must be told; ``font`` is that of the cell.

    A text that is raised or lowered as a whole is only small.
    """
    pieces: list[Piece] = []
    doubts: list[Doubt] = []
    for run in runs:
        used = run.font or font
        if run.text:
            text, unknown = in_font(run.text, used.name)
            doubts += [not_known(used.name, unknown)] if unknown else []
            moved = used.position if used.position in (RAISED, LOWERED) and used.position != font.position else ""
            pieces.append((text, STRUCK if used.struck else moved))
    text, said = joined(pieces)
    return text, (*doubts, *said)
