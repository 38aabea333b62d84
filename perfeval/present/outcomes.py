"""The sentences on what was met and what was not: overall, goal by goal, and for each indicator; plain Chinese text."""

from typing import Any

from perfeval.model.results import Evaluation
from perfeval.model.schema import MET, MISSED, PARTLY
from perfeval.model.verdicts import COUNTS, NOT_FILLED, WHY, counts
from perfeval.present import labels
from perfeval.present.narrative import (
    MEANING,
    NOISE,
    NOTHING_KNOWN,
    backed,
    breakdown,
    counted,
    none,
    records,
    sentence,
    unverified_clause,
    verdict,
    withheld,
)


def completion(result: Evaluation) -> str:
    """How many are met within which bounds, the counts behind it, and the mean attainment of the rows that have one."""
    overall = records(result.completion.overall)[0]
    if not overall["rows"]:
        return none("绩效指标")
    if result.state == NOT_FILLED:
        return f"{overall['rows']}项指标{WHY[NOT_FILLED]}。"
    span = labels.span(overall["met"], overall["most"])
    rate = labels.interval(overall["low"], overall["high"])
    sentence = f"指标完成{span}，共{overall['rows']}项（{rate}）：{breakdown(overall)}"
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
    full = [row for row in goals if row["met"] == row["rows"]]
    claimed = [row for row in goals if row["declared"] and row["met"] + row["declared"] == row["rows"]]
    none_full = f"没有一个目标的指标{'能判定' if claimed else ''}全部完成"
    first = f"{len(goals)}个年度目标中，{f'{len(full)}个目标的指标全部完成' if full else none_full}"
    if claimed:
        rows, known = (sum(row[name] for row in claimed) for name in ("rows", "met"))
        first += f"，{len(claimed)}个目标的指标均申报完成（{rows}项，{backed(known)}）"
    rest = [
        f"{labels.goal(row['goal_no'], row['goal'])}：{counted(row)}，其中{breakdown(row)}。"
        for row in goals
        if row["met"] + row["declared"] != row["rows"]
    ]
    return (f"{first}。", *rest)


def unmet(result: Evaluation) -> tuple[str, ...]:
    """What was not met: target, actual, attainment, points lost, cause and measure of each."""
    rows = records(result.unmet)
    if result.state in NOTHING_KNOWN:
        return (withheld(result),)
    if not rows:
        doubt = unverified_clause(result)
        return (f"没有查明未完成的指标；{doubt}。",) if doubt else ("没有未完成的指标。",)
    lost = (
        f"未完成和部分完成的指标共{labels.several(len(rows))}，失{labels.score(sum(row['lost'] for row in rows))}分。"
    )
    return (lost, *(unmet_row(row) for row in rows))


def unmet_row(row: dict[str, Any]) -> str:
    """One indicator that was not met."""
    numbers = f"{labels.one_line(row['indicator'])}（{labels.goal(row['goal_no'])}）{row['status']}：{figures(row)}"
    return f"{numbers}。原因：{sentence(row['reason'])}措施：{sentence(row['measure'])}"


def figures(row: dict[str, Any]) -> str:
    """``实际30%，目标100%，失0.97分``"""
    return "，".join(
        (f"实际{labels.one_line(row['actual'])}", f"目标{target(row)}", f"失{labels.score(row['lost'])}分")
    )


def target(row: dict[str, Any]) -> str:
    """A row's target as printed; where it was read from the name, the value read and that it was."""
    if row["target_from"] == "指标名称":
        return f"{labels.one_line(row['target_read'])}（见指标名称）"
    return labels.one_line(row["target"])


def goal(rows: list[dict[str, Any]]) -> str:
    """The indicators of one goal summed up."""
    found = counts(map(verdict, rows))
    if found["undecided"] == found["rows"]:
        return f"{found['rows']}项指标均无法判定。"
    claimed = found["met"] + found["declared"] == found["rows"]
    others = [] if claimed else [f"{found[name]}项{one}" for name, one in COUNTS.items() if one != MET and found[name]]
    parts = [counted(found), *others]
    lost = sum(row["lost"] for row in rows if not labels.missing(row["lost"]))
    return f"{'，'.join(parts)}{f'，失{labels.score(lost)}分' if lost > NOISE else ''}。"


def analysis(row: dict[str, Any]) -> str:
    """One indicator in the analysis by goal: target, actual and verdict."""
    name = labels.one_line(row["indicator"])
    shown = verdict(row)
    reached = "" if labels.missing(row["attainment"]) else f"，完成程度{labels.percent(row['attainment'])}"
    actual = "未填" if labels.missing(row["actual"]) else labels.one_line(row["actual"])
    wanted = "未填" if labels.missing(row["target"]) and row["target_from"] != "指标名称" else target(row)
    ends = {MET: "完成", PARTLY: "部分完成", MISSED: "未完成"}
    return f"{name}：目标{wanted}，实际{actual}{reached}；{ends.get(shown, MEANING.get(shown, shown))}。"


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


def by_goal(result: Evaluation) -> list[tuple[str, list[dict[str, Any]]]]:
    """The indicator rows by goal, in order: (goal as it is referred to, its rows)."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in records(result.indicators):
        groups.setdefault(labels.goal(row["goal_no"], row["goal"]), []).append(row)
    return list(groups.items())
