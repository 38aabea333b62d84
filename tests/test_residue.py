"""Words beside an amount: all of them are the row's own or known to change nothing, or the amount decides nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.model.folding import fold, vocabulary
from perfeval.model.reading import read_pair
from perfeval.model.residue import residue
from perfeval.model.schema import MET, MISSED, UNDECIDED
from perfeval.model.values import read

WORDS = vocabulary("words")
KNOWN = set(str(WORDS)) | set(str(vocabulary("units"))) | set("培训场次")
UNKNOWN = st.text(
    st.sampled_from([one for code in range(0x4E00, 0x9FA5) if (one := chr(code)) not in KNOWN and fold(one) == one]),
    min_size=1,
    max_size=6,
)
PLACES = (
    "{}12场",
    "12场{}",
    "12场（{}）",
    "12场，{}",
    "{}，12场",
    "共{}12场",
    "开展{}12场",
    "12场（共{}）",
    "培训12场{}",
    "{}达12场",
)


@given(UNKNOWN, st.sampled_from(PLACES))
def test_a_word_that_nobody_knows_leaves_it_open_wherever_it_stands(word: str, place: str) -> None:
    assert read_pair("培训场次", "≥12场", place.format(word)).status == UNDECIDED


@given(st.integers(1, 10**6), st.sampled_from(["场", "人次", "%", "万元", "户", ""]))
def test_an_amount_alone_leaves_nothing(number: int, unit: str) -> None:
    assert residue("", read("1"), read(f"{number}{unit}"), MET) == ""


@given(st.sampled_from([*WORDS["neutral"]["done"], *WORDS["neutral"]["about"]]))
def test_a_neutral_word_before_the_amount_leaves_nothing(word: str) -> None:
    assert residue("培训场次", read("≥12场"), read(f"{word}12场"), MET) == ""


@pytest.mark.parametrize(
    ("name", "target", "actual", "left"),
    [
        ("培训场次", "≥12场", "全年共举办各类业务培训12场", ""),
        ("培训场次", "≥12场", "签订12场培训协议", "签订"),
        ("培训场次", "≥12场", "举办12场培训协调会", "培训协调会"),
        ("培训场次", "≥12场", "12场（笔误）", "笔误"),
        ("培训场次", "≥12场", "12场？", "？"),
        ("培训场次", "≥12场", "12场/社区", "/社区"),
        ("培训场次", "≥12场", "12场，其中今年10场", "其中今年"),
        ("补贴标准", "80元/人·月", "每人每月80元", ""),
        ("考核名次", "前5名", "全区第3名", ""),
        ("经费", "≤5万元", "4.9万元整（已结清）", ""),
        ("新建充电桩", "≥5座", "累计达20座，其中新增3座", "累计"),
        ("累计培训场次", "≥12场", "累计培训12场，其中新增3场，口误", "口误"),
        ("培训场次", "≥12场", "12场（廣場舞、書畫展等）", ""),
        ("道路维修", "3条", "3条（甲路、乙巷、丙巷）", ""),
        ("道路维修", "3条", "3条（甲路、乙巷）", "甲路"),
        ("森林覆盖率", "65%", "65%（含灌木林）", ""),
        ("森林覆盖率", "65%", "65%（含退耕地）", "含退耕地"),
        ("培训场次", "≥12场", "12场，群众反映良好", ""),
        ("培训场次", "≥12场", "12场，群众反映较差", "群众反映较差"),
        ("培训合格率", "≥95%", "考试合格率96%", ""),
        ("办结率", "≥95%", "合格率96%", "合格率"),
        ("就业人数", "≥100人", "1-12月共就业120人", ""),
        ("就业人数", "≥100人", "就业120人（11月）", "11月"),
        ("环境改善", "明显改善", "邻街道环境明显改善", "邻街道环境明显改善"),
        ("环境改善", "明显改善", "环境明显改善", ""),
    ],
)
def test_what_is_left(name: str, target: str, actual: str, left: str) -> None:
    assert residue(name, read(target), read(actual), MET) == left


def test_the_document_s_year_is_no_other_one() -> None:
    found = [read_pair("培训场次", "≥12场", "2022年共开展培训12场", year=year).status for year in (2022, 2023, None)]
    assert found == [MET, UNDECIDED, UNDECIDED]


def test_a_clause_with_its_own_number_says_why_a_target_was_missed() -> None:
    assert read_pair("隐患整改率", "100%", "98%，2处正在整改").status == MISSED
    assert read_pair("隐患整改率", "≥98%", "98%，2处正在整改").status == UNDECIDED
    assert read_pair("隐患整改率", "100%", "98%，数据存疑").status == UNDECIDED


@pytest.mark.parametrize(
    ("name", "target", "actual", "said"),
    [
        ("培训场次", "≥12场", "签订12场培训协议", "写有“签订”，看不出说的是不是本年度完成的情况"),
        ("办结率", "≥95%", "受理100件，办结90件，办结率96%", "里的数算出来是90%，与所写的96%不一致"),
        ("办结率", "≥95%", "96%（90/100）", "里的数算出来是90%"),
        ("合格率", "≥95%", "抽检50批次，不合格10批次，合格率96%", "里的数算出来是80%"),
        ("培训场次", "≥12场", "12场（每季度2场）", "按“每季度”计是8场，前后不一致"),
        ("培训场次", "各社区12场", "13场", "写的是“各社区”，实际没有写"),
        ("办结率", "上年95%", "96%", "写的是“上年”，实际没有写"),
        ("完成时间", "2022年12月31日前", "自2022年12月20日", "写的是“自”，不是完成的时间"),
    ],
)
def test_the_doubt_is_said(name: str, target: str, actual: str, said: str) -> None:
    found = read_pair(name, target, actual)
    assert found.status == UNDECIDED
    assert said in found.why


@pytest.mark.parametrize("actual", ["受理52件，办结50件，办结率96.2%", "96.15%（50/52）", "96%（受理100件，办结96件）"])
def test_numbers_that_agree_are_no_doubt(actual: str) -> None:
    assert read_pair("办结率", "≥95%", actual).status == MET
