"""The grammar of targets and actuals: one cell's text to a :class:`Value`, and back.

``read`` never raises and never guesses: what has no certain meaning is ``text`` (words without a value) or ``unread``
(something that looks like a value, with the reason why it is not taken as one). The words are in ``words.toml``, the
units in ``units.toml``.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from perfeval.model import amounts, dates, phrases
from perfeval.model.amounts import Amount
from perfeval.model.folding import fold
from perfeval.model.rounding import plain

MEASURED = ("number", "range", "date")
"""Kinds that can be compared exactly."""
KINDS = (*MEASURED, "level", "word", "placeholder", "text", "unread")
"""number: an amount, exact or fuzzy, or a certain zero (无重大安全事故); range: two amounts; date: a date, period or
deadline; level: a degree of attainment (完成, 达成预期指标, 否); word: a word on a qualitative scale (良好, 显著提升);
placeholder: nothing was filled in (—, 无, **); text: words without a value; unread: a value that cannot be read."""

LONGEST = 2000
"""Characters beyond which a cell is not searched for values."""
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Value:
    """One cell as read."""

    raw: str
    """The text exactly as given."""
    kind: str
    """One of :data:`KINDS`."""
    operator: str = ""
    """Empty, ``>=``, ``>``, ``<=``, ``<`` or ``=``; a date with ``<=`` is a deadline (内, 底前), with ``<`` one
    that may be the beginning or the end of its month (6月前)."""
    low: Decimal | None = None
    """The number with 万 and 亿 multiplied in (1.6万人 → 16000 人, 15万元 → 150000 元); of a range its lower end.
    Percentages stay points (98 % → 98)."""
    high: Decimal | None = None
    """As ``low`` unless it is a range."""
    unit: str = ""
    """Normal spelling: ``人次``, ``%``, ``元/人·月``; ``名次`` for a rank."""
    fuzzy: str = ""
    """约, 余, 多 … as written; empty when exact."""
    word: str = ""
    """The qualitative word or level phrase without punctuation; beside a number what it is said to be (合格, 增长)."""
    level: str = ""
    """完成, 部分完成 or 未完成 where the words state a degree of attainment."""
    start: str = ""
    """Of a date or period the beginning: ``2023-07``, ``--10`` without a year."""
    end: str = ""
    """Its end, which is the deadline."""
    reason: str = ""
    """Why it is unread."""
    scale: Decimal = field(default=Decimal(1), compare=False)
    """How it was written, not what it says: what the written number was multiplied by, 10000 for 万."""
    lent: bool = field(default=False, compare=False)
    """Unit and scale are those of the unit column or the name; the cell itself has none."""
    lead: str = field(default="", compare=False)
    """What of a sentence stands before the amount: 全年共调解."""


@lru_cache(maxsize=16384)
def read(text: str, unit: str = "") -> Value:  # noqa: PLR0911 - one return a case
    """One cell's text as a value; ``unit`` is the unit column's text, used where the cell has no unit of its own."""
    folded = fold(text)
    if len(folded) > LONGEST:
        return Value(text, "unread", reason=f"文字超过{LONGEST}字，不作数值解读")
    if phrases.is_placeholder(folded):
        return Value(text, "placeholder", word=folded)
    if folded in phrases.SCALES_UNREAD:
        return Value(text, "unread", reason="填写的是评价尺度，不是具体的值")
    folded = phrases.checked_option(folded) or folded
    found = _words_first(text, folded)
    if found is not None:
        return found
    period = dates.period(folded) if amounts.may_be_date(folded, unit) else None
    if period is not None:
        operator = "<" if period.unclear else "<=" if period.by else ""
        return Value(text, "date", operator, start=period.start, end=period.end)
    amount = amounts.amount(folded, unit)
    if isinstance(amount, str):
        return Value(text, "unread", reason=amount)
    return _words_last(text, folded) if amount is None else _of_amount(text, amount)


def _words_first(text: str, folded: str) -> Value | None:
    """Words that are the whole cell, and mean a number or a verdict."""
    level = phrases.level_of(folded)
    if level:
        return Value(text, "level", word=phrases.folded_key(folded), level=level)
    if phrases.folded_key(folded) in phrases.WHOLE:
        hundred = Decimal(100)
        return Value(text, "number", low=hundred, high=hundred, unit="%", word=phrases.ALL)
    if phrases.nothing_happened(folded) and phrases.grade_of(folded) is None:
        return Value(text, "number", low=Decimal(0), high=Decimal(0), word=phrases.NOTHING)
    return None


def _of_amount(text: str, found: Amount | tuple[Amount, Amount]) -> Value:
    kind, (low, high) = ("number", (found, found)) if isinstance(found, Amount) else ("range", found)
    value = Value(
        text, kind, low.operator, low.number, high.number, low.unit, low.fuzzy, low.word, low.level,
        scale=high.scale, lent=low.lent, lead=low.lead,
    )  # fmt: skip
    if dates.period(normal(value)) is not None:
        return Value(text, "unread", reason="看不出是数量还是日期")
    return value


def _words_last(text: str, folded: str) -> Value:
    """A cell without any amount."""
    bare, notes = amounts.without_notes(folded)
    level = phrases.level_of(bare) if notes and bare and not phrases.qualified(notes) else ""
    if level:
        return Value(text, "level", word=phrases.folded_key(bare), level=level)
    operator, rest = ("=", folded[1:]) if folded.startswith("=") else ("", folded)
    if phrases.grade_of(rest) is not None:
        return Value(text, "word", operator, word=phrases.folded_key(rest))
    level, phrase = phrases.closing_level(folded)
    return Value(text, "text", word=phrase, level=level)


def normal(value: Value) -> str:
    """The normal form: ``≥95%``, ``约16000人``, ``2023年7月至2024年1月内``; reading it gives the value again."""
    if value.kind in ("number", "range"):
        return _normal_amount(value)
    if value.kind == "date":
        return dates.spelt(value.start, value.end) + {"<=": "内", "<": "前"}.get(value.operator, "")
    if value.kind in ("level", "word"):
        return value.operator + value.word
    return fold(value.raw)


def describe(value: Value) -> str:
    """Short Chinese text for people: ``≥95%``, ``16,000人（约）``, ``未读出：…``."""
    if value.kind in ("number", "range"):
        return _described_amount(value)
    if value.kind == "placeholder":
        return f"未填写（{value.word}）" if value.word else "未填写"
    if value.kind == "unread":
        return f"未读出：{value.reason}"
    if value.kind == "text":
        plain = " ".join(value.raw.split())
        return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"
    if value.kind == "date" and any(sign in fold(value.raw) for sign in "年月日季"):
        return fold(value.raw)  # 11月底前 is not 11月前
    return normal(value)


def amount_text(number: Decimal, unit: str = "") -> str:
    """An amount for people: ``16,000人``, ``15万元``, ``95.6%``; at most four decimals."""
    if unit.startswith("元") and abs(number) >= _MYRIAD:
        number, unit = number / _MYRIAD, f"万{unit}"
    cut_off = number.quantize(_SHOWN_TO)
    shown = number if number and not cut_off else cut_off  # a trace is not nothing
    return f"{f'{shown:,f}'.rstrip('0').rstrip('.')}{unit}"


_MYRIAD, _SHOWN_TO = Decimal(10**4), Decimal("0.0001")
_SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "=": "=", "": ""}


def _normal_amount(value: Value) -> str:
    if value.word == phrases.NOTHING or value.low is None or value.high is None:
        return value.word
    low, high = plain(value.low), plain(value.high)
    change = value.word in phrases.CHANGES
    tail = "" if change else value.word
    if value.kind == "range":
        bound = {">=": "以上", "<=": "以内"}.get(value.operator, "")
        return f"{value.word * change}{value.fuzzy}{low}-{high}{value.unit}{bound}{tail}"
    if value.unit == phrases.RANK and value.low == value.low.to_integral_value():  # nobody is 第2.5名
        return f"{'前' if value.operator else '第'}{low}名"
    before, inside, after = phrases.placed(value.fuzzy)
    head = f"{value.word * change}{_SIGNS[value.operator]}{before}"
    return f"{head}{low}{inside}{value.unit}{after}{tail}"


def _described_amount(value: Value) -> str:
    if value.word == phrases.NOTHING or value.low is None or value.high is None:
        return value.word
    change = value.word in phrases.CHANGES
    head = value.word * change + _SIGNS[value.operator]
    if value.unit == phrases.RANK:
        return f"{'前' if value.operator else '第'}{plain(value.low)}名"
    amount = amount_text(value.low, value.unit)
    if value.kind == "range":
        amount = f"{amount_text(value.low)}—{amount_text(value.high, value.unit)}"
        if value.unit.startswith("元"):
            amount = f"{amount_text(value.low, value.unit)}—{amount_text(value.high, value.unit)}"
    words = "" if change else f" {value.word}" if value.level else value.word
    return f"{head}{amount}{words}{f'（{value.fuzzy}）' * bool(value.fuzzy)}"


def short(value: Value) -> str:
    """A cell for a sentence, as it is written: what is beyond :data:`QUOTED` characters is left out."""
    return cut(fold(value.raw))


def cut(text: str) -> str:
    """The first :data:`QUOTED` characters of a text, and … where there are more."""
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"


QUOTED = 20
