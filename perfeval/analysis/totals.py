"""Totals: the account by which a printed total, or the sum of printed weights, comes about.

A total is explained by the first account that closes, from what is printed to what has to be assumed; the assumption
is in the sentence. Only where none closes does a total differ; where rows, scores or points are missing that it may
rest on, nobody can say. Every sentence about a printed total on any page is made here, once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from perfeval.analysis.allotment import FULL
from perfeval.analysis.printed import MOST_AT_ONCE, ROOMS, SCORE, Form, apart, by_goal, form, rest
from perfeval.model.results import AGREES, DIFFERS, OF_FULL, OF_TOTAL, OF_WEIGHTS, UNCHECKED, Account, Evaluation
from perfeval.model.rounding import half_up, percent, plain

EXECUTIONS = (Decimal(10), Decimal(20))
"""The points execution may have where a document prints none (财预〔2020〕10号; Hubei: 20)."""
LEAST_LISTED = ROOMS[-1]
"""A document whose printed points add up to less shows only part of a form."""
LEFT_OUT = "没有计入预算执行"


@dataclass(frozen=True, slots=True)
class _Sum:
    """A way in which a total may have come about."""

    words: str
    value: Decimal
    assumed: str = ""
    """What the document does not say, or what is peculiar."""
    exact: bool = False
    """Closes only without rounding: an account that leaves something out must not close by accident."""
    rest: Decimal = Decimal(0)
    """What rounding the scores before adding may have lost."""
    coarser: bool = False
    """The account before it with execution rounded further."""
    omits: bool = False
    """It leaves out a score that is printed."""


def accounts(result: Evaluation) -> tuple[Account, ...]:
    """What can be said of the printed total and of the printed weights; nothing printed, nothing said."""
    document = form(result)
    goals = by_goal(result, document)
    goals = goals if len(goals) > 1 else ()
    printed = result.narrative.declared_score
    weights = _weights(document, goals)
    if printed is None:
        return weights
    most = FULL * len(goals) if apart(document, goals) else FULL
    over = f"自评总分{plain(printed)}分超过满分{plain(most)}分，不可能成立"
    above = (Account(OF_FULL, DIFFERS, over, printed, most),) if printed > most else ()
    return (*above, _total(document, goals, printed), *weights)


# ---- the total


def _total(document: Form, goals: tuple[Form, ...], printed: Decimal) -> Account:
    sums = list(_sums(document, goals))
    for one in sums:
        said = _closing(one, printed)
        if said:
            return Account(OF_TOTAL, AGREES, said, printed, one.value, omits=one.omits)
    open_ = _goal_unknown(document, goals, printed) or _unchecked(document, printed)
    if open_:
        return Account(OF_TOTAL, UNCHECKED, open_, printed)
    least = _least(document)
    known = _Sum(f"已列出的得分合计{plain(least)}分", least)
    fine = [one for one in sums if not one.coarser]
    nearest = min(fine, key=lambda one: abs(one.value - printed), default=known)
    gap = printed - nearest.value
    value = "" if _plainly(nearest) else f"＝{plain(half_up(nearest.value, 2))}分"
    shown = plain(half_up(abs(gap), 2) or abs(gap))
    way = f"{nearest.words}{value}{_bracketed(nearest)}"
    said = f"自评得分{plain(printed)}分，{way}，自评{'高' if gap > 0 else '低'}{shown}分"
    return Account(OF_TOTAL, DIFFERS, said, printed, nearest.value)


def _closing(one: _Sum, printed: Decimal) -> str:
    """The sentence of an account that comes to the printed total; empty where it does not."""
    told = f"{one.words}{_bracketed(one)}"
    if one.value == printed:
        return f"自评得分{plain(printed)}分＝{told}"
    if one.exact:
        return ""
    value = "" if _plainly(one) else f"＝{plain(half_up(one.value, 4))}分"
    if half_up(one.value, _places(printed)) == printed:
        return f"自评得分{plain(printed)}分，{one.words}{value}{_bracketed(one)}，四舍五入后相符"
    gap = abs(one.value - printed)
    if gap <= one.rest:
        return (
            f"自评得分{plain(printed)}分，{one.words}{value}{_bracketed(one)}，"
            f"相差{plain(gap)}分，是各项得分先四舍五入再相加的尾差"
        )
    return ""


def _plainly(one: _Sum) -> bool:
    """Whether its words are one figure and need no sum."""
    return "＋" not in one.words and one.words.endswith("分")


def _bracketed(one: _Sum) -> str:
    return f"（{one.assumed}）" if one.assumed else ""


def _places(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _sums(document: Form, goals: tuple[Form, ...]) -> Iterator[_Sum]:
    """The accounts, from literal to assumed."""
    literal = list(_indicators(document))
    for one in literal:
        yield from _as_printed(document, one)
    for one in literal:
        yield from _with_execution_assumed(document, one)
    yield from _over_goals(document, goals)
    yield from _converted(document)


def _indicators(document: Form) -> Iterator[_Sum]:
    """What the indicators have earned as printed: by rows, else by whole parts of the document."""
    scored = [line.score for line in document.lines if line.score is not None]
    without = [line for line in document.lines if line.score is None]
    if scored and all(line.weight is None for line in without):
        value = sum(scored, Decimal(0))
        notes = [_typed(document)] if _typed(document) else []
        notes += [f"另{len(without)}项没有分值和得分"] if without else []
        exact = bool(without)
        yield _Sum(f"指标得分{plain(value)}分", value, "；".join(notes), exact=exact, rest=rest(scored))
    for value, words in document.by_parts(SCORE):
        yield _Sum(words, value)


def _typed(document: Form) -> str:
    """That each weight was typed as a score out of 100 (25 of 25 becomes 25 × 25 ÷ 100); empty where it was not."""
    pairs = [(line.weight, line.score) for line in document.lines]
    full = [(weight, score) for weight, score in pairs if weight and score is not None]
    if len(full) < 2 or len(full) < len(pairs):  # noqa: PLR2004 - one row alone proves nothing
        return ""
    alike = all(weight < FULL and half_up(weight * weight / FULL, 2) == half_up(score, 2) for weight, score in full)
    return "每项得分都是分值×分值÷100，疑把分值当作百分制得分填写" if alike else ""


def _as_printed(document: Form, rows: _Sum) -> Iterator[_Sum]:
    """With the score printed for execution; then the indicators alone."""
    score, points = document.execution_score, document.execution_weight
    if score is not None:
        words = f"{rows.words}＋预算执行得分{plain(score)}分"
        yield replace(rows, words=words, value=rows.value + score)
    if score:
        yield replace(rows, words=f"{rows.words}，漏加预算执行得分{plain(score)}分", exact=True, omits=True)
    elif points or (document.weights is not None and FULL - document.weights >= 1):
        full = f"，满分{plain(document.weights)}分" if document.weights is not None else ""
        yield replace(rows, assumed="；".join(filter(None, [rows.assumed, LEFT_OUT + full])), exact=True)
    elif score is None:
        yield rows


def _with_execution_assumed(document: Form, rows: _Sum) -> Iterator[_Sum]:
    """With execution points × rate where the document gives execution no score."""
    if document.execution_score is not None or document.rate is None or rows.exact:
        return
    broken = rows.value != rows.value.to_integral_value()
    for points, how in _execution_points(document, rows.value):
        earned = points * document.rate
        note = f"文件未列执行得分，{how}{plain(points)}分×执行率{percent(document.rate)}"
        assumed = "；".join(filter(None, [rows.assumed, note]))
        guessed = document.execution_weight is None and document.weights is None
        for places in (2, 1):
            score = half_up(earned, places)
            words = f"{rows.words}＋预算执行{plain(score)}分"
            one = replace(rows, words=words, value=rows.value + score, assumed=assumed, exact=guessed and broken)
            yield replace(one, coarser=places < 2)  # noqa: PLR2004 - scores have two decimals at most


def _execution_points(document: Form, earned: Decimal) -> list[tuple[Decimal, str]]:
    """The points execution can have: as printed, what the weights leave of 100, else 10 or 20."""
    if document.execution_weight is not None:
        return [(document.execution_weight, "按分值")]
    if document.weights is not None:
        left = FULL - document.weights
        return [(left, "按余下的")] if left in EXECUTIONS else []
    return [(points, "按") for points in EXECUTIONS if earned + points <= FULL]


def _over_goals(document: Form, goals: tuple[Form, ...]) -> Iterator[_Sum]:
    """The mean of goals that are each a form of 100 points, plain or weighted by money or points."""
    if not apart(document, goals):
        return
    earned = [_of_goal(goal) for goal in goals]
    if any(value is None for value in earned):
        return
    values = [value for value in earned if value is not None]
    shown = "、".join(f"{goal.label}{plain(half_up(value, 2))}分" for goal, value in zip(goals, values, strict=True))
    count = Decimal(len(goals))
    yield _Sum(f"{len(goals)}个目标得分的平均", sum(values, Decimal(0)) / count, shown)
    for weights, what in (([goal.money for goal in goals], "预算数"), ([goal.weights for goal in goals], "分值")):
        mean = _weighted(values, weights)
        if mean is not None:
            yield _Sum(f"{len(goals)}个目标得分按{what}加权", mean, shown)


def _weighted(values: list[Decimal], weights: list[Decimal | None]) -> Decimal | None:
    """The weighted mean; None where a weight is missing or nothing."""
    known = [weight for weight in weights if weight]
    whole = sum(known, Decimal(0))
    if len(known) < len(weights) or not whole:
        return None
    return sum((value * weight for value, weight in zip(values, known, strict=True)), Decimal(0)) / whole


def _of_goal(goal: Form) -> Decimal | None:
    """What a goal's own form comes to: as printed, else with what its weights leave for execution."""
    if goal.scores is None:
        return None
    if goal.execution_score is not None:
        return goal.scores + goal.execution_score
    points = goal.execution_weight
    if points is None and goal.weights is not None and FULL - goal.weights in EXECUTIONS:
        points = FULL - goal.weights
    if not points:
        return goal.scores
    return None if goal.rate is None else goal.scores + half_up(points * goal.rate, 2)


def _converted(document: Form) -> Iterator[_Sum]:
    """Scores out of 100 each (单项得分), taken by their weights."""
    pairs = [(line.weight, line.score) for line in document.lines]
    full = [(weight, score) for weight, score in pairs if weight and score is not None]
    hundreds = full and len(full) == len(pairs) and all(score <= FULL for _, score in full)
    if not hundreds or not any(score > weight for weight, score in full):
        return
    value = sum((weight * score / FULL for weight, score in full), Decimal(0))
    rows = _Sum(f"指标得分{plain(half_up(value, 4))}分", value, "单项得分是百分制，按分值折算")
    points, score = document.execution_weight, document.execution_score
    if score is not None and points and score > points:
        score = score * points / FULL
    if score is not None:
        yield replace(rows, words=f"{rows.words}＋预算执行得分{plain(score)}分", value=value + score)
    else:
        yield from _as_printed(document, rows)
        yield from _with_execution_assumed(document, rows)


# ---- totals nobody can check


def _goal_unknown(document: Form, goals: tuple[Form, ...], printed: Decimal) -> str:
    """That one of goals with 100 points each has earned nobody knows how much: the total may be their mean."""
    if not apart(document, goals) or all(_of_goal(goal) is not None for goal in goals):
        return ""
    return f"{len(goals)}个目标各自计满100分，有的没有列全得分或执行率，自评得分{plain(printed)}分无法核对"


def _unchecked(document: Form, printed: Decimal) -> str:
    """Why a total that no account gives cannot be checked; empty where it can."""
    told = f"自评得分{plain(printed)}分无法核对"
    if not document.lines:
        return f"没有列出指标的分值和得分，{told}"
    least = _least(document)
    if least > printed:
        return ""  # what is missing can only add to it
    by_rows = all(line.score is not None for line in document.lines)
    if not by_rows and not any(document.by_parts(SCORE)):
        return f"{_without_score(document)}，{told}"
    listed = document.listed
    if listed is not None and _in_part(document, listed):
        open_ = FULL - listed + (Decimal(0) if document.execution_score is not None else document.execution_weight or 0)
        if printed - least <= open_:
            return f"只列出{plain(listed)}分的项目，{told}"
    unknown = document.execution_score is None and document.rate is None
    if unknown and printed - least <= max((points for points, _ in _execution_points(document, least)), default=0):
        return f"指标得分{plain(least)}分，预算执行的得分和执行率都没有列出，{told}"
    return ""


def _without_score(document: Form) -> str:
    """How many rows have no score."""
    missing = sum(line.score is None for line in document.lines)
    if missing < len(document.lines):
        return f"{len(document.lines)}项指标中{missing}项没有得分"
    bare = "分值和得分" if all(line.weight is None for line in document.lines) else "得分"
    return f"{missing}项指标都没有{bare}"


def _least(document: Form) -> Decimal:
    """What the printed scores add up to at least."""
    scores = [line.score for line in document.lines if line.score is not None]
    return sum(scores, document.execution_score or Decimal(0))


def _in_part(document: Form, listed: Decimal) -> bool:
    """Whether the document prints the points of only part of a form."""
    return listed < LEAST_LISTED or (document.execution_weight is not None and listed < FULL)


# ---- weights


def _weights(document: Form, goals: tuple[Form, ...]) -> tuple[Account, ...]:
    if document.weights is None:
        return _beyond(document, several=len(goals) > 1)
    if not apart(document, goals):
        return (_weighed(document),)
    each = [(goal, _weighed(goal)) for goal in goals if goal.weights is not None]
    wrong = [
        replace(one, sentence=f"{goal.label}：{one.sentence}", goal=goal.goal)
        for goal, one in each
        if one.state != AGREES
    ]
    if wrong:
        return tuple(wrong)
    whole = sum((goal.listed or Decimal(0) for goal, _ in each), Decimal(0))
    said = f"分值合计{plain(whole)}分，{len(each)}个目标各自计满100分"
    return (Account(OF_WEIGHTS, AGREES, said, whole, FULL * len(each)),)


def _beyond(document: Form, *, several: bool) -> tuple[Account, ...]:
    """That the points of some rows alone are more than 100, where others print none."""
    listed = sum((line.weight for line in document.lines if line.weight is not None), Decimal(0))
    execution = document.execution_weight or Decimal(0)
    if listed + execution <= FULL or (several and listed > MOST_AT_ONCE):  # each goal may have 100 of its own
        return ()
    more = f"＋预算执行{plain(execution)}分＝{plain(listed + execution)}分" if execution else ""
    without = sum(line.weight is None for line in document.lines)
    said = f"已列出的指标分值{plain(listed)}分{more}，已超过100分，另有{without}项没有分值"
    return (Account(OF_WEIGHTS, DIFFERS, said, listed + execution, FULL),)


def _weighed(one: Form) -> Account:
    """Whether the points of a form leave a whole of 100."""
    weights, execution = one.weights or Decimal(0), one.execution_weight
    whole = weights + (execution or Decimal(0))
    both = f"指标分值{plain(weights)}分＋预算执行{plain(execution or Decimal(0))}分"
    if execution is not None and whole == FULL:
        return Account(OF_WEIGHTS, AGREES, f"分值合计100分＝{both}", whole, FULL)
    if execution is None and whole in ROOMS:
        left = "" if whole == FULL else f"，余下的{plain(FULL - whole)}分属预算执行（文件未列）"
        return Account(OF_WEIGHTS, AGREES, f"指标分值合计{plain(whole)}分{left}", whole, whole)
    near = _rounded(one, whole)
    if near:
        said = f"指标分值合计{plain(weights)}分" if execution is None else f"{both}＝{plain(whole)}分"
        off = plain(abs(whole - near))
        return Account(OF_WEIGHTS, AGREES, f"{said}，与{plain(near)}分差{off}分，是分值舍入的尾差", whole, near)
    if whole < LEAST_LISTED:
        parts = f"（{both}）" if execution is not None else ""
        said = f"只列出{plain(whole)}分的项目{parts}，满分100分的其余{plain(FULL - whole)}分没有列出"
        return Account(OF_WEIGHTS, UNCHECKED, said, whole, FULL)
    if execution is not None:
        return Account(OF_WEIGHTS, DIFFERS, f"{both}＝{plain(whole)}分，应为100分", whole, FULL)
    said = f"{len(one.lines)}项指标分值合计{plain(whole)}分，应为100、90或80分"
    return Account(OF_WEIGHTS, DIFFERS, said, whole, min(ROOMS, key=lambda room: (abs(room - whole), -room)))


def _rounded(one: Form, whole: Decimal) -> Decimal | None:
    """What points add up to but for the rest of rounding each; None where they are further off."""
    most = rest([line.weight for line in one.lines if line.weight is not None])
    rooms = ROOMS if one.execution_weight is None else (FULL,)
    return next((room for room in rooms if abs(room - whole) <= most), None)
