"""What is said of a whole form once its blocks are read: its year, unit and total, and whether the total adds up."""

import re
from decimal import Decimal

from perfeval.ingest.forms.found import At, Found, Labelled
from perfeval.ingest.forms.vocabulary import flat

YEAR = re.compile(r"(20[0-9]{2})-?年?度")
YEAR_ONLY = re.compile(r"\(?(20[0-9]{2})年?\)?")
YEAR_BEFORE = re.compile(r"(20[0-9]{2})年?.{0,20}(?:自评|复核|绩效)")
CODE = re.compile(r"^[0-9]{3,}\s*[-－—]\s*")
NO_UNIT = re.compile("自评|绩效|评价|附件|附表|表[0-9一二三]|[:：]")
FULL = Decimal(100)
HEAD_LINES = 15


def year_of(found: Found, first: int, stop: int) -> int | None:
    """The year a form is of: 2022年度 near its title, or a label 年度; never a date of filling in."""
    head = range(first, min(stop, first + HEAD_LINES))
    texts = [(flat(cell.text), [(line, at)]) for line in head for at, cell in found.sheet.filled(line)]
    named = [(flat(entry.text), [entry.at, entry.label]) for entry in sorted(found.labels.get("year", []))]
    name: list[tuple[str, list[At]]] = [(flat(found.sheet.name), [])]
    for pattern, where in ((YEAR, texts), (YEAR_ONLY, named), (YEAR_BEFORE, texts), (YEAR, name)):
        for text, cells in where:
            match = pattern.fullmatch(text) if pattern is YEAR_ONLY else pattern.search(text)
            if match:
                for at in cells:
                    found.take(*at)
                return int(match[1])
    return None


def unit_of(found: Found, title: str) -> str:
    """The spending unit: by the best of the labels, else what stands before the year in the title."""
    named = found.labels.get("unit", [])
    if named:
        return CODE.sub("", chosen(found, min(named, key=lambda entry: entry.rank)))
    before = re.match(r"(.{2,30}?)[（(]?20[0-9]{2}\s*年", title)
    return before[1].strip() if before and not NO_UNIT.search(before[1]) else ""


def chosen(found: Found, entry: Labelled) -> str:
    """The text of a label that counts; the others of its kind are not used."""
    found.take(*entry.at)
    found.take(*entry.label, heading=entry.label != entry.at)
    return entry.text


def declared(found: Found) -> Decimal | None:
    """The total the form gives itself, as printed; two different totals are reported."""
    if not found.scores:
        return None
    values = {value for value, _, _ in found.scores}
    last, line, number = found.scores[-1]
    if len(values) > 1:
        shown = "、".join(f"{value}（{found.place(where, at)}）" for value, where, at in found.scores)
        found.say("W658", f"自评总分有几个不同的数：{shown}，取最后一个", line, number, last)
    return last


def check_totals(found: Found, score: Decimal | None) -> None:
    """Compare the printed total with the sum of all points given, and the sum of the weights with 100."""
    scores = _given(found, "declared_score")
    weights = _given(found, "weight")
    money = [row for row in found.budget if row["weight"] is not None]
    unknown = any(row["weight"] is not None and row["declared_score"] is None for row in found.budget)
    unknown = unknown or any(wrong.code == "W651" for wrong in found.problems)
    summed = bool(_given(found, "declared_score", budget=False)) and not unknown
    if score is not None and summed and sum(scores, Decimal(0)) != score:
        _, line, number = found.scores[-1]
        total = sum(scores, Decimal(0))
        found.say("W657", f"自评总分{score}，各项得分之和是{total}，相差{score - total}", line, number, score)
    if money and _given(found, "weight", budget=False) and sum(weights, Decimal(0)) != FULL:
        total = sum(weights, Decimal(0))
        line = found.scores[-1][1] if found.scores else int(str(money[0]["line"]))
        found.say("W656", f"分值合计{total}分（含预算执行{money[0]['weight']}分），应为100分", line, None, total)
    _check_weights(found, sum(weights, Decimal(0)))


def _check_weights(found: Found, total: Decimal) -> None:
    """Compare the printed sums of points, of the whole form or of its parts, with the points of its rows."""
    own = sum(_given(found, "weight", budget=False), Decimal(0))
    if not found.weights or not own:
        return
    fitting = [at for printed, *at in found.weights if printed in (total, own)]
    parts = sum((printed for printed, _, _ in found.weights), Decimal(0)) in (total, own)
    for line, number in fitting if fitting and not parts else [at[1:] for at in found.weights]:
        found.take(line, number)
    if not fitting and not parts and all(wrong.code != "W656" for wrong in found.problems):
        printed, line, number = found.weights[-1]
        found.say("W662", f"印出的分值合计是{printed}，各项分值之和是{total}", line, number, printed)


def _given(found: Found, name: str, *, budget: bool = True) -> list[Decimal]:
    """All points of a kind: of execution, of indicators, and of blocks that have a score of their own."""
    rows = [*(found.budget if budget else []), *found.indicators]
    values = [value for row in rows if isinstance(value := row[name], Decimal)]
    blocks = [block for block in found.blocks if block.score is not None] if budget else []
    own = [block.points if name == "weight" else block.score for block in blocks]
    return values + [value for value in own if value is not None]
