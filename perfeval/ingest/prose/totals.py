"""The money of a written report: budget and executed amounts of the unit and its halves, in every place they stand."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from perfeval.ingest.problems import problem
from perfeval.ingest.prose.outline import Line, Part, clauses
from perfeval.model.errors import Problem
from perfeval.model.schema import BASIC, BUDGET, PROJECT, TOTAL

AMOUNT = re.compile(r"(?P<number>-?[0-9][0-9,]*(?:\.[0-9]+)?)\s*(?P<unit>万元|亿元|元)")
RATE = re.compile(r"(?:执行|支出|支付)(?:进度|完成)?率\D{0,6}(?P<rate>[0-9]+(?:\.[0-9]+)?)\s*[%％]")
TO_WAN = {"万元": Decimal(1), "亿元": Decimal(10_000), "元": Decimal("0.0001")}
ITEMS = (
    (BASIC, re.compile("基本支出")),
    (PROJECT, re.compile("项目支出")),
    (TOTAL, re.compile("整体支出|整体预算|总预算|总支出|支出总额|部门支出|资金总额|全年预算|预算总额")),
)
"""How an item is named; the first that a clause names counts, and holds until another is named."""
COLUMNS = (
    ("executed", re.compile("执行|决算|实际支出|实际使用|已支出|支付")),
    ("opening", re.compile("年初")),
    ("adjusted", re.compile("预算|调整|安排|下达")),
)
"""Which amount a clause gives; a budget that is not said to be the opening one is the year's (adjusted) budget."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount as it stands in one place."""

    item: str
    column: str
    """Of schema.BUDGET; ``rate`` for a printed execution rate in percent."""
    value: Decimal
    """万元."""
    printed: str
    line: Line


def read_totals(found_parts: Iterable[Part], file: str) -> tuple[list[dict[str, str]], list[Problem], set[int]]:
    """Rows of schema.BUDGET as text (and ``source``), what disagrees, and the lines that were read.

    Where no section is about execution, every line that speaks of it is read.
    """
    every = list(found_parts)
    lines = [line for part in every if part.key == "totals" for line in part.lines]
    amounts = [amount for line in lines for amount in amounts_of(line)]
    if not amounts:
        lines = [line for part in every if part.key not in {"analysis", "problems", "measures"} for line in part.lines]
        amounts = [
            amount for line in lines if "支出" in line.text and "执行" in line.text for amount in amounts_of(line)
        ]
    first: dict[tuple[str, str], Amount] = {}
    problems: list[Problem] = []
    for amount in amounts:
        known = first.setdefault((amount.item, amount.column), amount)
        if known.value != amount.value:
            title = "执行率" if amount.column == "rate" else BUDGET.column(amount.column).title
            message = (
                f"{amount.item}的{title}前后不一致：第{known.line.number}行为{known.printed}，这里为{amount.printed}"
            )
            problems.append(
                problem("W701", message, file=file, row=amount.line.number, column=title, value=amount.printed)
            )
    problems += _rates(first, file)
    rows = []
    for item, _ in ITEMS:
        own = {amount.column: amount for amount in first.values() if amount.item == item and amount.column != "rate"}
        if own:
            values = {column: format(amount.value, "f") for column, amount in own.items()}
            rows.append({"item": item, **values, "source": next(iter(own.values())).line.place})
    return rows, problems, {amount.line.number for amount in amounts}


def amounts_of(line: Line) -> Iterator[Amount]:
    """The amounts and rates of a paragraph."""
    item = TOTAL
    for sentence in re.split(r"[。；;]", line.text):
        for clause in (piece for part in clauses(sentence) for piece in part.split("、")):
            item = next((name for name, form in ITEMS if form.search(clause)), item)
            rate = RATE.search(clause)
            if rate:
                yield Amount(item, "rate", Decimal(rate["rate"]), f"{rate['rate']}%", line)
            for amount in AMOUNT.finditer(clause):
                said = clause[: amount.start()]
                column = next((name for name, form in COLUMNS if form.search(said)), "")
                if column:
                    value = Decimal(amount["number"].replace(",", "")) * TO_WAN[amount["unit"]]
                    yield Amount(item, column, value, amount[0], line)


def _rates(amounts: dict[tuple[str, str], Amount], file: str) -> Iterator[Problem]:
    """Printed rates that do not follow from the amounts, at the places they are printed with."""
    for (item, column), rate in amounts.items():
        executed = amounts.get((item, "executed"))
        budgets = [amounts[item, name] for name in ("adjusted", "opening") if (item, name) in amounts]
        if column != "rate" or executed is None or not budgets or not all(budget.value for budget in budgets):
            continue
        computed = [executed.value / budget.value * 100 for budget in budgets]
        places = -int(rate.value.as_tuple().exponent)
        if rate.value not in {round(value, places) for value in computed}:
            message = f"{item}写执行率{rate.printed}，按金额应为{computed[0]:.2f}%"
            yield problem("W702", message, file=file, row=rate.line.number, column="执行率", value=rate.printed)
