"""What is said of a district: orders only as far as they hold, money with who holds it, nothing of what is missing."""

import pandas as pd
import pytest

from perfeval.model.peers import BELOW_FAR, NO_ROWS, NOT_CERTAIN, WITHIN
from perfeval.present import district


def placed(*offices: tuple[str, int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(offices, columns=["name", "band", "rank_low", "rank_high"])


def money(*offices: tuple[str, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(offices, columns=["name", "budget", "executed"])
    return frame.assign(unspent=frame["budget"] - frame["executed"])


@pytest.mark.parametrize(
    ("number", "told"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (32, "三十二"), (100, "100")]
)
def test_bands_are_counted_in_words(number: int, told: str) -> None:
    assert district.band(number) == f"第{told}档"


def test_only_the_order_that_holds_is_told() -> None:
    found = placed(("甲", 1, 1, 1), ("乙", 2, 2, 3), ("丙", 2, 2, 3), ("丁", 3, 4, 4))
    assert district.standing(found) == (
        "能分出先后的有三档，同一档内不排先后。",
        "名次不随规则和口径变化的有2个：甲第1、丁第4。",
    )
    tied = placed(("甲", 1, 1, 3), ("乙", 1, 1, 2), ("丙", 1, 2, 3))
    assert district.standing(tied) == (
        "各街道分不出先后。",
        "没有一个街道的名次不随规则和口径变化。",
        "可能居最后的有甲、丙两个街道，分不出先后。",
    )
    assert district.standing(tied.head(1)) == ()


def test_money_says_who_holds_it_where_offices_and_money_differ() -> None:
    offices = money(("甲", 1000, 700), ("乙", 100, 95), ("丙", 100, 96), ("丁", 100, 97), ("戊", 100, 100))
    said = district.spending(offices, 0.9)
    assert said == (
        "五个街道预算合计1,400.00万元，执行1,088.00万元，执行率77.7%。",
        "多数街道达到90%，未支出的312.00万元里，甲、乙、丙三个街道占99%。",
    )
    # the mean of the rates would be 91.6 %
    assert "91.6" not in "".join(said)


def test_overspent_money_does_not_hide_what_others_left() -> None:
    said = district.spending(money(("甲", 100, 80), ("乙", 100, 120)), 0.9)
    assert said == (
        "两个街道预算合计200.00万元，执行200.00万元，执行率100%。",
        "未支出的有甲20.00万元。",
        "执行数超过预算数的有乙20.00万元。",
    )
    assert district.spending(money(), 0.9) == ("没有一个街道的预算数和执行数齐全，不能合计。",)


@pytest.mark.parametrize(
    ("zones", "told"),
    [
        ([WITHIN, WITHIN], "各街道的完成率都在控制限之内，差别可能只是偶然。"),
        ([WITHIN, NOT_CERTAIN], "1个街道凭申报完成或无法判定的指标多，不能判定在控制限之内还是之外。"),
        ([BELOW_FAR, WITHIN], "甲的完成率在控制限之外。"),
        ([NO_ROWS, WITHIN], ""),
        ([], ""),
    ],
)
def test_chance_is_said_only_of_what_is_known(zones: list[str], told: str) -> None:
    assert district.chance(pd.DataFrame({"name": ["甲", "乙"][: len(zones)], "zone": zones}, dtype="str")) == told


def test_each_decision_names_its_offices_and_figures() -> None:
    found = pd.DataFrame(
        [
            ("说明原因", "a", "甲", "未支出20.00万元"),
            ("说明原因", "b", "乙", "未支出10.00万元"),
            ("研究共同原因", "", "甲、乙、丙", "清运率：3个街道"),
        ],
        columns=["asks", "subdistrict", "name", "figure"],
    )
    assert district.asked(found) == (
        "说明原因（2个街道）：甲未支出20.00万元；乙未支出10.00万元。",
        "研究共同原因（1项）：清运率：3个街道。",
    )
    assert district.asked(found.head(0)) == ()


def test_a_long_decision_says_how_many_it_does_not_name() -> None:
    found = pd.DataFrame(
        {"asks": ["核实"] * 8, "subdistrict": list("abcdefgh"), "name": list("abcdefgh"), "figure": ["1处"] * 8}
    )
    (said,) = district.asked(found)
    assert said.startswith("核实（8个街道）：a1处；")
    assert said.endswith("；f1处；其余2个街道见本页各表。")


def test_nothing_missed_is_not_everything_met() -> None:
    open_ = pd.DataFrame({"declared": [2], "undecided": [1]})
    assert district.nothing_missed(open_) == "各街道没有查明未完成的指标，3项凭申报完成或无法判定。"
    assert district.nothing_missed(open_ * 0) == "各街道的指标全部完成。"
    assert district.nothing_missed(open_.head(0)) == "没有可以比较的街道。"
