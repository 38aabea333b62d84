"""Numbers before names: taken off only where one follows another, so that 12345热线 and 1+N制度 keep their digits."""

import re
from collections.abc import Sequence

from perfeval.ingest.forms.found import Found

STYLES = (
    re.compile(r"([0-9]{1,2})\s*[.．](?!\s*$)\s*"),
    re.compile(r"([0-9]{1,2})\s*、\s*"),
    re.compile(r"[（(]\s*([0-9]{1,2})\s*[）)]\s*[、.]?\s*"),
    re.compile(r"([①-⑳])\s*[、.]?\s*"),
)


def numbered(names: Sequence[str]) -> dict[int, str]:
    """The numbers before names that follow one another (1. 2. 3., again from 1 in a next group), by place.

    What looks like a number is one only beside another: 1 before 2, or one more than the last. Where every name goes on
    with a digit (1.5米宽道路, 2.5米宽道路) they are no numbers.
    """
    found: dict[int, str] = {}
    for style in STYLES:
        heads = [
            (at, match) for at, name in enumerate(names) if (match := style.match(name)) and match.end() < len(name)
        ]
        values = [_value(match[1]) for _, match in heads]
        if len(heads) <= 1 or all(names[at][match.end()].isdigit() for at, match in heads):
            continue
        follows = [value == values[order - 1] + 1 if order else False for order, value in enumerate(values)]
        counted = any(follows[order] and values[order - 1] == 1 for order in range(1, len(values)))
        if counted and all(value == 1 or after for value, after in zip(values, follows, strict=True)):
            found |= {at: match[0] for at, match in heads}
    return found


def _value(digits: str) -> int:
    return int(digits) if digits.isdecimal() else ord(digits) - ord("①") + 1


def without_numbers(found: Found, first: int, line: int) -> None:
    """Take the numbers off the names of a block, where they count its rows; they stay in the source."""
    rows = [] if found.verbatim else found.indicators[first:]
    numbers = numbered([str(row["indicator"]) for row in rows])
    for at, number in numbers.items():
        rows[at]["indicator"] = str(rows[at]["indicator"])[len(number) :].strip()
        rows[at]["source"] = f"{number.strip()}；{rows[at]['source']}"
    if numbers:
        shown = "、".join(number.strip() for number in numbers.values())
        message = f"{len(numbers)}条指标名称前的编号（{shown}）没有作为名称的一部分"
        found.say("N668", message, line)
