"""Which way is good: inferred from the target's operator, the indicator's name and the unit, with the reason."""

import re
from dataclasses import replace

from perfeval.model import names, phrases, units
from perfeval.model.folding import vocabulary
from perfeval.model.schema import DEADLINE, EQUAL, POSITIVE, QUALITATIVE, REVERSE
from perfeval.model.values import Value

GIVEN = "按行指定"
"""The reason where the row itself says its direction."""
_DIRECTION = vocabulary("words")["direction"]
_BY_OPERATOR = {">=": POSITIVE, ">": POSITIVE, "<=": REVERSE, "<": REVERSE, "=": EQUAL}
_SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "=": "="}
_TIMELY = "及时"
_DUE = re.compile("(?:[日月底年号]|时间|时限|期限|期)(?:之|以)?[前内]")
_DURATIONS = ("time", "span", "工作日")


def infer(indicator: str, target: Value, actual: Value, override: str = "") -> tuple[str, str]:
    """(direction, Chinese reason); direction is empty where nothing certain can be said."""
    if override:
        return override, GIVEN
    if target.kind in ("number", "range"):
        return _of_amount(indicator, target)
    if target.kind == "date":
        return DEADLINE, "目标是日期或期间"
    return _of_words(indicator, target, actual)


def _of_amount(indicator: str, target: Value) -> tuple[str, str]:  # noqa: PLR0911 - one return a case
    if target.unit == phrases.RANK:
        return REVERSE, "名次越靠前越好"
    if target.operator:
        return _BY_OPERATOR[target.operator], f"目标值带“{_SIGNS[target.operator]}”"
    if target.word == phrases.DOWN:
        return POSITIVE, "目标是下降幅度，降得越多越好"
    hint = names.hinted_operator(indicator)
    if hint:
        return _BY_OPERATOR[hint], f"指标名称提示“{_SIGNS[hint]}”"
    found = names.adverse(indicator)
    if target.low == 0 and not (found and not found.heads):
        return REVERSE, "目标为0，越少越好"
    if found and found.heads:
        return REVERSE, f"名称含“{found.noun}”，越少越好"
    return _of_measure(indicator, target, f"名称含“{found.noun}”，但说的是对它的防治或处理，越高越好" if found else "")


def _of_measure(indicator: str, target: Value, turned: str) -> tuple[str, str]:  # noqa: PLR0911 - one return a case
    """By what is measured: money, time, a share or a count."""
    dimension = units.dimension(target.unit)
    spent = not target.unit and (
        names.ends(indicator, _DIRECTION["cost"])
        or (names.has(indicator, _DIRECTION["spent"]) and not names.ends(indicator, _DIRECTION["counted"]))
    )
    if paid := _paid(indicator, target):
        return EQUAL, f"名称含“{paid}”，是要按标准发放的钱"
    if dimension == "money" or (spent and not names.has(indicator, _DIRECTION["income"])):
        income = names.has(indicator, _DIRECTION["income"])
        if income:
            return POSITIVE, f"名称含“{income}”，金额越多越好"
        cost = _costs(indicator)
        if not cost:
            return "", "金额类指标，名称看不出是成本还是收入，方向不明"
        return REVERSE, f"名称含“{cost}”，金额不超过目标为好"
    capped = names.has(indicator, _DIRECTION["capped"])
    if capped or (_costs(indicator) and names.has(indicator, _DIRECTION["cost_rate"])):
        return REVERSE, f"名称含“{capped or _costs(indicator)}”的控制类比率，越低越好"
    deadline = names.has(indicator, _DIRECTION["deadline"])
    if deadline and (dimension in _DURATIONS or not target.unit) and not names.is_rate(indicator):
        lasting = names.has(indicator, _DIRECTION["lasting"])
        if not lasting:
            return DEADLINE, f"名称含“{deadline}”，目标是时长或时点"
    return POSITIVE, turned or ("比率，越高越好" if dimension == "ratio" else "数量，越多越好")


def _paid(indicator: str, target: Value) -> str:
    """The word for money that is paid out at a rate (1600元/亩, 低保标准): less than the rate is no success."""
    rated = units.dimension(target.unit) == "money" and ("/" in target.unit or names.ends(indicator, ["标准"]))
    kept_low = names.has(indicator, _DIRECTION["kept_low"])
    return names.has(indicator, _DIRECTION["paid"]) if rated and not kept_low else ""


def _of_words(indicator: str, target: Value, actual: Value) -> tuple[str, str]:  # noqa: PLR0911 - one return a case
    found = names.adverse(indicator)
    grade = phrases.grade_of(target.word) if target.word else None
    if found and found.heads:
        return REVERSE, f"名称含“{found.noun}”，越少越好"
    if grade is not None and grade.family == _TIMELY:
        return DEADLINE, f"目标“{target.word}”是时限要求"
    rate = names.is_rate(indicator)
    deadline = names.has(indicator, _DIRECTION["deadline"])
    if deadline and not rate and target.kind in ("level", "text"):
        return DEADLINE, f"名称含“{deadline}”"
    if target.kind == "text" and _DUE.search(target.raw):
        return DEADLINE, "目标写的是期限"
    if rate and target.kind in ("level", "placeholder"):
        return POSITIVE, "名称是比率，越高越好"
    if target.kind in ("level", "word", "text"):
        return QUALITATIVE, "目标是文字，不是数值"
    if actual.kind in ("number", "range") and target.kind == "placeholder":
        return _of_amount(indicator, replace(actual, operator=""))
    if actual.kind in ("level", "word", "text") and target.kind == "placeholder":
        return QUALITATIVE, "未填目标，实际是文字"
    if target.kind == "unread" and phrases.is_scale(target.raw):
        return QUALITATIVE, "目标填写的是评价尺度"
    return "", "目标没有可读的值，方向不明"


def _costs(indicator: str) -> str:
    """The word for money spent in a name, looked for after those for income; empty where none."""
    if names.has(indicator, _DIRECTION["income"]):
        return ""
    return names.has(indicator, _DIRECTION["cost"])
