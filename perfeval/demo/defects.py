"""All defects that can be planted, each by the code of the finding rule (docs/findings.md) it breaks.

No two touch the same row. Those of ``LASTING`` are an office's habit and are there every year.

Defects of actuals, of texts that contradict them, and of reasons (rules A, C, D of docs/findings.md).

A planter changes the draft and returns what it did as (indicator or place, what), or None where nothing fits.

Defects of surveys, texts and money (rules E, X, M of docs/findings.md).

Defects of scores and of an office's way of setting targets (rules P, T, S of docs/findings.md).
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np

from perfeval.demo.catalogue import COUNT, FULL, RATE, SURVEY, rounded
from perfeval.demo.paper import Paper, Planted, Planter, bounded, count, habit, met_number, missed, pick, rewrite
from perfeval.demo.planting import DONE, NOT_DONE, STEP, Row
from perfeval.model.schema import Issue, Survey

FAR = Decimal("1.6")
"""Times the target: far more than planned."""
LEAST_NAME = 6
"""Characters a name must pass to be recognised in another indicator's text."""


def copied_operator(rng: np.random.Generator, paper: Paper) -> Planted:
    """A01."""
    row = pick(rng, paper, lambda one: one.cells["target"].startswith("≥") and met_number(one), spoils=True)
    if row is None:
        return None
    rewrite(row, row.cells["target"])
    return row.name, "完成值照抄“≥”"


def words_for_a_number(rng: np.random.Generator, paper: Paper) -> Planted:
    """A03."""
    row = pick(rng, paper, lambda one: met_number(one) and one.spec.kind in (RATE, COUNT), spoils=True)
    if row is None:
        return None
    rewrite(row, "已按计划完成")
    return row.name, "目标是数，完成值只写“已按计划完成”"


def no_actual(rng: np.random.Generator, paper: Paper) -> Planted:
    """A04."""
    row = pick(rng, paper, met_number, spoils=True)
    if row is None:
        return None
    row.cells["actual"] = row.cells["narrative"] = ""
    return row.name, "完成值留空"


def beyond_everything(rng: np.random.Generator, paper: Paper) -> Planted:
    """A06."""
    row = pick(rng, paper, bounded, spoils=True)
    if row is None:
        return None
    rewrite(row, "103%")
    return row.name, "比率写成103%"


def approximate(rng: np.random.Generator, paper: Paper) -> Planted:
    """A07."""
    row = pick(rng, paper, count, spoils=True)
    if row is None:
        return None
    rewrite(row, f"约{row.cells['actual']}")
    return row.name, "完成值写“约”"


def counted_twice(rng: np.random.Generator, paper: Paper) -> Planted:
    """C04: the row again under another goal."""
    row = pick(rng, paper, lambda one: one.spec.kind in (RATE, COUNT) and not one.missed)
    if row is None:
        return None
    others = [(one.goal_no, one.goal) for one in paper.rows if one.goal_no != row.goal_no]
    number, goal = others[int(rng.integers(len(others)))]
    last = max(place for place, one in enumerate(paper.rows) if one.goal_no == number)
    copy = replace(row, goal_no=number, goal=goal, cells=dict(row.cells, goal_no=number, goal=goal), extra=True)
    paper.rows.insert(last + 1, copy)
    return row.name, f"同一指标在目标{number}下又列了一次"


def one_narrative_for_two(rng: np.random.Generator, paper: Paper) -> Planted:
    """C05."""
    one = pick(rng, paper, lambda row: not row.missed and row.spec.kind in (RATE, COUNT))
    two = pick(rng, paper, lambda row: not row.missed and row.spec.kind in (RATE, COUNT))
    if one is None or two is None:
        return None
    text = f"{one.name}和{two.name}均按月统计汇总，全年数据以平台导出结果为准"
    one.cells["narrative"] = two.cells["narrative"] = text
    return max((one, two), key=paper.rows.index).name, "两项指标用同一段说明"


def about_another(rng: np.random.Generator, paper: Paper) -> Planted:
    """C06: the narrative of an indicator of another goal, with no word of its own."""
    row = pick(rng, paper, lambda one: not one.missed and one.spec.kind in (RATE, COUNT, FULL))
    if row is None:
        return None
    own = _pairs(row.name) | _pairs(row.goal)
    others = [
        one
        for one in paper.rows
        if one.goal_no != row.goal_no and len(one.name) > LEAST_NAME and not own & _pairs(f"{one.name}全年为")
    ]  # a name of some length
    if not others:
        return None
    other = others[int(rng.integers(len(others)))]
    row.cells["narrative"] = f"全年{other.name}为{other.cells['actual'] or '往年水平'}"
    return row.name, f"说明写的是“{other.name}”"


def impossible_arithmetic(rng: np.random.Generator, paper: Paper) -> Planted:
    """C10: so many left and such a rate fit no total."""
    row = pick(
        rng, paper, lambda one: one.missed and one.spec.kind in (RATE, FULL) and _no_total(one.track.values[one.place])
    )
    if row is None:
        return None
    row.cells["narrative"] += "，其中1处未整改"
    return row.name, "“1处未整改”与完成率对不上"


def _no_total(rate: Decimal) -> bool:
    return not any(rounded(Decimal(100 * (total - 1)) / total, 1) == rate for total in range(1, 2000))


def claimed_though_missed(rng: np.random.Generator, paper: Paper) -> Planted:
    """C11."""
    row = pick(rng, paper, missed)
    if row is None:
        return None
    row.cells["declared_met"] = DONE
    return row.name, "没有达到目标，申报为完成"


def missed_though_met(rng: np.random.Generator, paper: Paper) -> Planted:
    """C12."""
    row = pick(rng, paper, lambda one: met_number(one) and one.spec.kind in (RATE, COUNT))
    if row is None:
        return None
    row.cells["declared_met"] = NOT_DONE
    return row.name, "已达到目标，申报为未完成"


def no_reason(rng: np.random.Generator, paper: Paper) -> Planted:
    """D01."""
    row = pick(rng, paper, missed)
    if row is None:
        return None
    row.cells["reason"] = row.cells["measure"] = ""
    return row.name, "未完成而没有写原因"


def restated(rng: np.random.Generator, paper: Paper) -> Planted:
    """D02."""
    row = pick(rng, paper, missed)
    if row is None:
        return None
    row.cells["reason"] = "偏差较大"
    return row.name, "原因只写“偏差较大”"


def far_above(rng: np.random.Generator, paper: Paper) -> Planted:
    """D04."""
    row = pick(rng, paper, lambda one: count(one) and one.track.targets[one.place] >= 10, spoils=True)  # noqa: PLR2004  # of fewer, some more are no wonder
    if row is None:
        return None
    rewrite(row, f"{rounded(row.track.targets[row.place] * FAR, 0)}{row.spec.unit}")
    return row.name, "完成值为目标的1.6倍而没有说明"


def nothing_wrong(_: np.random.Generator, paper: Paper) -> Planted:
    """D07."""
    missed = [row.name for row in paper.rows if row.missed]
    if not missed:
        return None
    paper.narrative = replace(paper.narrative, problems=(Issue("暂无"),))
    return next(row.name for row in paper.rows if row.missed), "有未完成的指标，问题写“暂无”"


def _pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters."""
    return {text[place : place + 2] for place in range(len(text) - 1)}


def no_survey(rng: np.random.Generator, paper: Paper) -> Planted:
    """E01."""
    row = pick(rng, paper, lambda one: one.spec.kind == SURVEY)
    if row is None:
        return None
    row.cells["evidence"], row.cells["narrative"] = "", f"{row.name}为{row.cells['actual']}"
    paper.narrative = replace(
        paper.narrative, surveys=tuple(one for one in paper.narrative.surveys if one is not row.survey)
    )
    return row.name, "没有调查数据和佐证材料"


def unknown_sample(rng: np.random.Generator, paper: Paper) -> Planted:
    """E02."""
    return _resurveyed(rng, paper, lambda one: replace(one, respondents=None, satisfied=None), "没有写样本量")


def unlike_the_survey(rng: np.random.Generator, paper: Paper) -> Planted:
    """E03."""
    return _resurveyed(
        rng, paper, lambda one: replace(one, satisfied=(one.satisfied or 0) - 20), "满意人数与满意度不符"
    )


def _resurveyed(rng: np.random.Generator, paper: Paper, change: Callable[[Survey], Survey], what: str) -> Planted:
    row = pick(rng, paper, lambda one: one.survey is not None)
    if row is None or row.survey is None:
        return None
    told = tuple(change(one) if one is row.survey else one for one in paper.narrative.surveys)
    paper.narrative = replace(paper.narrative, surveys=told)
    return row.name, what


def survey_of_nothing(_: np.random.Generator, paper: Paper) -> Planted:
    """E06."""
    added = Survey("停车秩序群众评议", 260, 201, f"{paper.year}-11-16", "电话访问")
    paper.narrative = replace(paper.narrative, surveys=(*paper.narrative.surveys, added))
    return "满意度调查", "调查的指标不在指标表里"


def leftover(rng: np.random.Generator, paper: Paper) -> Planted:
    """X03."""
    row = pick(rng, paper, met_number)
    if row is None:
        return None
    row.cells["narrative"] += "（请填写数据来源）"
    return row.name, "留有填表提示"


def misspelt(rng: np.random.Generator, paper: Paper) -> Planted:
    """X04."""
    row = pick(rng, paper, lambda one: "台账" in one.cells["evidence"])
    if row is None:
        return None
    row.cells["evidence"] = row.cells["evidence"].replace("台账", "台帐")
    return row.name, "“台账”写成“台帐”"


def other_year(_: np.random.Generator, paper: Paper) -> Planted:
    """X06."""
    title = paper.narrative.title.replace(str(paper.year), str(paper.year - 1))
    paper.narrative = replace(paper.narrative, title=title)
    return "标题", "标题沿用了上年"


def many_words(rng: np.random.Generator, paper: Paper) -> Planted:
    """X07."""
    met = [row for row in paper.rows if row.cells["declared_met"] == DONE]
    for row in met:
        row.cells["declared_met"] = (DONE, "圆满完成年初目标", "较好地完成年初目标值")[int(rng.integers(3))]
    return ("指标表", "“完成”有三种写法") if len({row.cells["declared_met"] for row in met}) > 2 else None  # noqa: PLR2004  # three


def no_fund(_: np.random.Generator, paper: Paper) -> Planted:
    """M07."""
    paper.money = [line for line in paper.money if line.goal_no is None]
    return "资金表", "各目标没有对应的资金"


def no_opening(_: np.random.Generator, paper: Paper) -> Planted:
    """M03."""
    for line in paper.money:
        line.opening = None
    return "资金表", "没有列年初预算数"


def sums_do_not_hold(_: np.random.Generator, paper: Paper) -> Planted:
    """M01."""
    paper.money[0].executed -= Decimal("1.20")
    return "资金表", "整体支出执行数少1.20万元"


def overspent(_: np.random.Generator, paper: Paper) -> Planted:
    """M05: money moved between two funds, the sum kept."""
    funds = [line for line in paper.money if line.goal_no is not None]
    if len(funds) < 2:  # noqa: PLR2004  # from one to the other
        return None
    one, two = funds[0], max(funds[1:], key=lambda line: line.executed)
    moved = one.adjusted - one.executed + Decimal("2.50")
    one.executed += moved
    two.executed -= moved
    return one.item, "执行数大于预算数2.50万元"


LACKS_ONE = Decimal("0.5")
"""Points taken from a row that was met, or given beyond its weight."""


def _scored(
    rng: np.random.Generator, paper: Paper, fits: Callable[[Row], bool], points: Callable[[Row], Decimal], what: str
) -> Planted:
    row = pick(rng, paper, fits)
    if row is None:
        return None
    row.cells["declared_score"] = points(row)
    return row.name, what


def unlike_the_formula(rng: np.random.Generator, paper: Paper) -> Planted:
    """P03."""
    return _scored(
        rng, paper, missed, lambda row: rounded(row.cells["declared_score"] * Decimal("0.6"), 2), "得分低于公式所得"
    )


def full_marks(rng: np.random.Generator, paper: Paper) -> Planted:
    """P04."""
    return _scored(rng, paper, missed, lambda row: Decimal(row.cells["weight"]), "未完成却得满分")


def shaved(rng: np.random.Generator, paper: Paper) -> Planted:
    """P05."""
    return _scored(rng, paper, met_number, lambda row: row.cells["weight"] - LACKS_ONE, "已完成却扣0.5分")


def more_than_there_is(rng: np.random.Generator, paper: Paper) -> Planted:
    """P06."""
    return _scored(rng, paper, met_number, lambda row: row.cells["weight"] + LACKS_ONE, "得分大于分值")


def weights_off(rng: np.random.Generator, paper: Paper) -> Planted:
    """P01."""
    row = pick(rng, paper, met_number)
    if row is None:
        return None
    row.cells["weight"] += 2 * STEP
    row.cells["declared_score"] = row.cells["weight"]
    return "指标表", "分值合计多1分"


def wrong_total(_: np.random.Generator, paper: Paper) -> Planted:
    """P02."""
    paper.wrong_total = True
    return "自评得分", "总分比各项之和少1.5分"


def wrong_grade(_: np.random.Generator, paper: Paper) -> Planted:
    """P11."""
    paper.wrong_grade = True
    return "自评得分", "等级与总分不符"


def target_done(rng: np.random.Generator, paper: Paper) -> Planted:
    """T01."""
    return _retarget(rng, paper, "T01", lambda _: "完成", "目标值只写“完成”")


def target_in_the_name(rng: np.random.Generator, paper: Paper) -> Planted:
    """T02."""
    row = habit(rng, paper, "T02", (RATE,))
    if row is None:
        return None
    row.cells["indicator"], row.cells["target"] = f"{row.name}{row.track.targets[row.place]}%", "完成"
    return row.name, "目标值写在名称里"


def no_target(rng: np.random.Generator, paper: Paper) -> Planted:
    """T04."""
    return _retarget(rng, paper, "T04", lambda _: "", "没有目标值")


def target_about(rng: np.random.Generator, paper: Paper) -> Planted:
    """T10."""
    return _retarget(rng, paper, "T10", lambda row: f"约{row.track.targets[row.place]}{row.spec.unit}", "目标值写“约”")


def _retarget(rng: np.random.Generator, paper: Paper, code: str, text: Callable[[Row], str], what: str) -> Planted:
    row = habit(rng, paper, code, (COUNT,))
    if row is None:
        return None
    row.cells["target"] = text(row)
    return row.name, what


def no_types(_: np.random.Generator, paper: Paper) -> Planted:
    """S05."""
    for row in paper.rows:
        row.cells["subcategory"] = ""
    return "指标表", "二级指标栏全部为空"


def goals_named_after_money(_: np.random.Generator, paper: Paper) -> Planted:
    """S09."""
    for row in paper.rows:
        row.goal = row.cells["goal"] = f"{row.goal}经费"
    for line in paper.money:
        line.item += "经费" if line.goal_no is not None else ""
    return "年度目标", "目标以资金名称命名"


EARLY: dict[str, Planter] = {
    "A01": copied_operator,
    "A03": words_for_a_number,
    "A04": no_actual,
    "A06": beyond_everything,
    "A07": approximate,
    "C04": counted_twice,
    "C05": one_narrative_for_two,
    "C06": about_another,
    "C10": impossible_arithmetic,
    "C11": claimed_though_missed,
    "C12": missed_though_met,
    "D01": no_reason,
    "D02": restated,
    "D04": far_above,
    "D07": nothing_wrong,
    "E01": no_survey,
    "E02": unknown_sample,
    "E03": unlike_the_survey,
    "E06": survey_of_nothing,
    "X03": leftover,
    "X04": misspelt,
    "X06": other_year,
    "X07": many_words,
    "M01": sums_do_not_hold,
    "M05": overspent,
}
"""Planted before weights and scores are given."""
LATE: dict[str, Planter] = {
    "P01": weights_off,
    "P02": wrong_total,
    "P03": unlike_the_formula,
    "P04": full_marks,
    "P05": shaved,
    "P06": more_than_there_is,
    "P11": wrong_grade,
}
"""Planted after weights and scores have been given."""
LASTING: dict[str, Planter] = {
    "T01": target_done,
    "T02": target_in_the_name,
    "T04": no_target,
    "T10": target_about,
    "S05": no_types,
    "S09": goals_named_after_money,
    "M03": no_opening,
    "M07": no_fund,
}
"""An office's habits: planted every year, in the same row."""
