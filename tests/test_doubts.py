"""Pairs of target and actual that were judged by hand before any program read them, and the verdicts each may have.

``golden/judged.csv`` has kinds, not cases: each defect that was found (12场（更正：10场）, 6月前 beside 6月, 3类 beside
2类) with its siblings and with the near misses that must go on being decided. 无法判定 is allowed where a person could
decide but a program may leave it; a verdict that is not allowed is a silent wrong one.
"""

import csv
from pathlib import Path

import pytest

from perfeval.analysis.judging import explain
from perfeval.model.reading import read_pair
from perfeval.model.schema import POSITIVE
from perfeval.model.verdicts import CLAIMED, MET

with (Path(__file__).parent / "golden" / "judged.csv").open(encoding="utf-8", newline="") as file:
    PAIRS = list(csv.DictReader(file))


@pytest.mark.parametrize("row", PAIRS, ids=lambda row: f"{row['indicator']}:{row['target']}:{row['actual']}")
def test_no_verdict_that_a_person_would_not_give(row: dict[str, str]) -> None:
    year = int(row["year"]) if row["year"] else None
    found = read_pair(row["indicator"], row["target"], row["actual"], unit=row["unit"], year=year)
    given = CLAIMED if found.status == MET and found.unmeasured else found.status
    assert given in row["allowed"].split("|"), found.why


@pytest.mark.parametrize(
    ("name", "target", "actual", "said"),
    [
        ("培训场次", "≥12场", "12场（更正：10场）", "另写有“更正:10场”，看不出以哪一个数为准"),
        ("培训人数", "50人（后调整为60人）", "55人", "目标“50人(后调整为60人)”另写有“后调整为60人”"),
        ("完成时间", "6月前", "6月10日", "“6月前”含不含当期，看不出"),
        ("水质类别", "3类", "4类", "“类”是等级、类别，看不出数大为好还是数小为好"),
        ("公示时间", "7天", "5天", "看不出是越短越好还是须满这么长"),
        ("培训人次", "50", "100%", "目标“50”没有单位，另一方是百分数"),
        ("安全事故数", "=0", "-3", "实际-3小于0，而这样的指标不会小于0，请核对"),
        ("新建公厕", "150座（三年）", "55座", "写的是几个年度（“三年”）的数"),
        ("退件率", "5%", "6%", "名称“退件率”像是越少越好的事"),
        ("出水pH值", "6-9", "9.8", "有上下限，实际在范围以外"),
        ("租金", "≤2万元/月", "24万元", "一方按“月”计，一方没有"),
        ("合格率", "≥95%", "95%左右", "是约数，与目标≥95%接近"),
        ("拨付时间", "5月底前", "2021年5月", "实际不在2022年度"),
    ],
)
def test_the_doubt_is_said(name: str, target: str, actual: str, said: str) -> None:
    assert said in read_pair(name, target, actual, year=2022).why


def test_a_direction_that_the_row_gives_is_not_doubted() -> None:
    assert read_pair("资质等级", "2级", "3级", direction=POSITIVE).status == MET


def test_words_beside_a_number_that_cannot_be_compared_are_the_office_s_word() -> None:
    facts = explain(indicator="灭火设备配备率", target="100%", actual="1000件 达成预期指标")
    assert (facts["status"], facts["basis"]) == (MET, "declared")


def test_a_text_beside_a_number_is_told_whole_up_to_20_characters_and_its_first_20_beyond() -> None:
    aside = "经区里再次开会研究决定后调整为共60人"
    for text, shown in ((f"又{aside}", f"又{aside}"), (f"又又{aside}", f"又又{aside[:-1]}…")):
        assert len(shown.removesuffix("…")) == 20
        assert f"另写有“{shown}”" in read_pair("培训人数", f"50人（{text}）", "55人").why
