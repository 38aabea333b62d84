"""The answer about one office's year, in the words that page, mail and index say alike.

The verdict in one sentence, the figures beside it, what must be proven; every count is that of
:attr:`~perfeval.model.results.Evaluation.tally`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import pandas as pd

from perfeval.model.results import DECLARED, OF_FULL, STRICT, Evaluation
from perfeval.model.ruleset import RuleSet
from perfeval.model.schema import MET, MISSED, PARTLY, UNDECIDED
from perfeval.model.tally import UNFILLED, Tally
from perfeval.model.values import MEASURED
from perfeval.model.verdicts import CLAIMED, EVALUATED, NOT_FILLED, OPEN, PARTLY_FILLED, WHY, verdict
from perfeval.present import labels
from perfeval.present.narrative import (
    NOISE,
    Clause,
    accounts,
    by_possible,
    comparable,
    out_of,
    rules,
    split,
    unmet_names,
)

NEARLY = 1
"""Points by which a recomputed total may differ from the printed one and still be 基本一致."""
FEW, LONGEST = 3, 24
"""Indicators that the sentence names, and how wide a name may be there (em): more are in the list below it."""
TONES = {MISSED: "miss", PARTLY: "miss"}
"""What marks a count of a verdict; 完成 is plain, all others are in doubt."""
UNSAID = "文件没有列出自评总分"
NO_TARGET, NUMBER, WORDS = "no target", "a number", "words"
"""What a row that nobody can verify lacks or has."""


def headline(result: Evaluation) -> str:
    """The answer in one sentence."""
    return "".join(clause.text for clause in headline_clauses(result))


def headline_clauses(result: Evaluation) -> tuple[Clause, ...]:
    """The answer in clauses, so that a page can mark what was missed.

    Money, then indicators, then the total, then what must be cleared up before that total is used.
    """
    held = result.tally
    counted = _counts(held, named(result))
    if result.state == NOT_FILLED:
        money = f"；{execution_clause(result)}。" if result.execution.rate is None else "。"
        return *counted, Clause(f"，只有目标值，未作评价{money}")
    grave = [Clause("；"), Clause(f"有{held.grave}处须核实", "miss")] if held.grave else []
    return (Clause(f"{execution_clause(result)}，"), *counted, *_score(result), *grave, Clause("。"))


def execution_clause(result: Evaluation) -> str:
    """Budget execution in a few words."""
    rate = result.execution.rate
    if rate is None:
        return "没有预算数据" if result.execution.items.empty else (result.execution.why or "执行率无法计算")
    of = result.execution.basis
    if abs(rate - 1) < NOISE:
        return f"预算全部执行（{of}）" if of else "预算全部执行"
    over = "超出预算" if rate > 1 else ""
    said = "，".join(filter(None, (of, over)))
    return f"预算执行率{labels.percent(rate)}{f'（{said}）' * bool(said)}"


def named(result: Evaluation) -> dict[str, list[str]]:
    """The indicators of 未完成 and of 部分完成 by name, where they are few enough for a sentence; else none."""
    if result.tally.unmet > FEW:
        return {}
    found = {status: unmet_names(result, status) for status in (MISSED, PARTLY)}
    return {status: [labels.shorten(name, LONGEST) for name in names] for status, names in found.items()}


def _counts(held: Tally, names: dict[str, list[str]]) -> list[Clause]:
    """``39项指标完成18项、未完成2项（甲、乙）、凭申报完成19项``"""
    words = held.words
    if not words:
        return [Clause("没有列出绩效指标")]
    if len(words) == 1:
        (word,) = words
        every = "仅有的1项指标" if held.rows == 1 else f"{held.rows}项指标{'' if word == UNFILLED else '全部'}"
        return [Clause(f"{every}{word}", _tone(word))]
    told = [Clause(f"{held.rows}项指标"), *([] if MET in words else [Clause(f"{MET}0项")])]
    for word, count in words.items():
        listed = f"（{'、'.join(names[word])}）" if names.get(word) else ""
        told += [Clause("、")] * (len(told) > 1) + [Clause(f"{word}{count}项{listed}", _tone(word))]
    return told


def _tone(word: str) -> str:
    return "" if word == MET else TONES.get(word, "doubt")


def told(held: Tally) -> str:
    """The counts in words: ``完成18项、未完成2项、凭申报完成19项``; 完成0项 where none is."""
    words = held.words if not held.filled or MET in held.words else {MET: 0, **held.words}
    return "、".join(f"{word}{count}项" for word, count in words.items()) if held.rows else "没有绩效指标"


# ---- the total


def called(ruleset: RuleSet) -> str:
    """What a rule set is called in a sentence for leaders: ``湖北省规定``, or by its title."""
    return labels.one_line(ruleset.called) if ruleset.called else f"“{rules(ruleset.title)}”规则"


def _score(result: Evaluation) -> list[Clause]:
    """The printed and the recomputed total, and how they stand to each other."""
    printed = result.narrative.declared_score
    own = UNSAID if printed is None else f"自评{labels.as_printed(printed)}分"
    impossible = [Clause(one.sentence, "miss") for one in result.account(OF_FULL)]
    begun = [Clause("；"), *(impossible or [Clause(own)])]
    if result.state != EVALUATED:
        return [*begun, Clause(f"，{WHY[result.state].partition('，')[2]}")]
    return [*begun, Clause(f"，{recomputed(result)}")]


def recomputed(result: Evaluation) -> str:
    """``按湖北省规定复算97.86分，与自评基本一致``; of an office that can be evaluated."""
    score = result.scores[DECLARED]
    notes = [f"{PARTLY_FILLED}，其中{score.awaited}项没有填完成值，按不得分计"] if score.awaited else []
    if score.undecided and not score.awaited:
        notes.append(f"无法判定的{result.tally.undecided}项按不得分计")
    if score.unscored:
        return (
            f"预算执行不计分，其余按{called(result.ruleset)}复算{labels.score(score.total)}分"
            f"（满分{labels.score(score.possible)}分）{_aside(notes)}"
        )
    if comparable(result) and not score.awaited:
        notes.insert(0, out_of(result))
    left = _aside(filter(None, notes))
    return f"按{called(result.ruleset)}复算{labels.score(score.total)}分{left}{agreement(result)}"


def _aside(notes: Iterable[str]) -> str:
    told = "，".join(notes)
    return f"（{told}）" if told else ""


def agreement(result: Evaluation) -> str:
    """How the recomputed total stands to the printed one; empty where there is none, or it cannot be."""
    printed, score = result.narrative.declared_score, result.scores[DECLARED]
    if printed is None or result.account(OF_FULL) or score.total is None:
        return ""
    if not comparable(result):
        return f"{'' if score.awaited else f'（所列分值{labels.score(score.possible)}分）'}，不能与自评比较"
    gap = Decimal(str(score.total)) - printed
    if not gap:
        return "，与自评一致"
    if abs(gap) < NEARLY:
        return "，与自评基本一致"
    return f"，比自评{'高' if gap > 0 else '低'}{labels.score(abs(gap))}分"


def score_clause(result: Evaluation) -> str:
    """Printed and recomputed total in a sentence of their own."""
    return "".join(clause.text for clause in _score(result)).lstrip("；") + "。"


def score_words(result: Evaluation) -> tuple[str, ...]:
    """How the total comes about, for leaders: its parts, whether the printed one can be followed, other rules in one
    sentence, and what is left where only data count."""
    if result.state != EVALUATED:
        return score_clause(result), *accounts(result)
    score = result.scores[DECLARED]
    grade = f"，复算等级为{score.grade}" if score.grade else "，不评等级"
    possible = f"（{out_of(result)}）" if out_of(result) else ""
    total = f"按{called(result.ruleset)}复算{labels.score(score.total)}分{possible}{grade}"
    whole = f"{total}：{split(score)}{_unscored(result)}。"
    return whole, *accounts(result), *filter(None, (other_rules(result), proven_only(result)))


def _unscored(result: Evaluation) -> str:
    return f"；{result.execution.why}，预算执行不计分" if result.scores[DECLARED].unscored else ""


def other_rules(result: Evaluation) -> str:
    """Between which totals all other rule sets lie, in one sentence; empty where there are none."""
    listed = result.alternatives[result.alternatives["ruleset"].ne(result.ruleset.name)]
    others = listed["declared"].dropna()
    if others.empty:
        return ""
    if len(result.same_points) < len(result.alternatives):
        return f"按其他{labels.several(len(others), '套')}规则复算，{by_possible(listed)}。"
    ends = float(others.min()), float(others.max())
    low, high = map(labels.score, ends)
    between = f"都是{low}分" if low == high else f"在{low}至{high}分之间"
    return f"按其他{labels.several(len(others), '套')}规则复算{between}{_beside(result, *ends)}。"


def _beside(result: Evaluation, low: float, high: float) -> str:
    """How the printed total stands to a range; empty where it cannot be compared."""
    printed = result.narrative.declared_score
    if printed is None or result.account(OF_FULL) or not comparable(result):
        return ""
    own = float(printed)
    if max(abs(own - low), abs(own - high)) < NEARLY:
        return f"，与自评{labels.as_printed(printed)}分基本一致"
    return f"，自评{labels.as_printed(printed)}分{'在此之内' if low <= own <= high else '不在此之内'}"


def proven_only(result: Evaluation) -> str:
    """The total where what rests on the office's word alone earns nothing; empty where nothing does."""
    strict, score = result.scores[STRICT].total, result.scores[DECLARED].total
    if strict is None or strict == score:
        return ""
    return f"只认有数据可核的、凭申报完成的不计分，得{labels.score(strict)}分。"


# ---- the figures to be seen first


def score_note(result: Evaluation, *, strict: bool = False) -> str:
    """What stands beside the recomputed total: the printed one and the grade or the strict total, or why there is none.

    >>> score_note(result)  # doctest: +SKIP
    '自评98分，复算等级优'
    """
    printed, score = result.narrative.declared_score, result.scores[DECLARED]
    own = "没有自评总分" if printed is None else f"自评{labels.as_printed(printed)}分"
    rest = f"复算等级{result.grade}" if result.grade else at_most(result)
    if strict:
        rest = f"严格口径{labels.points(result.scores[STRICT].total)}分"
    if score.unscored:
        rest = "预算执行不计分"
    if score.awaited:
        rest = ""
    if result.score is None:
        rest = WHY[result.state]
    return "，".join(filter(None, (own, out_of(result), rest)))


def at_most(result: Evaluation) -> str:
    """What the recomputed total can be at most, where that leaves its grade open; else empty."""
    score = result.scores[DECLARED]
    open_ = score.undecided and score.total is not None and not score.grade and not score.awaited
    return f"无法判定的都完成则最多{labels.score(score.most)}分" if open_ else ""


def execution_note(result: Evaluation) -> str:
    """What stands beside the rate of execution: the two amounts, or why there is no rate."""
    spent = result.execution
    if spent.rate is None:
        return spent.why
    of = result.execution.basis
    return f"{labels.money(spent.executed)} / {labels.money(spent.budget)} 万元{f'，{of}' * bool(of)}"


def met_of_all(result: Evaluation) -> str:
    """How many indicators are met, of how many: ``18 / 39``; ``—`` where nothing is filled in."""
    held = result.tally
    return f"{held.met} / {held.rows}" if held.rows and held.filled else labels.NONE


def met_note(result: Evaluation) -> str:
    """What stands beside it: what was not met and what nobody can tell, each with its number."""
    held = result.tally
    rest = {word: count for word, count in held.words.items() if word != MET}
    return "、".join(f"{word}{count}项" for word, count in rest.items()) or (
        "全部完成" if held.rows else "没有绩效指标"
    )


def unproven_of_all(result: Evaluation) -> str:
    """How many indicators lack evidence: ``19项``; ``—`` where nothing is filled in."""
    held = result.tally
    return f"{held.unproven}项" if held.rows and held.filled else labels.NONE


def unproven_note(result: Evaluation) -> str:
    """What stands beside it: of which kinds they are."""
    held = result.tally
    if not held.filled:
        return "填报后再看"
    return "、".join(f"{word}{held.words[word]}项" for word in OPEN if word in held.words)


# ---- what must be proven

ASKED = {
    (CLAIMED, NO_TARGET): "没有可比的目标值、按所报的完成计（{}），建议补目标值",
    (CLAIMED, NUMBER): "所报的数不能与目标比较、按所报的完成计（{}），建议核对目标值和完成值",
    (CLAIMED, WORDS): "只写已完成、未附数据（{}），建议补台账",
    (UNDECIDED, NO_TARGET): "没有可比的目标值（{}），建议补目标值",
    (UNDECIDED, NUMBER): "所报的数不能与目标比较（{}），建议核对目标值和完成值",
    (UNDECIDED, WORDS): "没有写结果或结果不能与目标比较（{}），建议补报结果和依据",
}
"""What is asked for, by what is not proven and what it lacks."""
NO_EVIDENCE = "E05"
"""The finding that no indicator names any evidence: its figures stand, and yet nobody can check them."""


def unproven(result: Evaluation) -> str:
    """What evidence is to be handed in later, in a sentence: ``须补证据19项：只写已完成……``."""
    held = result.tally
    if not held.rows:
        return "没有绩效指标。"
    if not held.filled:
        return f"{held.rows}项指标尚未填报，填报时一并附台账。"
    lacking = Counter(_lacking(result.indicators))
    if not lacking and NO_EVIDENCE in set(result.findings["code"]):
        return "各项完成与否都由所报的数算出；但全部指标都没有写佐证材料，建议补台账。"
    if not lacking:
        return "没有须补证据的指标，各项都有数据可核。"
    asked = [f"{lacking[one]}项{said.format(one[0])}" for one, said in ASKED.items() if one in lacking]
    return f"{'；'.join(asked)}。"


def _lacking(indicators: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Of each row that nobody can verify its verdict, and what it lacks."""
    for status, basis, read in zip(indicators["status"], indicators["basis"], indicators["reading"], strict=True):
        if (known := verdict(status, basis)) in OPEN:
            said = NUMBER if read.actual.kind in MEASURED else WORDS
            yield known, NO_TARGET if read.target.kind == "placeholder" else said


def listed(names: Sequence[str], most: int) -> str:
    """Names in a sentence, the first few: ``甲、乙、丙等19项``."""
    return labels.listing([labels.shorten(name, LONGEST) for name in names], most)
