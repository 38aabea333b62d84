"""One word, one measure: every count of verdicts comes to the same, and the five are all indicators."""

import pandas as pd
import pytest
import stress
from hypothesis import given
from hypothesis import strategies as st

import perfeval as pe
from perfeval.analysis.completion import completion
from perfeval.model.schema import STATUSES, UNDECIDED
from perfeval.model.tally import DEFINED, GRAVE, UNFILLED, UNPROVEN, Tally, counted, tally
from perfeval.model.verdicts import BASES, COUNTS, VERDICTS, verdict

some_verdicts = st.lists(st.sampled_from(VERDICTS), max_size=30)


@given(some_verdicts)
def test_the_five_are_all_indicators_however_they_are_counted(known: list[str]) -> None:
    one = tally(known)
    frame = pd.DataFrame({"status": pd.Categorical(known, VERDICTS, ordered=True)})
    rates = pe.completion(frame)
    assert one.rows == len(known) == sum(one.words.values())
    assert one.unproven + one.unmet + one.met == one.rows
    assert one == (counted(rates.iloc[0]) if len(rates) else Tally())


@given(st.lists(st.tuples(st.sampled_from(STATUSES), st.sampled_from(BASES)), min_size=1, max_size=12))
def test_goals_and_categories_add_up_to_the_whole(pairs: list[tuple[str, str]]) -> None:
    rows = pd.DataFrame(pairs, columns=["status", "basis"]).assign(
        goal="甲", category="产出", declared_status="", attainment=1.0
    )
    rows["goal_no"] = pd.array([n % 3 for n in range(len(rows))], "Int64")
    found = completion(rows)
    whole = tally(verdict(*pair) for pair in pairs)
    for frame in (found.overall, found.by_goal, found.by_category):
        assert counted(frame[["rows", *COUNTS]].sum()) == whole


def test_counts_that_do_not_add_up_are_refused() -> None:
    wrong = dict.fromkeys(COUNTS, 1) | {"rows": 6}
    with pytest.raises(ValueError, match="五种结论的项数之和5与指标数6不符"):
        counted(wrong)
    with pytest.raises(ValueError, match="不认识的结论：好"):
        tally(["完成", "好"])


def test_every_word_is_defined_once() -> None:
    assert list(DEFINED) == [*VERDICTS, UNFILLED, UNPROVEN, GRAVE]
    assert len(set(DEFINED.values())) == len(DEFINED)


@pytest.mark.parametrize("name", stress.OFFICES)
def test_an_office_has_one_tally(name: str) -> None:
    result = stress.evaluation(name)
    assert result.tally.rows == len(result.indicators)
    assert counted(result.completion.overall.iloc[0]).words == (
        result.tally.words if result.tally.filled else {UNDECIDED: result.tally.rows}
    )
    row = pe.scores(result).iloc[0]
    assert counted(row, int(row["p0"]), filled=result.tally.filled) == result.tally
    assert tally(pe.rows(result)["status"], result.tally.grave, filled=result.tally.filled) == result.tally
