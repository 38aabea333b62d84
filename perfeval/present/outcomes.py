"""The sentences on what was met and what was not: overall, goal by goal, and for each indicator; plain Chinese text."""

from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.model import asked, tally
from perfeval.model.columns import records
from perfeval.model.folding import fold
from perfeval.model.phrases import is_placeholder
from perfeval.model.results import Evaluation
from perfeval.model.rounding import plain
from perfeval.model.schema import MISSED, PARTLY
from perfeval.model.verdicts import ALL_UNDECIDED, NOT_FILLED, WHY
from perfeval.present import answer, labels
from perfeval.present.narrative import none, sentence, withheld


def completion(result: Evaluation) -> str:
    """How many are met, missed, unproven; the bounds of the rate; the mean attainment of the rows that have one."""
    held, overall = result.tally, records(result.completion.overall)[0]
    if not held.rows:
        return none("绩效指标")
    if result.state == NOT_FILLED:
        return f"{held.rows}项指标{WHY[NOT_FILLED]}。"
    low, high = overall["low"], overall["high"]
    bounds = f"为{labels.percent(low)}" if low == high else f"在{labels.percent(low)}至{labels.percent(high)}之间"
    sentence = f"{held.rows}项指标中，{answer.told(held)}，完成率{bounds}"
    if not overall["computed"]:
        return f"{sentence}；没有一项能由目标值和实际值算出完成程度。"
    return f"{sentence}；能算出完成程度的{overall['computed']}项平均为{labels.percent(overall['attainment'])}。"


def met(result: Evaluation) -> tuple[str, ...]:
    """Which goals are met in full as data show, which as the office says, and which in part."""
    goals = records(result.completion.by_goal)
    if not goals:
        return (none("绩效指标"),)
    if result.state == NOT_FILLED:
        return ()
    held = [(row, tally.counted(row)) for row in goals]
    listed = [one for row, one in held if not labels.missing(row["goal_no"]) or not labels.missing(row["goal"])]
    full = [one for one in listed if one.met == one.rows]
    claimed = [one for one in listed if one.declared and one.met + one.declared == one.rows]
    first = f"{len(listed)}个年度目标中，" + (
        f"{len(full)}个目标的指标全部完成" if full else "没有一个目标的指标全部完成"
    )
    if claimed:
        first += f"，{len(claimed)}个目标的指标全部完成或凭申报完成"
    if not listed:
        first = "文件没有列出年度目标"
    rest = [
        f"{labels.goal(row['goal_no'], row['goal'])}：{one.rows}项指标，{answer.told(one)}。"
        for row, one in held
        if one.met + one.declared != one.rows
    ]
    return (f"{first}。", *rest)


def unmet(result: Evaluation) -> tuple[str, ...]:
    """What was not met: target, actual, attainment, points lost, cause and measure of each."""
    rows, held = records(result.unmet), result.tally
    if result.state in (NOT_FILLED, ALL_UNDECIDED):
        return (withheld(result),)
    if not rows:
        doubt = f"{held.unproven}项须补证据，是否完成不能确认"
        return (f"没有查明未完成的指标；{doubt}。",) if held.unproven else ("没有未完成的指标。",)
    words = "、".join(f"{word}{held.words[word]}项" for word in (MISSED, PARTLY) if word in held.words)
    lost = f"{words}，共失{labels.score(sum(row['lost'] for row in rows))}分。"
    return (lost, *(unmet_row(row) for row in rows))


def unmet_row(row: dict[str, Any]) -> str:
    """One indicator that was not met."""
    numbers = f"{labels.one_line(row['indicator'])}（{labels.goal(row['goal_no'])}）{row['status']}：{figures(row)}"
    return f"{numbers}。原因：{sentence(row['reason'])}措施：{sentence(row['measure'])}"


def figures(row: dict[str, Any]) -> str:
    """``实际30%，目标100%，失0.97分``"""
    return f"实际{labels.one_line(row['actual'])}，目标{target(row)}，失{labels.score(row['lost'])}分"


def target(row: dict[str, Any]) -> str:
    """A row's target as printed; where it was read from the name, the value read and that it was.

    A row of an evaluation's indicators (target_read) or of ``pe.rows`` (target_low, target_high, value_unit).
    """
    if row["target_from"] != "指标名称":
        return labels.one_line(row["target"])
    if "target_read" in row:
        return f"{labels.one_line(row['target_read'])}（见指标名称）"
    ends = [
        plain(Decimal(str(row[name]))) for name in ("target_low", "target_high") if not labels.missing(row.get(name))
    ]
    return f"{'—'.join(dict.fromkeys(ends))}{row.get('value_unit', '')}（见指标名称）" if ends else "见指标名称"


def derivation(row: dict[str, Any]) -> list[str]:
    """How the row was read, and the sentences that derive its score."""
    target = f"目标{labels.one_line(row['target_read'])}（取自{labels.text(row['target_from'])}）"
    direction = f"{labels.text(row['direction'])}指标：{labels.one_line(row['direction_why'])}"
    found = [
        f"读作：{target}，实际{labels.one_line(row['actual_read'])}；{direction}",
        f"得分：{labels.one_line(row['derivation'])}",
    ]
    if row["strict_score"] != row["score"]:
        found.append(f"严格口径：{labels.one_line(row['strict_derivation'])}")
    return found


# ---- sentences on frames of judged rows (``pe.rows``)


def unwritten(value: Any) -> bool:
    """Whether a cell for a reason or a measure holds nothing, or only what stands for nothing.

    >>> unwritten("无"), unwritten(" — "), unwritten(None), unwritten("选址未定")
    (True, True, True, False)
    """
    return labels.missing(value) or is_placeholder(fold(str(value)))


@asked.takes(missed=["indicator", "measure", "target_from"])
def without_measure(missed: pd.DataFrame) -> str:
    """Which of the rows that were missed (columns indicator, target_from, measure) have no measure, by name.

    Empty where there are no rows.
    """
    if missed.empty:
        return ""
    bare = records(missed[missed["measure"].map(unwritten)])
    if not bare:
        return f"没有完成的{labels.several(len(missed))}指标都写了改进措施。"
    names = [labels.indicator(row["indicator"], row["target_from"]) for row in bare]
    return f"没有完成的{labels.several(len(missed))}指标中，{labels.listing(names)}没有写改进措施。"


def without_reason(rows: pd.DataFrame, what: str) -> str:
    """How many of some rows (column reason) give no reason: ``超额的3项中，两项没有写原因。``; empty without rows."""
    if rows.empty:
        return ""
    bare = int(rows["reason"].map(unwritten).sum())
    return f"{what}{labels.several(len(rows))}，{f'其中{labels.several(bare)}没有写原因' if bare else '都写了原因'}。"
