"""X: what the texts themselves give away.

X01: what texts claim of the indicators as a whole, against the counts.

E: surveys and other evidence.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from perfeval.analysis.findings.actuals import source_of
from perfeval.analysis.findings.context import Context, Hit, Row, blank, has_amount, holds, listed, quoted
from perfeval.analysis.findings.registry import check, words
from perfeval.analysis.findings.targets import asks, unquantified
from perfeval.analysis.surveys import SMALL_SAMPLE
from perfeval.model.folding import fold, key
from perfeval.model.rounding import money, per_cent
from perfeval.model.schema import BENEFIT, MET, OUTPUT
from perfeval.model.values import describe

LEAST_WORDINGS = 3
"""How many wordings of 完成 there must be before it is said."""
MOST_EMPTY = 30
"""Characters up to which a sentence with a stock phrase counts as nothing but one."""
_CELLS = ("indicator", "target", "actual", "reason", "measure", "evidence", "narrative", "goal")
_TEXT = words()["text"]
_OFFICE = re.compile(
    "(?:[由与及据请被经]|(?<=[处府])和)?(?P<office>(?P<name>[一-龥]{2,4}?)(?:街道办事处|镇人民政府|乡人民政府))"
)
_BLANKS = re.compile(r"(?<![A-Za-z0-9])[Xx]{2,}(?![A-Za-z0-9])|[×╳]{2,}|\*{2,}|_{2,}|[○〇]{2,}|[□]{2,}")
"""Stand-ins for what is to be filled in: XX%, **人, ____."""
_DIGIT = re.compile("[0-9]")
_YEAR = re.compile(r"(20[0-9]{2})(?:年度?|—|-)")


@check("X02")
def stock_phrases(context: Context) -> Iterator[Hit]:
    """Sentences that hold nothing but a stock phrase."""
    for section, text in context.texts:
        word = holds(text, _TEXT["boilerplate"])
        if (
            word
            and section in ("存在问题", "改进措施")
            and len(key(text)) <= MOST_EMPTY
            and not _DIGIT.search(fold(text))
        ):
            yield Hit(f"{quoted(text)}", where=f"文字部分 · {section}")


@check("X03")
def leftovers(context: Context) -> Iterator[Hit]:
    """Hints and stand-ins of a form."""
    for row in context.rows:
        for text in _cells(row):
            word = _leftover(text)
            if word:
                yield Hit(f"留有{quoted(word)}：“{' '.join(text.split())[:40]}”", (row,))
                break
    for section, text in context.texts:
        word = _leftover(text)
        if word:
            yield Hit(f"留有{quoted(word)}：{quoted(text[:40])}", where=f"文字部分 · {section}")


@check("X04")
def misspelt(context: Context) -> Iterator[Hit]:
    """Known misspellings."""
    for row in context.rows:
        for wrong, meant in _misspelt(" ".join(_cells(row))):
            yield Hit(f"{quoted(wrong)}疑为{quoted(meant)}", (row,))
    for section, text in context.texts:
        for wrong, meant in _misspelt(text):
            yield Hit(f"{quoted(wrong)}疑为{quoted(meant)}", where=f"文字部分 · {section}")


@check("X05")
def other_office(context: Context) -> Iterator[Hit]:
    """The name of another office."""
    own = context.result.name
    for row in context.rows:
        for other in _other_offices(row.narrative, own):
            yield Hit(f"出现{quoted(other)}，本单位是{quoted(own)}", (row,))
    for section, text in context.texts:
        for other in _other_offices(text, own):
            yield Hit(f"出现{quoted(other)}，本单位是{quoted(own)}", where=f"文字部分 · {section}")


@check("X06")
def other_year(context: Context) -> Iterator[Hit]:
    """The title is of another year."""
    found = _YEAR.search(fold(context.result.narrative.title))
    if found and int(found[1]) != context.result.year:
        fact = f"标题{quoted(context.result.narrative.title)}写{found[1]}年，数据是{context.result.year}年度"
        yield Hit(fact, where="文字部分 · 标题")


@check("X07")
def many_words_for_met(context: Context) -> Iterator[Hit]:
    """Many wordings of the same verdict."""
    wordings: dict[str, int] = {}
    for row in context.rows:
        if row.declared == MET and row.declared_met:
            wordings[row.declared_met] = wordings.get(row.declared_met, 0) + 1
    if len(wordings) >= LEAST_WORDINGS:
        shown = "、".join(
            f"{quoted(wording)}{times}次" for wording, times in sorted(wordings.items(), key=lambda one: -one[1])
        )
        yield Hit(f"“完成”有{len(wordings)}种写法：{shown}", where="指标表")


def _leftover(text: str) -> str:
    """The first hint or stand-in of a form that a text holds; empty where none."""
    word = next((word for word in _TEXT["leftovers"] if word.lower() in text.lower()), "")
    blanks = None if word else _BLANKS.search(fold(text))
    return word or (blanks[0] if blanks else "")


def _other_offices(text: str, own: str) -> Iterator[str]:
    for found in _OFFICE.finditer(fold(text)):
        ending = any(found["office"].endswith(own[i:]) for i in range(max(len(own) - 6, 1)))
        if found["name"] not in own and not ending:
            yield found["office"]


def _cells(row: Row) -> list[str]:
    return [text for name in _CELLS if (text := str(getattr(row, name)))]


def _misspelt(text: str) -> Iterator[tuple[str, str]]:
    for wrong, about in words()["typos"].items():
        at = text.find(wrong)
        right = any(text.startswith(allowed, at) for allowed in about.get("not", ()))
        number = wrong.isdigit() and re.search(rf"(?<!\d){wrong}(?!\d)", text) is None
        meant = not about.get("with") or holds(text, about["with"])
        if at >= 0 and meant and not right and not number:
            yield wrong, about["meant"]


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
    found = [row for hit in unquantified(context) for row in hit.rows]
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
    return rest, 1, f"预算{money(spent.budget)}万元，执行{money(spent.executed)}万元"


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
        return f"{which}，余{money(many)}万元"
    whole = "个目标" if claim["measure"].endswith("goals") else "项指标"
    named = f"（{which}）" if which and many else ""
    return f"{of:.0f}{whole}中，{claim['said']}有{many:.0f}{whole[0]}{named}"


@check("E01")
def no_survey(context: Context) -> Iterator[Hit]:
    """Satisfaction without a survey or another source."""
    surveyed = {survey["row"] for survey in context.surveys}
    for row in context.rows:
        told = holds(f"{row.actual} {row.reason}", words()["evidence"]["survey"])
        if asks(row) and row.row not in surveyed and not (source_of(row) or told) and not blank(row.actual):
            told = f"满意度{describe(row.reading.actual)}" if has_amount(row) else f"完成值为{quoted(row.actual)}"
            yield Hit(f"{told}，没有调查时间、方式和样本量，也没有佐证材料", (row,))


@check("E02")
def small_sample(context: Context) -> Iterator[Hit]:
    """A survey of few, or of nobody knows how many."""
    rows = {row.row: row for row in context.rows}
    for survey in context.surveys:
        at = (rows[survey["row"]],) if survey["row"] in rows else ()
        name, asked = quoted(survey["indicator"]), survey["respondents"]
        if pd.isna(asked):
            yield Hit(f"{name}的调查没有写样本量", at, where="" if at else "满意度调查")
        elif asked < SMALL_SAMPLE:
            bounds = "" if pd.isna(survey["share"]) else f"，满意度{_interval(survey)}"
            yield Hit(f"{name}只调查了{asked}份{bounds}", at, where="" if at else "满意度调查")


@check("E03")
def unlike_the_survey(context: Context) -> Iterator[Hit]:
    """The printed satisfaction is not the survey's, or more are satisfied than were asked."""
    rows = {row.row: row for row in context.rows}
    for survey in context.surveys:
        at = (rows[survey["row"]],) if survey["row"] in rows else ()
        if survey["agrees"] is False:
            yield Hit(f"调查{survey['why']}；{_interval(survey)}", at)
        elif (survey["satisfied"] or 0) > (survey["respondents"] or survey["satisfied"] or 0):
            yield Hit(str(survey["why"]), at, where="" if at else "满意度调查")


@check("E04")
def sample_cannot_tell(context: Context) -> Iterator[Hit]:
    """The survey's interval reaches below the target."""
    rows = {row.row: row for row in context.rows}
    for survey in context.surveys:
        if pd.isna(survey["share"]) or survey["row"] not in rows:
            continue
        target = rows[survey["row"]].reading.target
        if target.kind == "number" and target.unit == "%" and target.low is not None:
            wanted = float(target.low) / 100
            if survey["low"] < wanted <= survey["share"]:
                fact = f"{survey['satisfied']}÷{survey['respondents']}＝{_share(survey['share'])}，{_interval(survey)}"
                yield Hit(f"{fact}，下限低于目标{describe(target)}", (rows[survey["row"]],))


@check("E05")
def no_evidence_at_all(context: Context) -> Iterator[Hit]:
    """No evidence is named anywhere."""
    told = context.result.narrative
    if not context.has("indicators", "evidence"):
        return  # a form without the column does not ask for it
    if context.rows and all(blank(row.evidence) for row in context.rows):
        if any(not blank(text) for text in told.other_evidence) or told.surveys:
            return
        numbers = sum(has_amount(row) for row in context.rows)
        fact = f"{len(context.rows)}项指标（其中{numbers}项有数）的佐证材料栏全部为空，文字部分也没有列出佐证材料"
        yield Hit(fact, where="指标表")


@check("E06")
def survey_of_nothing(context: Context) -> Iterator[Hit]:
    """A survey of an indicator that is not in the table."""
    for survey in context.surveys:
        if pd.isna(survey["row"]):
            yield Hit(f"满意度调查写的是{quoted(survey['indicator'])}，指标表里没有", where="满意度调查")


def _interval(survey: dict[Any, Any]) -> str:
    return f"95%区间{_share(survey['low'])}—{_share(survey['high'])}"


def _share(value: Any) -> str:
    return f"{per_cent(Decimal(str(value)), 1)}%"
