"""Amounts that are bounds or only about so much: what they leave open when they are compared.

92%以上 may be anything from there on, 50余万元 is between 50 and 60, 近500人 a little less than 500, and 约1500户 is
neither met nor missed by 1,498.
"""

import re
from decimal import Decimal

from perfeval.model.folding import fold, vocabulary
from perfeval.model.schema import DEADLINE, REVERSE
from perfeval.model.values import Value, amount_text, describe

_MORE, _LESS = (frozenset(vocabulary("words")["fuzzy"][way]) for way in ("more", "less"))
_SIGN = re.compile("[<>≤≥]")


def left_open(target: Value, actual: Value, a: Decimal, b: Decimal, direction: str) -> str:
    """Why target ``a`` and actual ``b``, in one unit, leave it open whether it is met; empty where they do not."""
    return (
        _loosely(target, a, b, direction)
        or _only_a_bound(target, actual, a, b, direction)
        or _about(target, actual, a, b)
    )


def _about(target: Value, actual: Value, a: Decimal, b: Decimal) -> str:
    """Why an actual that is only about so much (95%左右) decides nothing beside a target as near as that."""
    if not actual.fuzzy or actual.fuzzy in (*_MORE, *_LESS) or actual.kind != "number" or target.fuzzy:
        return ""
    if abs(a - b) >= _step(actual, b) / 2:
        return ""
    return f"实际{describe(actual)}是约数，与目标{describe(target)}接近，看不出是否达到"


def _only_a_bound(target: Value, actual: Value, a: Decimal, b: Decimal, direction: str) -> str:
    """Why an actual that is a bound (92%以上, 50余万元, 近500人) decides nothing; empty where it does.

    A sign (≥), and words that the target has too, were copied with the form and say nothing.
    """
    least = b if actual.operator[:1] == ">" or actual.fuzzy in _MORE else None
    most = b if actual.operator[:1] == "<" or actual.fuzzy in _LESS else None
    said, wanted = (_SIGN.search(fold(value.raw)) is not None for value in (actual, target))
    copied = said or (actual.operator == target.operator and not wanted)
    operator = actual.operator if actual.operator != "=" and not copied else ""
    if actual.kind != "number" or not (operator or actual.fuzzy in (*_MORE, *_LESS)):
        return ""
    step = None if operator else _step(actual, b)
    if least is not None:
        open_ = b < a if direction not in (REVERSE, DEADLINE) else b <= a
        surely = step is not None and b + step <= a
    elif most is not None:
        open_ = b >= a if direction not in (REVERSE, DEADLINE) else b > a
        surely = step is not None and b - step / 2 >= a
    else:
        return ""
    if not open_ or surely:
        return ""
    return f"实际“{fold(actual.raw)}”只是界限，看不出是否达到目标{describe(target)}"


def _loosely(target: Value, a: Decimal, b: Decimal, direction: str) -> str:
    """Why a target that is only about so much (约1500户, 5万元左右) is neither met nor missed just below it."""
    if not target.fuzzy or target.kind != "number" or target.fuzzy in _MORE:
        return ""
    short = b - a if direction in (REVERSE, DEADLINE) else a - b
    if not 0 < short <= _step(target, a) / 2:
        return ""
    return f"目标{describe(target)}是约数，实际{amount_text(b, target.unit)}与之接近，没有确定的达标界限"


def _step(value: Value, number: Decimal) -> Decimal:
    """One of the last digit that stands before zeros, in the unit of ``number``: 100 of 1500, 1000 of 1.6万."""
    if not value.low:
        return number  # which is 0 as well
    last = int((value.low / value.scale).normalize().as_tuple().exponent)
    return number / value.low * value.scale * Decimal(1).scaleb(last)
