"""The words of official forms: what a heading, a level name or a sign stands for; they are in ``headings.toml``.

Which family of forms a table belongs to, by the marks in ``headings.toml``.

What a form prints to tell people what to write: never content, however it stands in a cell.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from perfeval.ingest.cells import NUMBER, half_width_text
from perfeval.ingest.document import Cell
from perfeval.ingest.forms.magnitude import UNCLEAR, magnitude
from perfeval.model import units
from perfeval.model.folding import half_width, legible

BLOCKS = ("indicators", "budget", "details", "points", "goals")
"""The blocks of a form that have a heading row of their own."""

LONGEST = 30
"""Characters of the longest heading; longer cells are text."""
BRACKETS = str.maketrans("【】〔〕[]{}", "()()()()")
GAPS = re.compile(r"\s+")
BRACKETED = re.compile(r"\([^()]*\)?")
NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,2}、|\([一二三四五六七八九十0-9]{1,2}\)|[0-9]{1,2}[.、](?![0-9]))"
)
UNITS = "亿元|千万元|百万元|十万元|万元|千元|百元|元"
YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
YEAR_BEFORE = re.compile(r"^(?:20[0-9]{2}(?:年度|年)?|本年度?|今年|当年)(?=.)")
CARRIED = re.compile("结转|结余")
UNIT_AFTER = re.compile(rf"(?<=..)[/:,]?(?:{UNITS})$")
LETTER_AFTER = re.compile(r"(?<=[一-鿿])(?:[A-Z](?:/[A-Z])?|[%*])$")
POINTS = re.compile(r"(?<![0-9.])([0-9]{1,3}(?:\.[0-9]{1,2})?)分(?![0-9]*人)|\(([0-9]{1,3}(?:\.[0-9]{1,2})?)\)")
MONEY_UNIT = re.compile(
    rf"(?:\(|单位[:为是/]?|[:,/]|(?<=[数额算金]))(?:单位[:/]?)?(?:人民币)?({UNITS})(?:\)|$|[,;、。])"
)
FACTORS = {
    "亿元": 4, "亿": 4, "千万元": 3, "百万元": 2, "十万元": 1, "万元": 0, "万": 0, "千元": -1, "百元": -2, "元": -4
}  # fmt: skip
"""Powers of ten from a money unit to 万元."""
MONEY = re.compile(rf"[¥￥]?\s*({NUMBER.pattern})\s*(亿元|亿|万元|万|千元|元)?")
GIVEN_POINTS = re.compile(rf"({NUMBER.pattern})\s*[分%]?")
AROUND, AFTER = r"[-+▲△(¥￥\s]*", r"[)\s]*"
"""What number formats put around a number: the sign belongs to the stored number."""
STORED_MONEY = re.compile(rf"{AROUND}{MONEY.pattern}{AFTER}")
STORED_POINTS = re.compile(rf"{AROUND}{GIVEN_POINTS.pattern}{AFTER}")
FIGURE = re.compile(rf"{AROUND}{NUMBER.pattern}[\s百千万亿元分%‰]*{AFTER}")
BREAK = re.compile(r"[^\S\n\r]*[\r\n]+\s*")
STARS = re.compile(r"^[★☆＊*]+")
ORDINAL = re.compile(r"^指标\s*([0-9]{1,2}|[一二三四五六七八九十]{1,2})?\s*[:：]\s*")
FILLER = re.compile(r"(?:指标|目标)?[0-9一二三四五六七八九十]{0,2}[:：.、]?[…．.·\s]*")
HUNDRED = Decimal(100)
DIGITS = 60
"""Significant digits of exact money: 15 before the point and 20 after it, and room for the change of unit."""


@cache
def words() -> dict[str, Any]:
    """``headings.toml`` as it stands."""
    text = resources.files(__package__).joinpath("headings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=65536)
def flat(text: str) -> str:
    """Half-width, round brackets, no space, line break or invisible character."""
    return GAPS.sub("", half_width(text)).translate(BRACKETS)


def without_brackets(text: str) -> str:
    """A text as :func:`flat`, without what is in brackets."""
    return BRACKETED.sub("", flat(text))


@lru_cache(maxsize=65536)
def keys(text: str) -> tuple[str, ...]:
    """What a heading is looked up by: as it stands, then without brackets, numbering, years, letters.

    Nothing where it is too long for a heading.
    """
    whole = flat(text).rstrip(":")
    bare = NUMBERING.sub("", whole)
    bare = BRACKETED.sub("", bare)
    bare = LETTER_AFTER.sub("", bare.rstrip(":").lstrip("★*"))
    if not bare or len(bare) > LONGEST:
        return ()
    dated = YEAR_BEFORE.sub("", bare)
    after = bare.rpartition(":")[2]
    unnamed = UNIT_AFTER.sub("", dated)
    return tuple(dict.fromkeys((whole, bare, dated, after, unnamed)))


@cache
def _columns(block: str) -> dict[str, tuple[str, int]]:
    """Heading → field and rank of preference."""
    table = words()[block]["columns"]
    return {name: (field, rank) for field in reversed(table) for rank, name in enumerate(table[field])}


@lru_cache(maxsize=65536)
def column(block: str, text: str) -> tuple[str, int] | None:
    """The field of a block that a heading names, and its rank among the synonyms; None for any other text."""
    return next((found for key in keys(text) if (found := _columns(block).get(key))), None)


def field_of(block: str, text: str) -> str:
    """The field that a heading of a block names; empty for any other text."""
    found = column(block, text)
    return found[0] if found else ""


@lru_cache(maxsize=4096)
def guess(block: str, text: str) -> tuple[str, int] | None:
    """The field an unlisted heading probably names, by the patterns; ranked behind every listed one."""
    bare = keys(text)[1:2] or keys(text)
    for rank, (named, pattern) in enumerate(words()[block]["patterns"].items(), start=1000):
        if bare and re.fullmatch(pattern, bare[0]):
            return named, rank
    return None


@cache
def _labels() -> dict[str, tuple[str, int]]:
    table = words()["labels"]
    return {name: (field, rank) for field in reversed(table) for rank, name in enumerate(table[field])}


@lru_cache(maxsize=65536)
def label(text: str) -> tuple[str, int] | None:
    """What stands beside a label such as 项目名称; None for any other text."""
    return next((found for key in keys(text) if (found := _labels().get(key))), None)


@lru_cache(maxsize=65536)
def is_form_word(text: str) -> bool:
    """Whether a cell is printed on the form as a heading or label of goals, and so never what stands in one."""
    return bool(label(text) or column("goals", text) or guess("goals", text)) or is_word("block", text)


@lru_cache(maxsize=4096)
def is_total_item(text: str) -> bool:
    """Whether a row of money is of all of it: 年度资金总额, 项目资金合计, 部门整体支出."""
    return (
        is_word("total_items", text)
        or re.fullmatch(words()["money"]["total"], BRACKETED.sub("", flat(text))) is not None
    )


@lru_cache(maxsize=65536)
def is_word(kind: str, text: str) -> bool:
    """Whether a cell is one of the ``[words]`` of a kind."""
    return any(key in words()["words"][kind] for key in (*keys(text), flat(text)))


@lru_cache(maxsize=4096)
def level(text: str) -> str:
    """A level name without points, brackets, numbering and 指标: ``产出指标（50分）`` → ``产出``."""
    bare = BRACKETED.sub("", NUMBERING.sub("", flat(text))).rstrip(":")
    bare = re.sub(r"[0-9.]+[分%]?$", "", bare)
    return re.sub(r"(?<=.)指标等?$", "", bare)


@lru_cache(maxsize=4096)
def category(name: str) -> str:
    """The category of a level name without 指标, or the empty string."""
    for found, names in words()["categories"].items():
        if name in names:
            return str(found)
    patterns = words()["categories_by_word"].items()
    return next((str(found) for found, pattern in patterns if re.search(pattern, name)), "") if name else ""


@lru_cache(maxsize=65536)
def is_level(text: str) -> bool:
    """Whether a cell is a level name: ``产出指标``, ``数量指标12分``, ``社会效益``."""
    return len(text) <= LONGEST and any(level(text) in names for names in words()["categories"].values())


@lru_cache(maxsize=4096)
def points(text: str) -> Decimal | None:
    """The points in a heading or level name: 50 in ``产出指标（50分）``, 20 in ``得分（20分*执行率）``."""
    found = POINTS.search(flat(text))
    return Decimal(found[1] or found[2]) if found else None


@lru_cache(maxsize=4096)
def heading_year(text: str) -> int | None:
    """The year of a heading: 2023 in ``2023年指标值``; of money carried over (2022年结转) it says nothing."""
    found = YEAR.search(flat(text))
    return int(found[0]) if found and not CARRIED.search(text) else None


OF_YEAR, OF_PERIOD, OF_OTHER_YEAR, OF_LAST = range(4)
"""How far what a heading names is from this year."""


@lru_cache(maxsize=4096)
def apart(heading: str, year: int) -> int:
    """How far a heading is from this year: of it, of a shorter or longer period, of another year, of the last alone."""
    said = words()["periods"]
    named = heading_year(heading)
    if CARRIED.search(heading):
        return OF_YEAR
    if named is not None:
        return OF_YEAR if named == year else OF_OTHER_YEAR
    if re.search(said["last"], flat(heading)):
        return OF_LAST
    return OF_PERIOD if re.search(said["other"], flat(heading)) else OF_YEAR


@lru_cache(maxsize=4096)
def is_period(text: str) -> bool:
    """Whether a text names a year or a period and nothing else: ``2022年``, 上年度, 中期."""
    said = words()["periods"]
    named = "|".join((f"{YEAR.pattern}年?度?", *said.values()))
    return re.fullmatch(f"(?:{named})(?:情况)?", flat(text)) is not None


@lru_cache(maxsize=4096)
def part_of_money(text: str) -> str:
    """Whether a text names :data:`ALL` of some money (总额, 合计), a :data:`PART` of it (财政拨款), or neither."""
    bare = re.sub("^其中:?", "", BRACKETED.sub("", flat(text)).rstrip(":"))
    said = words()["money"]
    return next((kind for kind in (ALL, PART) if re.fullmatch(said[kind], bare)), "")


ALL, PART = "whole", "part"


@lru_cache(maxsize=4096)
def is_unit_cell(text: str) -> bool:
    """Whether a cell holds a money unit, or that of points and rates, and nothing else: ``（元）``, ``万元``, 分, %."""
    return re.fullmatch(rf"\(?(?:单位:?)?(?:人民币)?(?:{UNITS}|分|%)\)?", flat(text)) is not None


@lru_cache(maxsize=4096)
def money_unit(text: str) -> str:
    """``万元``, ``元`` … in ``项目资金（万元）`` or ``单位：元``; empty where there is none."""
    found = MONEY_UNIT.search(flat(text))
    return found[1] if found else ""


@lru_cache(maxsize=4096)
def stated_unit(heading: str) -> str:
    """The unit in the brackets of a heading: 万人次 in ``年度指标值（万人次）``; letters and words are none."""
    found = re.search(r"\((?:单位:?)?([^()]{1,8})\)$", flat(heading))
    named = units.column(found[1]).unit if found and not re.search("[A-Z]", found[1]) else ""
    return found[1] if found and units.is_unit(named) else ""


@cache
def operators() -> dict[str, str]:
    """Sign or words of an operator column → the sign as it is printed before a value."""
    return {sign: shown for shown, signs in words()["operators"].items() for sign in signs}


@cache
def directions() -> dict[str, str]:
    """Words for a direction in that column → direction."""
    return {word: shown for shown, names in words()["directions"].items() for word in names}


def is_empty(text: str) -> bool:
    """Whether a cell holds nothing, or a placeholder such as ``—``."""
    return not text.strip() or flat(text) in words()["words"]["empty"]


def is_number(cell: Cell) -> bool:
    """Whether a cell is a plain number, of points or money or a share; a stored one may show signs and units."""
    if not cell.text:
        return False
    text = half_width_text(cell.text)
    return bool(GIVEN_POINTS.fullmatch(text)) or (cell.number is not None and bool(FIGURE.fullmatch(text)))


def read_amount(cell: Cell, unit: str) -> tuple[Decimal | None, str]:
    """An amount in 万元 from a cell under a heading in ``unit``, and why there is none; placeholders give neither.

    Of a cell with a stored number the amount is that number: its sign, and all its places, which the text may hide. The
    text says in which scale it is meant, for the unit belongs to what people see: 10000000 under ``0\\.0000`` is shown
    as 1000.0000 in a column of 万元 and is 1000 万元, 12345 under ``0.0,"千元"`` is 12.345 千元, -900 shown as (900) is
    -900, and a 0 shown as a dash is 0.
    """
    if is_empty(cell.text):
        return _zero(cell), ""
    found = (MONEY if cell.number is None else STORED_MONEY).fullmatch(half_width_text(cell.text))
    if not found:
        return None, "不是金额" if cell.number is None else f"不是金额（存储的是{cell.number:f}）"
    own = found.groups()[-1]
    amount, why = _meant(cell, found[1])
    if amount is None:
        return None, why
    with localcontext() as context:
        context.prec = DIGITS
        power = FACTORS[own or unit or "万元"]
        scaled = amount.scaleb(power)
        return (Decimal(f"{scaled.normalize():f}") if power else scaled), ""


def read_score(cell: Cell) -> tuple[Decimal | None, str]:
    """Points from a cell (``10``, ``10分``, ``10%``), and why there are none; placeholders give neither.

    A stored number counts with all its places in the scale that is shown, as with money: 0.1049 under ``0%`` is 10.49.
    """
    if is_empty(cell.text):
        return _zero(cell), ""
    text = half_width_text(cell.text)
    found = (GIVEN_POINTS if cell.number is None else STORED_POINTS).fullmatch(text)
    worth, why = _meant(cell, found[1]) if found else (None, "不是分数")
    if worth is not None and worth > HUNDRED and text.endswith("%"):
        return None, f"显示为{text}，超过100%，看不出是多少分"  # 18 typed under a percent format
    return worth, why


def _zero(cell: Cell) -> Decimal | None:
    """A stored 0 that its format shows as a dash is 0, and not a placeholder; shown as nothing it is nothing."""
    return Decimal(0) if cell.number == 0 and cell.text.strip() else None


def _meant(cell: Cell, digits: str) -> tuple[Decimal | None, str]:
    """The number of a cell whose text has ``digits``: as typed, or the stored one in the scale that is shown."""
    if cell.number is None:
        return Decimal(digits.replace(",", "")), ""
    found = magnitude(cell)
    return (None, UNCLEAR.format(cell.text, f"{cell.number:f}")) if found is None else (found.exact, "")


def tidy(text: str) -> str:
    """The text of a cell on one line: breaks inside Chinese text are only layout."""
    whole = legible(text).strip()
    return BREAK.sub(_join, whole) if "\n" in whole or "\r" in whole else whole


def _join(found: re.Match[str]) -> str:
    around = found.string[found.start() - 1 : found.start()] + found.string[found.end() : found.end() + 1]
    return " " if around.isascii() and around.isalnum() else ""


@dataclass(frozen=True, slots=True)
class Name:
    """An indicator's name and what stood before it."""

    text: str
    """Empty for fillers."""
    marks: tuple[str, ...] = ()


def indicator_name(text: str) -> Name:
    """``★指标1：新建道路`` → 新建道路 with the marks ★ and 指标1; fillers such as ``指标2：`` and ``……`` → no name."""
    rest, marks = tidy(text), []
    while True:
        star, ordinal = STARS.match(rest), ORDINAL.match(rest)
        if star:
            marks.append(star[0])
            rest = rest[star.end() :].lstrip()
        elif ordinal:
            marks.append(half_width_text(ordinal[0]).rstrip(": "))
            rest = rest[ordinal.end() :].lstrip()
        else:
            break
    filler = FILLER.fullmatch(rest) or is_empty(rest)
    return Name("" if filler else rest, tuple(marks))


def target_text(operator: str, value: str, unit: str) -> tuple[str, str]:
    """The target as it would be printed from its three columns, and a direction that the first one names.

    ``≥``, ``735``, ``人次`` → ``≥735人次``; ``=``, ``5``, ``个`` → ``=5个``; ``定性``, ``优`` → ``优``.
    """
    sign = operators().get(flat(operator), "")
    direction = directions().get(flat(operator), "")
    suffix = "%" if flat(unit) in ("百分比", "%", "百分比(%)") else "‰" if flat(unit) == "千分比" else unit
    if is_empty(value):
        return value, direction
    shown = flat(value)
    if is_empty(suffix) or not shown[-1].isdigit() or not re.search(r"[0-9]", shown):
        suffix = ""
    if shown[:1] in "≥≤≧≦>=<﹦═" or any(shown.startswith(word) for word in operators()):
        sign = ""
    return f"{sign}{value}{suffix}", direction


OTHER = "其他格式"
"""A form whose headings are understood, but that is of no listed family."""
ENOUGH = 0.5
"""Share of a family's marks from which a form is said to be of it."""
LONGEST_MARK = 40


def family(texts: Iterable[str]) -> tuple[str, float]:
    """The family whose marks are found in the largest share among the cells of a form, and that share (0…1).

    Of families with equal shares the one with more marks is meant: its marks say more.
    """
    cells = "\n".join(dict.fromkeys(flat(text) for text in texts if text.strip() and len(text) <= LONGEST_MARK))
    shares = [
        (sum(bool(mark.search(cells)) for mark in marks) / len(marks), len(marks), name) for name, marks in _families()
    ]
    share, _, name = max(shares)
    return (name, share) if share >= ENOUGH else (OTHER, share)


@cache
def _families() -> list[tuple[str, list[re.Pattern[str]]]]:
    return [
        (entry["name"], [re.compile(rf"^(?:{mark})$", re.MULTILINE) for mark in entry["marks"]])
        for entry in words()["families"]
    ]


OPEN, CLOSE = "[（(【［\\[〔]", "[）)】］\\]〕]"
LENGTH = r"(?:不超过|不少于|限|约|控制在)?\s*[0-9０-９]{2,4}\s*个?汉?字(?:以内|之内|以下|以上|左右|内)?"
ASKED = r"(?:填写|填报|填列|填入|填|说明|描述|概述|简述|选择|列明|列出|列示|输入|注明|勾选|补充|分析|阐述)"
"""What a hint asks for."""
BEGINS = (
    r"(?:请(?![示求假教愿])|此处|此栏|本栏|必填|选填|可另?附页|可加行|可续行|填写|填报|填列|简要|简述|概述|逐条"
    r"|(?:说明|描述|反映|列明)(?![:：])|例如|如[:：]|例[:：])"
)
BRACKET = rf"{OPEN}(?:[^（()）]*{LENGTH}[^（()）]*|{BEGINS}[^（()）]*){CLOSE}"
LED = rf"(?:{BEGINS}|总结|介绍|围绕|对照|结合|从)[^。；;（(]{{0,40}}{OPEN}[^（()）]*{LENGTH}[^（()）]*{CLOSE}"
"""``说明相关任务目标的完成情况（100字以内）``."""
WHOLE = re.compile(
    rf"{BRACKET}[。.]?"
    rf"|{LED}"
    rf"|{OPEN}(?:(?![已见附另了])[^（()）。；;:：]){{0,40}}{ASKED}[^（()）。；;:：0-9不了过]{{0,12}}{CLOSE}"
    rf"|(?:根据|参照|按照?|对照|结合|依据|围绕|从)(?:(?![已了])[^。；;]){{2,40}}(?:填写|填报|填列|(?:概述|简述|逐[条项]说明)[^。；;0-9不了]{{0,12}})"
    r"|(?:填写|填报)[^。；;，,0-9不]{0,14}(?:情况|内容|名称|目标|全称|数据|原因|措施|问题)"
    r"|(?:例|例如|如|示例|举例|样例)[:：].{1,60}"
    r"|[0-9０-９]{2,4}字(?:以内|左右)|[*＊]?(?:必填|选填)项?|简要说明"
    rf"|请(?![示求假教愿])[^。]{{0,20}}{ASKED}.{{0,60}}"
    r"|(?:单击|点击|单击或点击)(?:此处|这里)?.{0,20}|选择一项[。.]?"
    rf"|(?:此处|此栏|本栏|在此处?)[^。]{{0,10}}(?:{ASKED}|添加|由).{{0,60}}"
    r"|(?:填写|填报|填表|编写)(?:说明|要求|提示|示例)\s*(?:[:：].*)?"
    r"|[“”\"'‘’]?[_＿xX×ＸｘX╳*…\s]*[_＿xX×Ｘｘ╳]{2,}[_＿xX×Ｘｘ╳*…\s]*[“”\"'‘’]?",
    re.DOTALL,
)
"""A cell that is nothing but a hint or a blank to be filled in."""
FIRST = re.compile(rf"\s*(?:{LED}|{OPEN}[^（()）]*{LENGTH}[^（()）]*{CLOSE})\s*[:：。]?\s*")
LAST = re.compile(rf"\s*{OPEN}[^（()）]*{LENGTH}[^（()）]*{CLOSE}\s*[。.]?\s*$")


def without_hints(text: str) -> tuple[str, tuple[str, ...]]:
    """What was written into a cell, and the hints that stand there with it or in its place."""
    rest = text.strip()
    if not rest or WHOLE.fullmatch(rest):
        return "", (rest,) if rest else ()
    dropped = []
    for pattern in (FIRST, LAST):
        found = pattern.match(rest) if pattern is FIRST else pattern.search(rest)
        if found:
            dropped.append(found[0].strip())
            rest = (rest[: found.start()] + rest[found.end() :]).strip()
    return rest, tuple(dropped)
