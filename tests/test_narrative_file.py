"""narrative.toml: what it gives, and what is said of what it cannot give."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.ingest.narrative import parse_narrative
from perfeval.model.schema import Issue, Narrative, Stage, Survey

FULL = """
title = " 某街道自评 "
declared_score = "98.0"
key_tasks = ["甲", "乙"]

[[problems]]
text = "偏差大"

[[stages]]
name = "现场"
start = 2023-06-12
end = "2023-06-16"
work = ["问卷"]

[[surveys]]
indicator = "满意度"
respondents = 100
satisfied = 95
date = 2022-12-01
"""


def test_a_full_narrative():
    narrative, problems = parse_narrative(FULL.encode(), "n.toml")
    assert problems == []
    assert narrative == Narrative(
        title="某街道自评",
        declared_score=Decimal("98.0"),
        key_tasks=("甲", "乙"),
        problems=(Issue("偏差大"),),
        stages=(Stage("现场", "2023-06-12", "2023-06-16", ("问卷",)),),
        surveys=(Survey("满意度", 100, 95, "2022-12-01"),),
    )


@pytest.mark.parametrize(
    ("written", "score"),
    [('"98"', "98"), ("98", "98"), ("98.50", "98.50"), ('"９８．５"', "98.5"), ('" 97.60 "', "97.60")],
)
def test_a_score_keeps_the_decimals_that_are_printed(written, score):
    narrative, problems = parse_narrative(f"declared_score = {written}".encode(), "n.toml")
    assert problems == []
    assert str(narrative.declared_score) == score


@pytest.mark.parametrize("written", ['"98分"', "-1", "true", "nan", "1e3", "[98]"])
def test_a_score_that_is_no_score(written):
    narrative, (problem,) = parse_narrative(f"declared_score = {written}".encode(), "n.toml")
    assert narrative.declared_score is None
    assert (problem.code, problem.column) == ("E402", "declared_score")


def test_an_empty_score_or_date_is_none_at_all():
    narrative, problems = parse_narrative(b'declared_score = ""\n[[stages]]\nname = "a"\nstart = ""\n', "n.toml")
    assert (narrative.declared_score, narrative.stages[0].start, problems) == (None, "", [])


def test_an_empty_file_is_an_empty_narrative():
    assert parse_narrative(b"", "n.toml") == (Narrative(), [])


@pytest.mark.parametrize(
    ("toml", "row"), [('a = 1\nb = "x\nc = 2\n', 2), ("a = 1\n\nb = [1,\n", 3), ("a = 1\na = 2\n", 2)]
)
def test_a_syntax_error_names_its_line(toml, row):
    narrative, (problem,) = parse_narrative(toml.encode(), "n.toml")
    assert narrative == Narrative()
    assert (problem.code, problem.row) == ("E401", row)


def test_gbk_is_read_and_said():
    narrative, (problem,) = parse_narrative('title = "荣华街道办事处"'.encode("gbk"), "n.toml")
    assert (narrative.title, problem.code) == ("荣华街道办事处", "W101")


def test_a_stage_of_one_day_is_in_order():
    stage = '[[stages]]\nname = "a"\nstart = 2023-06-05\nend = 2023-06-05\n'
    assert parse_narrative(stage.encode(), "n.toml")[1] == []


def test_problems_come_in_the_same_order_whatever_order_the_keys_have():
    one, two = 'title = 1\nbasis = 2\nsummary = "x"\n', 'summary = "x"\nbasis = 2\ntitle = 1\n'
    found = [[problem.column for problem in parse_narrative(text.encode(), "n.toml")[1]] for text in (one, two)]
    assert found == [["title", "basis", "summary"]] * 2


@settings(deadline=None)
@given(
    st.text(max_size=60) | st.from_regex(r'(\[\[?[a-z]{1,9}\]\]?\n|[a-z_]{1,8} = ("x"|1|\[\]|2023-01-0[19])\n){1,4}')
)
def test_no_text_raises(text):
    narrative, problems = parse_narrative(text.encode(errors="replace"), "n.toml")
    assert isinstance(narrative, Narrative)
    assert all(problem.file == "n.toml" for problem in problems)
