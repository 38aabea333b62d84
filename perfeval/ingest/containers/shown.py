"""A stored value and its number format → the text a reader of the spreadsheet sees, or a doubt.

What :mod:`~perfeval.ingest.containers.formatcode` understands is shown exactly as Excel and LibreOffice show it; of
anything else the stored number is used in full, and the doubt says so. Some things are written in a way of their own,
because they mean the same and are read more surely: dates without words as ISO (``11/16/23`` → ``2023-11-16``),
numerals of other scripts in dates as ordinary ones, numbers in scientific notation in full, a 0 before a point without
one (0.5 under ``.0``), and no point without decimals after it (13 under ``0.#``, in Excel ``13.``). Padding (``_)``,
``?``, ``*``) is left out.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from perfeval.ingest.containers.formatcode import (
    DATE,
    GENERAL_NUMBER,
    LITERAL,
    NUMBER,
    UNKNOWN,
    ZERO,
    Format,
    Piece,
    Section,
    parse,
)
from perfeval.ingest.containers.serials import CONTEXT, dated, moment_of, noted, rounded
from perfeval.ingest.document import Doubt
from perfeval.model.rounding import plain

LARGEST = 308
"""Power of ten of the largest number a spreadsheet holds."""
BARE_POINT = re.compile(r"(?<![0-9])\.(?=[0-9])")
GROUPS = re.compile(r"(?<=\d)(?=(?:\d{3})+$)")


@dataclass(frozen=True, slots=True)
class Shown:
    """A stored number as its format shows it."""

    text: str
    dated: bool = False
    """It is a date or time, and no number."""
    doubts: tuple[Doubt, ...] = ()


def exact(value: float | Decimal) -> Decimal:
    """The number a spreadsheet means: 15 significant digits, without what binary fractions add."""
    return Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)


def show(number: Decimal, number_format: str, since_1904: bool = False) -> Shown:
    """A stored number under a format, in the notation described above."""
    section, minus = section_for(number, parse(number_format))
    if section is None or section.kind == UNKNOWN:
        digits = plain(number)
        return Shown(digits, doubts=(("W603", f"数字格式“{number_format}”不会算，用存储的数{digits}"),))
    if section.kind == DATE:
        return _show_date(number, number_format, section, since_1904)
    if "exponent" in section.kinds:
        return Shown(plain(number))
    text = _number(number, section, minus) if section.kind == NUMBER else _full(number, section, minus)
    if text and (section.kind != LITERAL or not number):
        return Shown(text)
    what = f"显示为“{text}”" if text else "什么也不显示，作空白读入"
    return Shown(text, doubts=(("W620", f"存储的是{plain(number)}，按数字格式“{number_format}”{what}"),))


def _show_date(number: Decimal, number_format: str, section: Section, since_1904: bool) -> Shown:
    """A date or time; what has no date is its number, with a doubt."""
    moment = moment_of(number, section, since_1904)
    digits = plain(number)
    if moment is None:
        why = f"存储的数{digits}不是数字格式“{number_format}”能显示的日期或时间（显示为#####），用存储的数"
        return Shown(digits, doubts=(("W620", why),))
    if "odd" not in section.kinds:
        return Shown(noted(moment, section), dated=True)
    if not section.kinds >= {"y", "d"}:
        return Shown(digits, doubts=(("W603", f"数字格式“{number_format}”不会算，用存储的数{digits}"),))
    text = f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
    return Shown(text, True, (("W603", f"日期格式“{number_format}”不会算，存储的数{digits}读作{text}"),))


def show_text(text: str, number_format: str) -> Shown:
    """A text under a format: most show it as it is, some put words around it, some hide it."""
    section = parse(number_format).text
    if section is None or not text:
        return Shown(text)
    if section.kind in {UNKNOWN, NUMBER, DATE, GENERAL_NUMBER}:
        return Shown(text, doubts=(("W603", f"数字格式“{number_format}”怎样显示文字不会算，用存储的文字"),))
    shown = "".join(text if piece.kind == "text" else piece.text for piece in section.pieces)
    if "text" in section.kinds:
        return Shown(shown)
    hidden = " ".join(text.split())[:20]
    return Shown(shown, doubts=(("W620", f"存储的是“{hidden}”，按数字格式“{number_format}”显示为“{shown}”"),))


def as_shown(number: Decimal, number_format: str, since_1904: bool = False) -> str | None:
    """What the spreadsheet itself shows, padding aside; None where that is not known."""
    section, minus = section_for(number, parse(number_format))
    if section is None or section.kind == UNKNOWN:
        return None
    if section.kind == DATE:
        moment = moment_of(number, section, since_1904)
        return dated(moment, section) if moment else None
    return _number(number, section, minus) if section.kind == NUMBER else _full(number, section, minus)


def _full(number: Decimal, section: Section, minus: bool) -> str:
    """Fixed text, or a number in full with what stands around it."""
    shown = plain(number.copy_abs())
    if len(section.pieces) == 1 and section.kind == GENERAL_NUMBER:
        return f"-{shown}" if minus else shown
    body = "".join(shown if piece.kind == "general" else piece.text for piece in section.pieces).strip()
    return f"-{body}" if minus and section.kind == GENERAL_NUMBER else body


def _number(number: Decimal, section: Section, minus: bool) -> str:
    """A number by its placeholders; without a sign where it is shown as zero."""
    exponent, size = 0, number.copy_abs()
    left, right = section.left, section.right
    if "exponent" in section.kinds:
        exponent, power = _power(size, section)
        left, right = (tuple(power if p.kind == "exponent" else p for p in part) for part in (left, right))
    scale = exponent + section.scale
    scaled = rounded(size.scaleb(-scale, CONTEXT) if scale else size, section.decimals)
    whole, _, decimals = f"{scaled:f}".partition(".")
    before = _whole("" if whole == "0" else whole, left, section.grouped)
    behind = _decimals(decimals, right) if right else ""
    body = f"{before}{'.' if behind[:1].isdigit() else ''}{behind}".strip()
    if "." in body:
        body = BARE_POINT.sub("0.", body)
    return f"-{body}" if minus and scaled and body else body


def _power(number: Decimal, section: Section) -> tuple[int, Piece]:
    """The exponent of a number in scientific notation, and the piece that shows it."""
    exponent = number.adjusted() if number else 0
    exponent += rounded(number.scaleb(-exponent, CONTEXT), section.decimals) >= 10  # noqa: PLR2004  # 9.99 → 1.0E+01
    form = next(piece.text for piece in section.pieces if piece.kind == "exponent")
    sign = "-" if exponent < 0 else "+" if form[1] == "+" else ""
    return exponent, Piece("literal", f"E{sign}{abs(exponent):0{len(form) - 2}}")


def _whole(digits: str, pieces: tuple[Piece, ...], grouped: bool) -> str:
    """The digits before the point, from right to left over all placeholders; the first takes all that are left."""
    places = [at for at, piece in enumerate(pieces) if piece.kind == "digit"]
    if not places:
        return "".join([piece.text for piece in pieces]) + digits
    zero = next((order for order, at in enumerate(places) if pieces[at].text == "0"), len(places))
    digits = digits.zfill(len(places) - zero)
    filled = [piece.text for piece in pieces]
    for at in reversed(places[1:]):
        filled[at] = "" if grouped else digits[-1:]
        digits = digits if grouped else digits[:-1]
    filled[places[0]] = GROUPS.sub(",", digits) if grouped and len(digits) > 3 else digits  # noqa: PLR2004
    return "".join(filled)


def _decimals(digits: str, pieces: tuple[Piece, ...]) -> str:
    """The digits behind the point; zeros at the end are shown only where the format has zeros."""
    places = [at for at, piece in enumerate(pieces) if piece.kind == "digit"]
    shown = len(places)
    while shown and digits[shown - 1] == "0" and pieces[places[shown - 1]].text != "0":
        shown -= 1
    filled = [piece.text for piece in pieces]
    for order, at in enumerate(places):
        filled[at] = digits[order] if order < shown else ""
    return "".join(filled)


def section_for(number: Decimal, form: Format) -> tuple[Section | None, bool]:
    """The section that shows a number, and whether a minus sign is put before it; None where none or unclear."""
    sections = form.sections
    if number.adjusted() > LARGEST:
        return None, False
    if form.conditional:
        return _by_condition(number, sections)
    if number < 0 and len(sections) > 1:
        return sections[1], False
    if number == 0 and len(sections) > 2:  # noqa: PLR2004
        return sections[2], False
    return sections[0], number < 0


def _by_condition(number: Decimal, sections: tuple[Section, ...]) -> tuple[Section | None, bool]:
    """Sections with conditions: the first that holds; the last one, without a condition, takes the rest."""
    conditions = [section.condition for section in sections]
    if conditions[0] is None or (len(sections) > 2 and (conditions[1] is None or conditions[2] is not None)):  # noqa: PLR2004
        return None, False
    chosen = next((at for at, section in enumerate(sections) if section.holds(number)), -1)
    if chosen < 0:
        return None, False
    known = [condition for condition in conditions if condition]
    if number == 0 and chosen == 1 and known == [(">", ZERO)]:
        return None, False  # LibreOffice takes [>0]0;"—" for the usual two sections, Excel does not
    if number >= 0:
        return sections[chosen], False
    only_negative = _only_negative(chosen, known)
    return (None, False) if only_negative is None else (sections[chosen], not only_negative)


def _only_negative(chosen: int, conditions: list[tuple[str, Decimal]]) -> bool | None:
    """Whether a section takes only numbers below zero, and so writes its own sign; None where programs differ."""
    sign, limit = conditions[min(chosen, len(conditions) - 1)]
    if chosen < len(conditions):
        if sign in {"<", "<="} and limit <= 0:
            return True if limit == 0 else None
        return False if chosen == 0 and not (sign == "=" and limit < 0) else None
    return True if len(conditions) == 1 and sign in {">", ">="} and limit == 0 else None
