"""What of a district needs attention, from tiny frames: limits at their edges, and the worst first."""

import pandas as pd
import pytest

from perfeval.analysis.attention import MANY_LEAST, attention
from perfeval.model.peers import MANY_UNMET, OVERSPENT, UNDECIDABLE, UNDERSPENT, UNREPRODUCED

QUIET = {
    "zone": "", "met": 9, "most": 9, "rows": 10, "completion_low": 0.9, "completion_high": 0.9, "execution_rate": 0.95,
    "budget": 100.0, "executed": 95.0, "declared_score": 90.0, "reproduced_by": "flat", "score": 90.0, "score_low": 89.0,
    "score_high": 91.0, "declared": 0, "undecided": 0, "unmet": 1,
}  # fmt: skip


def listed(**offices: dict[str, object]) -> list[tuple[str, str]]:
    table = pd.DataFrame([QUIET | {"subdistrict": id_, "name": f"{id_}街道"} | own for id_, own in offices.items()])
    found = attention(table, pd.DataFrame(columns=["subdistrict", "name", "why"]), {}, (0.9, 0.9))
    return list(found[["kind", "subdistrict"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("own", "kinds"),
    [
        ({}, []),
        ({"execution_rate": 0.9}, []),
        ({"execution_rate": 0.8999}, [UNDERSPENT]),
        ({"execution_rate": 1.0}, []),
        ({"execution_rate": 1.0001}, [OVERSPENT]),
        ({"execution_rate": float("nan")}, []),
        ({"undecided": 1}, []),
        ({"undecided": 1, "declared": 1}, [UNDECIDABLE]),
        ({"unmet": MANY_LEAST - 1}, []),
        ({"unmet": MANY_LEAST}, [MANY_UNMET]),
        ({"reproduced_by": ""}, [UNREPRODUCED]),
        ({"reproduced_by": "", "declared_score": float("nan")}, []),
    ],
)
def test_limits_at_their_edges(own: dict[str, object], kinds: list[str]) -> None:
    assert listed(a=own, b={}, c={}) == [(kind, "a") for kind in kinds]


def test_of_one_kind_the_worst_comes_first() -> None:
    def order(name: str, *values: float) -> str:
        return "".join(who for _, who in listed(**{id_: {name: v} for id_, v in zip("abc", values, strict=True)}))

    assert order("execution_rate", 1.1, 1.3, 1.2) == "bca"
    assert order("execution_rate", 0.5, 0.3, 0.4) == "bca"
    assert order("undecided", 3, 9, 5) == "bca"
    offices = {id_: {"unmet": many} for id_, many in zip("abcdefg", (5, 9, 7, 1, 1, 1, 1), strict=True)}
    assert "".join(who for _, who in listed(**offices)) == "bca"
    apart = {id_: {"reproduced_by": "", "declared_score": 90 + by} for id_, by in zip("abc", (2, -9, 5), strict=True)}
    assert "".join(who for _, who in listed(**apart)) == "bca"
