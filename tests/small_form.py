"""A form of a few rows, evaluated: what tests about points and totals are held against."""

from decimal import Decimal

import pandas as pd

import perfeval as pe
from perfeval.ingest.checks import typed
from perfeval.model.data import Data
from perfeval.model.schema import BUDGET, INDICATORS, SUBDISTRICTS, Narrative, Table

HEAD = ("category", "indicator", "target", "actual", "weight", "declared_score")
MONEY = ("opening", "adjusted", "executed", "weight", "declared_score")


def table(rows: list[dict[str, str]], of: Table) -> pd.DataFrame:
    cells = [dict.fromkeys(of.names, "") | row for row in rows]
    text = pd.DataFrame(cells, columns=of.names, index=range(2, len(cells) + 2))
    frame, problems = typed(text, of, f"data/a/2020/{of.name}.csv")
    assert not problems, problems
    frame.insert(0, "subdistrict", "a")
    frame.insert(1, "year", 2020)
    return frame


def document(
    indicators: list[tuple[str, ...]],
    budget: tuple[str, ...],
    total: str | None,
    ruleset: str = "hubei",
    *,
    goals: tuple[int, ...] = (),
    funds: tuple[tuple[str, ...], ...] = (),
) -> pe.Evaluation:
    """``budget``: opening, adjusted, executed, weight, score of the row of the total; ``funds``: of each goal.
    ``goals``: how many rows each goal has."""
    money = [{"item": "年度资金总额"} | dict(zip(MONEY, budget, strict=True))] if budget else []
    money += [
        {"item": f"专项{number}", "goal_no": str(number)} | dict(zip(MONEY, fund, strict=True))
        for number, fund in enumerate(funds, start=1)
    ]
    numbers = [str(number) for number, rows in enumerate(goals, start=1) for _ in range(rows)]
    rows = [dict(zip(HEAD, row, strict=True)) for row in indicators]
    rows = [
        row | ({"goal_no": n, "goal": f"目标甲{n}"} if goals else {})
        for row, n in zip(rows, numbers or rows, strict=True)
    ]
    place = pd.DataFrame([("a", "某单位", "", "", "", "")], columns=SUBDISTRICTS.names, index=[2])
    source = ("a", 2020, "data/a/2020/indicators.csv", len(indicators), "0" * 64)
    data = Data(
        budget=table(money, BUDGET),
        indicators=table(rows, INDICATORS),
        subdistricts=typed(place, SUBDISTRICTS, "")[0],
        narratives={("a", 2020): Narrative(declared_score=None if total is None else Decimal(total))},
        sources=pd.DataFrame([source], columns=["subdistrict", "year", "file", "rows", "sha256"]),
    )
    return pe.evaluate(data, ruleset)
