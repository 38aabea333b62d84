"""Steps before what a row asks for: the tables hold no word twice over, and later steps still show earlier ones."""

import doctest

import pytest

from perfeval.model import steps
from perfeval.model.folding import fold, vocabulary
from perfeval.model.reading import read_pair
from perfeval.model.schema import UNDECIDED
from perfeval.model.steps import other_step
from perfeval.model.values import read

STEPS = vocabulary("words")["steps"]


@pytest.mark.parametrize("end", STEPS["ends"])
def test_an_act_shows_no_end_and_the_end_and_its_like_do(end: str) -> None:
    target = read("50个")
    assert other_step(f"甲{end}数量", target, read("登记50个")) == f"说的是“登记”，目标要的是“{end}”"
    for word in (end, *STEPS["ends"][end]):
        assert not other_step(f"甲{end}数量", target, read(f"登记{word}50个"))
    assert not other_step(f"甲{end}数量", target, read("50个"))
    assert not other_step(f"甲{end}数量", target, read("完成50个"))
    assert not other_step(f"甲{end}登记数量", target, read("登记50个"))


@pytest.mark.parametrize("word", STEPS["stricter"])
def test_a_name_without_what_narrows_it_is_of_more(word: str) -> None:
    said = f"说的是“甲乙率”，没有说是不是“{word}”"
    assert other_step(f"丙{word}甲乙率", read("≥95%"), read("甲乙率96%")) == said
    assert other_step(f"丙{word}甲乙率（%）", read("≥95%"), read("甲乙率96%")) == said
    assert other_step(f"丙{word}甲乙率", read("≤5%"), read("甲乙率4%")) == said
    for shown in (word, *STEPS["stricter"][word]):
        assert not other_step(f"丙{word}甲乙率", read("≥95%"), read(f"{shown}甲乙率96%"))
    assert not other_step(f"丙{word}甲乙率", read("≥95%"), read("96%"))
    assert not other_step(f"丙{word}甲乙数", read("≤5件"), read("甲乙数4件"))  # of more no more than that


@pytest.mark.parametrize(
    ("indicator", "actual"),
    [
        ("购置补贴发放金额", "购置补贴50个"),
        ("慰问品发放数量", "发放慰问品50个"),
        ("就业培训数量", "培训50个"),
    ],
)
def test_what_the_row_speaks_of_itself_is_no_other_step(indicator: str, actual: str) -> None:
    assert not other_step(indicator, read("50个"), read(actual))


def test_the_target_says_what_is_asked_before_the_name_does() -> None:
    assert other_step("路灯采购", read("安装50盏"), read("采购50盏")) == "说的是“采购”，目标要的是“安装”"
    assert not other_step("路灯安装", read("采购50盏"), read("采购50盏"))


def test_words_stand_as_they_are_compared() -> None:
    for table in ("ends", "stricter"):
        for word, like in STEPS[table].items():
            assert fold(word) == word
            assert [fold(one) for one in like] == like
            assert word not in like
            assert len(like) == len(set(like))
    assert len(STEPS["acts"]) == len(set(STEPS["acts"]))


@pytest.mark.parametrize(
    ("indicator", "actual", "taken"),
    [
        ("信访件办结数", "受理42件，办结41件", "实际取自叙述中与“办结”对应的数值“41件”"),
        ("信访件受理数", "受理42件，办结41件", "实际取自叙述中与“受理”对应的数值“42件”"),
        ("信访件办结数", "共办结41件，参与30人", "实际取自叙述中唯一的同单位数值“41件”"),
        ("信访件走访办结数", "走访42件，办结41件", ""),  # may be of both
        ("信访件办结数", "窗口42件，办结41件", ""),  # of which step the other is nobody says
        ("信访件办结数", "受理42件，未办结41件", ""),
    ],
)
def test_of_several_numbers_the_one_told_of_the_step_that_is_asked_for_is_taken(
    indicator: str, actual: str, taken: str
) -> None:
    found = read_pair(indicator, "≥40件", actual)
    assert (found.status != UNDECIDED) == bool(taken)
    assert taken in found.why


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(steps).failed == 0
