"""X01: what texts claim of the indicators as a whole, against the counts."""

import re
from collections.abc import Callable, Iterator

from perfeval.analysis.findings.context import Context, Hit, holds, listed, quoted
from perfeval.analysis.findings.registry import check, words
from perfeval.analysis.findings.targets import unquantified
from perfeval.model.folding import fold
from perfeval.model.schema import BENEFIT, OUTPUT

Measure = Callable[[Context], tuple[float, float, str]]
"""(how many, of how many, which ones); a share is their quotient."""


def _goals(context: Context, category: str) -> tuple[float, float, str]:
    """Goals whose rows are all of one category."""
    found = [goal for goal in context.goals if goal.count(category) == len(goal.rows)]
    return len(found), len(context.goals), listed(goal.label for goal in found)


def _rows(context: Context, category: str) -> tuple[float, float, str]:
    return sum(row.category == category for row in context.rows), len(context.rows), ""


def _single(context: Context) -> tuple[float, float, str]:
    found = [goal for goal in context.goals if len(goal.rows) == 1]
    return len(found), len(context.goals), listed(goal.label for goal in found)


def _unmet(context: Context) -> tuple[float, float, str]:
    found = [row for row in context.rows if row.missed]
    return len(found), len(context.rows), listed(f"{quoted(row.indicator)}" for row in found)


def _unquantified(context: Context) -> tuple[float, float, str]:
    found = [hit.rows[0] for hit in unquantified(context)]
    return len(found), len(context.rows), listed(f"{quoted(row.indicator)}" for row in found)


def _execution(context: Context) -> tuple[float, float, str]:
    found = [
        row for row in context.rows if holds(row.indicator, ("预算执行", "执行率", "支出进度", "支付率", "支付进度"))
    ]
    return len(found), len(context.rows), listed(quoted(row.indicator) for row in found)


def _unspent(context: Context) -> tuple[float, float, str]:
    spent = context.result.execution
    if spent.rate is None or spent.budget is None or spent.executed is None:
        return 0, 1, ""
    rest = round(spent.budget - spent.executed, 2)
    return rest, 1, f"预算{spent.budget:,.2f}万元，执行{spent.executed:,.2f}万元"


MEASURES: dict[str, Measure] = {
    "single_goals": _single,
    "benefit_only_goals": lambda context: _goals(context, BENEFIT),
    "output_only_goals": lambda context: _goals(context, OUTPUT),
    "benefit_rows": lambda context: _rows(context, BENEFIT),
    "output_rows": lambda context: _rows(context, OUTPUT),
    "unmet_rows": _unmet,
    "unquantified_rows": _unquantified,
    "execution_rows": _execution,
    "unspent": _unspent,
}


@check("X01")
def contradicted_claim(context: Context) -> Iterator[Hit]:
    """Claims about the indicators that the counts deny; one finding a sentence."""
    if not context.rows:
        return
    for section, text in context.texts:
        wrong = [fact for claim in words()["claims"] if (fact := _denied(claim, fold(text), context))]
        if wrong:
            yield Hit("；".join(wrong), where=f"文字部分 · {section}")


def _denied(claim: dict[str, str], text: str, context: Context) -> str:
    """What the data say against a claim that the text makes; empty where it makes none or they bear it out."""
    said = re.search(claim["pattern"], text)
    if said is None:
        return ""
    many, of, which = MEASURES[claim["measure"]](context)
    return "" if _holds(many, of, claim) else f"写{quoted(said[0])}，实际{_counted(many, of, which, claim)}"


def _holds(many: float, of: float, claim: dict[str, str]) -> bool:
    """Whether the data bear the claim out."""
    than, how = float(claim["than"]), claim["holds"]
    if how == "=":
        return many == than
    share = many / of if of else 0.0
    return share > than if how == ">" else share < than


def _counted(many: float, of: float, which: str, claim: dict[str, str]) -> str:
    if claim["measure"] == "unspent":
        return f"{which}，余{many:,.2f}万元"
    whole = "个目标" if claim["measure"].endswith("goals") else "项指标"
    named = f"（{which}）" if which and many else ""
    return f"{of:.0f}{whole}中，{claim['said']}有{many:.0f}{whole[0]}{named}"
