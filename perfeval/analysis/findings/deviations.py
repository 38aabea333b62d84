"""D: missed and exceeded targets, their reasons and measures."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from perfeval.analysis.findings.context import Context, Hit, Row, blank, clauses, holds, joined, listed, pairs, quoted
from perfeval.analysis.findings.registry import check, words
from perfeval.model import phrases
from perfeval.model.folding import fold, key, one_of
from perfeval.model.rounding import per_cent, percent
from perfeval.model.schema import EQUAL, POSITIVE

FAR_ABOVE = 1.3
"""Attainment from which on a reason is asked for (Guangxi; Pidu's reviewers)."""
LEAST_MORE = 1
"""By how much the actual must pass the target besides: 3 events for 2 are no wonder."""
FULLY_SPENT, OVERSPENT = 0.995, 1.0
"""Execution rates between which money was spent to the end but not beyond."""
NAMED_SHARE = 0.25
"""Share of an indicator's pairs of characters a problem must hold to be about it."""
_CHANGES = ("增长", "下降", "增幅", "降幅", "提升率", "提高率", "减少率")
"""Names of changes: 7 % beside 5 % is two points more, not 140 %."""
_REASONS = words()["reasons"]
_NOTHING = re.compile(
    "(?:目前|本年度?|当前|总体上?|经自查)?(?:暂时?)?(?:无|没有|不存在|未见|未发现|没有发现|未发生|未出现)"
    "(?:明显|重大|突出|较大|其他|其它|任何|相关|存在|的){0,3}(?:问题|偏差|不足|困难)?(?:和不足|和困难)?"
)
"""A text that says that there is nothing to say: 暂无, 未发现明显问题."""
_AMOUNT = re.compile("[<>=≥≤]*[0-9][0-9.]*(?:[%‰]|[一-龥]{0,2}(?=$))?")
_RESTATED = re.compile(one_of([*_REASONS["restatements"], *_REASONS["empty"]]))


@check("D01")
def no_reason(context: Context) -> Iterator[Hit]:
    """Missed without a reason; in a form without a column for it, without one among the problems, said once."""
    missed = [row for row in context.rows if row.missed and blank(row.reason)]
    if context.has("indicators", "reason"):
        for row in missed:
            yield Hit(f"{_how(row)}，偏差原因栏为{f'{quoted(row.reason)}' if row.reason else '空'}", (row,))
        return
    texts = [text for _, text in context.texts]
    silent = tuple(row for row in missed if not _named(row, texts))
    if silent:
        facts = joined(f"{quoted(row.indicator)}{_how(row)}" for row in silent)
        yield Hit(f"没有写偏差原因，文字部分也没有写明这项指标：{facts}", silent)


@check("D02")
def restated(context: Context) -> Iterator[Hit]:
    """Missed with a reason that is none; once for all rows that have the same one."""
    for rows in _by_reason([row for row in context.rows if row.unfinished]):
        row = rows[0]
        parts = list(clauses(row.reason))
        admitted = holds(row.reason, _REASONS["admitted"])
        again = [part for part in parts if any(_restates(part, one) for one in rows)]
        how = _how(row) if len(rows) == 1 else joined(f"{quoted(one.indicator)}{_how(one)}" for one in rows)
        if parts and len(again) == len(parts):
            yield Hit(f"{how}，原因只写{quoted(row.reason)}", rows)
        elif admitted:
            yield Hit(f"{how}，原因一栏写明{quoted(admitted)}：{quoted(row.reason)}", rows)


@check("D03")
def shortage_denied(context: Context) -> Iterator[Hit]:
    """Money is said to be short where all of it was spent and no more."""
    rate = context.result.execution.rate
    if rate is None or not FULLY_SPENT <= rate <= OVERSPENT:
        return
    spent = f"整体预算执行率{per_cent(Decimal(str(rate)), 2)}%"
    about: set[str] = set()
    for rows in _by_reason(context.rows):
        word = holds(rows[0].reason, _REASONS["shortage"])
        if word:
            about = about.union(*(pairs(row.indicator) for row in rows))
            yield Hit(f"原因写{quoted(word)}，而{spent}，没有列出缺口", rows)
    for row in context.rows:
        word = holds(row.measure, _REASONS["shortage"])
        if word and not holds(row.reason, _REASONS["shortage"]):
            about |= pairs(row.indicator)
            yield Hit(f"措施写{quoted(word)}，而{spent}，没有列出缺口", (row,))
    for section, text in context.texts:
        word = holds(text, _REASONS["shortage"])
        if word and section == "存在问题" and not about & pairs(text):
            yield Hit(f"写有{quoted(word)}，而{spent}，没有列出缺口", where=f"文字部分 · {section}")


@check("D04")
def far_above(context: Context) -> Iterator[Hit]:
    """Far more than the target, without a word on it."""
    for row in context.rows:
        if row.attainment is None or row.attainment < FAR_ABOVE or row.reading.direction not in (POSITIVE, EQUAL):
            continue
        a, b = row.reading.a, row.reading.b
        if (
            row.reading.target.word in phrases.CHANGES
            or holds(row.indicator, _CHANGES)
            or a is None
            or b is None
            or b - a <= LEAST_MORE
        ):
            continue
        if blank(row.reason) and not holds(row.narrative, _REASONS["explains"]):
            yield Hit(
                f"目标{row.target or row.indicator}，完成{row.actual}，"
                f"为目标的{percent(Decimal(str(row.attainment)), 0)}，没有写原因",
                (row,),
            )


@check("D05")
def no_measure(context: Context) -> Iterator[Hit]:
    """A reason without a measure."""
    measures = context.result.narrative.measures
    if all(blank(row.measure) for row in context.rows):
        return  # most forms have one column for reason and measure
    for row in context.rows:
        if row.unfinished and not blank(row.reason) and blank(row.measure) and not _named(row, measures):
            if holds(row.reason, ("措施", "下一步", "将", "拟", "计划")):
                continue  # the measure stands with the reason
            yield Hit(f"{_how(row)}，写了原因，改进措施栏为空", (row,))


@check("D06")
def not_among_the_problems(context: Context) -> Iterator[Hit]:
    """Problems are listed, a missed indicator is not among them."""
    problems = [f"{issue.text}；{issue.cause}" for issue in context.result.narrative.problems]
    if not problems or all(_nothing(issue.text) for issue in context.result.narrative.problems):
        return
    for row in context.rows:
        if row.unfinished and not _named(row, problems):
            yield Hit(f"{_how(row)}，所列{len(problems)}条问题没有一条写明这项指标", (row,))


@check("D07")
def nothing_wrong(context: Context) -> Iterator[Hit]:
    """No problems, says the text; some targets were missed."""
    problems = context.result.narrative.problems
    missed = [row for row in context.rows if row.missed]
    if problems and missed and all(_nothing(issue.text) for issue in problems):
        named = listed(f"{quoted(row.indicator)}" for row in missed)
        yield Hit(
            f"存在问题写{quoted(problems[0].text)}，而{named}没有完成", tuple(missed), where="文字部分 · 存在问题"
        )


@check("D08")
def problems_without_measures(context: Context) -> Iterator[Hit]:
    """Problems without any measure."""
    told = context.result.narrative
    problems = [issue for issue in told.problems if not _nothing(issue.text)]
    measures = [measure for measure in told.measures if not _nothing(measure)]
    if problems and not measures and all(blank(row.measure) for row in context.rows):
        yield Hit(f"列了{len(problems)}条问题，没有一条改进措施", where="文字部分 · 改进措施")


def _by_reason(rows: Iterable[Row]) -> list[tuple[Row, ...]]:
    """The rows that have a reason, those with the same one together."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if not blank(row.reason):
            groups.setdefault(key(row.reason), []).append(row)
    return [tuple(group) for group in groups.values()]


def _how(row: Row) -> str:
    """``目标100%，完成30%``."""
    return f"目标{row.target or '空'}，完成{row.actual or '空'}（{row.status}）"


def _restates(clause: str, row: Row) -> bool:
    """Whether a clause, its names and numbers gone, only says that the target was missed."""
    rest = clause.replace(fold(row.indicator), "").replace(row.bare, "")
    rest = _AMOUNT.sub("", rest)
    known = {key(word) for word in _REASONS["restatements"]}
    if key(rest) in known or key(clause) in known:
        return True
    again = any(word in rest for word in known)
    bare = _RESTATED.sub("", key(rest))
    return again and set(bare) <= set(key(row.indicator))


def _named(row: Row, texts: tuple[str, ...] | list[str]) -> bool:
    """Whether one of the texts is about the indicator."""
    own = pairs(row.bare)
    return any(own and len(own & pairs(text)) / len(own) >= NAMED_SHARE for text in texts)


def _nothing(text: str) -> bool:
    return blank(text) or bool(_NOTHING.fullmatch(key(text)))
