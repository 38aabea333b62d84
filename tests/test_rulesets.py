"""Rule sets are data: the presets hold their promises, a bad file is refused with every reason."""

from decimal import Decimal

import pytest

from perfeval.analysis import rulesets
from perfeval.model.errors import RuleSetError

GOOD = """
title = "某地"
source = "某文件第一条"
execution = 10
[[blocks]]
title = "全部"
points = 90
categories = ["产出", "效益", "满意度", "成本"]
[formulas]
positive = "B/A"
reverse = "2A"
[levels]
"完成" = { low = 0.8, high = 1.0, use = 1.0 }
"部分完成" = { low = 0.6, high = 0.8, use = 0.7 }
"未完成" = { low = 0.0, high = 0.6, use = 0.0 }
[rounding]
row = 2
total = 2
"""


def test_presets_are_there_and_valid() -> None:
    assert {"flat", "hubei", "mof2020"} <= set(rulesets.names())
    for name in rulesets.names():
        found = rulesets.preset(name)
        assert found.execution + sum(block.points for block in found.blocks) == 100
        assert found.source
        assert found.title


@pytest.mark.parametrize(
    ("name", "execution", "points"), [("hubei", 20, [40, 40]), ("mof2020", 10, [50, 30, 10]), ("flat", 20, [80])]
)
def test_points_of_the_presets(name: str, execution: int, points: list[int]) -> None:
    found = rulesets.preset(name)
    assert (found.execution, [block.points for block in found.blocks]) == (execution, points)


def test_a_users_own_is_read() -> None:
    found = rulesets.parse("mine", GOOD, "mine.toml")
    assert (found.name, found.reverse, found.levels["部分完成"].use, found.grades) == ("mine", "2A", Decimal("0.7"), ())


def test_an_unknown_name_gives_the_nearest() -> None:
    with pytest.raises(RuleSetError, match="是否指“hubei”"):
        rulesets.preset("hubie")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("execution = 10", "execution = 20", "合计须为100，现为110"),
        ("execution = 10", "executoin = 10", "不认识的键“executoin”，是否指“execution”？"),
        ("execution = 10", "execution = -10", "须是不小于0的数"),
        ('"成本"]', '"成木"]', "不认识的类别“成木”"),
        ('"成本"]', "]", "类别“成本”须恰好归入一块，现为0块"),
        ('positive = "B/A"', 'positive = "A-B"', "须是B/A之一"),
        ('reverse = "2A"', "", "缺少“reverse”"),
        ("low = 0.8", "low = 1.8", "0 ≤ low ≤ use ≤ high ≤ 1"),
        ("row = 2", "row = 9", "rounding.row"),
        ("[rounding]", "[grades]\n优 = 90\n[rounding]", "不是有效的TOML"),
        ("[rounding]", '[grades]\n"优" = 90\n[rounding]', "最低一档须从0起"),
        ("points = 90", "point = 90", "每块须写"),
    ],
)
def test_a_bad_one_is_refused_with_the_reason(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(RuleSetError, match=r"mine\.toml") as caught:
        rulesets.parse("mine", GOOD.replace(old, new), "mine.toml")
    assert said in str(caught.value)
