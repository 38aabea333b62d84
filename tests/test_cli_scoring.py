"""``perfeval score``: declared and recomputed side by side."""

from decimal import Decimal
from pathlib import Path

import pytest

INDICATORS = """goal_no,goal,category,indicator,target,actual,weight,declared_score
1,参保,产出,全县参合人数,8755,8676,15,13
1,参保,产出,资金是否全部纳入医保统筹,100%,100%,15,15
1,参保,产出,资金是否全部及时纳入,100%,100%,10,10
1,参保,成本,配套资金每人每年,75元,75元,10,10
1,参保,效益,是否解决建档立卡人员看病难贵问题,95%,95%,30,27
1,参保,满意度,是否满意,95%,95%,10,9
"""
BUDGET = "item,opening,adjusted,executed,weight,declared_score\n年度资金总额,65.66,,65.07,10,9\n"
OURS = """
title = "本区"
source = "本区办法第三条"
execution = 30
[[blocks]]
title = "全部"
points = 70
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


@pytest.fixture
def scored_form(tmp_path: Path) -> Path:
    """A project with one form that prints weights and scores: rows of 93 under a total of 94."""
    folder = tmp_path / "项目" / "data" / "yibao" / "2020"
    folder.mkdir(parents=True)
    (folder / "indicators.csv").write_text(INDICATORS, encoding="utf-8")
    (folder / "budget.csv").write_text(BUDGET, encoding="utf-8")
    (folder / "narrative.toml").write_text("declared_score = 94\n", encoding="utf-8")
    (folder.parents[1] / "subdistricts.csv").write_text("id,name\nyibao,医保中心\n", encoding="utf-8")
    return tmp_path / "项目"


def test_json_holds_every_rule_set_with_rows_that_add_up(command) -> None:
    done = command("score", "--json")
    assert (done.code, done.err) == (0, "")
    scores = done.json["scores"]
    assert {one["ruleset"]: one["total"] for one in scores}.items() >= {
        ("hubei", 97.86), ("mof2020", 97.33), ("flat", 97.96)}  # fmt: skip
    assert {one["ruleset"] for one in scores if one["reproduces"]} == {"hubei", "flat", "chongqing"}
    for one in scores:
        assert set(one) == {
            "subdistrict", "year", "state", "unfilled", "declared", "ruleset", "total", "strict", "execution",
            "reproduces", "accounts", "rows"}  # fmt: skip
        assert set(one["rows"][0]) == {
            "indicator", "points", "score", "declared_score", "difference", "derivation"}  # fmt: skip
        shown = sum(Decimal(str(row["score"])) for row in one["rows"]) + Decimal(str(one["execution"]))
        assert round(shown, 2) == Decimal(str(one["total"]))
        assert one["strict"] <= one["total"]
        assert one["declared"] == 98


def test_the_page_says_which_rule_sets_reproduce_the_declared_total(command) -> None:
    done = command("score", "-s", "荣华街道办事处", "-y", "2022")
    assert done.code == 0
    assert "荣华街道办事处 2022　自评98分" in done.out
    assert "97.86 复算等级优  严格口径 63.79  四舍五入后与自评相同  hubei" in done.out
    assert "取整后与自评得分相同的规则：flat、hubei、chongqing" in done.out
    assert "信访积案化解率" in done.out
    assert "其余37项满分" in done.out


def test_rows_with_declared_scores_show_the_difference_and_totals_that_do_not_add_up(
    command, scored_form: Path
) -> None:
    done = command("score", "--ruleset", "mof2020", cwd=scored_form)
    assert done.code == 0, done.err
    assert "自评94分" in done.out
    assert "99.77 复算等级优" in done.out
    said = "自评得分94分，指标得分84分＋预算执行得分9分＝93分，自评高1分"
    assert f"  不符：{said}\n" in done.out
    assert "99.77 复算等级优  严格口径 99.77  自评低5.77分  mof2020" in done.out
    assert done.out.count("不符") == 1
    linted = command("lint", "--select", "P02", cwd=scored_form)
    assert said in linted.out.replace("\n", "")
    assert "是否解决建档立卡人员看病难贵问题　复算30/30分，自评27，差-3" in done.out
    assert "其余3项满分，与自评得分相同" in done.out
    rows = command("score", "--ruleset", "mof2020", "--json", cwd=scored_form).json["scores"][0]["rows"]
    assert [row["difference"] for row in rows] == [-1.8646, 0, 0, 0, -3, -1]


def test_a_rule_set_of_ones_own(command, scored_form: Path) -> None:
    (scored_form / "rules").mkdir()
    (scored_form / "rules" / "ours.toml").write_text(OURS, encoding="utf-8")
    one = command("score", "--ruleset", "rules/ours.toml", "--json", cwd=scored_form).json["scores"]
    assert [score["ruleset"] for score in one] == ["rules/ours.toml"]
    (scored_form / "perfeval.toml").write_text('[run]\nruleset = "rules/ours.toml"\n', encoding="utf-8")
    done = command("score", cwd=scored_form)
    assert "以下按 rules/ours.toml" in done.out
    assert "hubei" in done.out
    assert command("lint", cwd=scored_form).code in (0, 1)


def test_a_bad_one_is_refused_with_line_and_reason(command, scored_form: Path) -> None:
    (scored_form / "ours.toml").write_text(OURS.replace("points = 70", "points = 80"), encoding="utf-8")
    done = command("score", "--ruleset", "ours.toml", cwd=scored_form)
    assert done.code == 2
    assert "ours.toml 有1处错误" in done.err
    assert "第5行　blocks：execution 与各块 points 合计须为100，现为110" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--ruleset", "hubie"), "是否指“hubei”"),
        (("--ruleset", "没有.toml"), "没有计分规则文件 没有.toml"),
        (("--year", "2032"), "没有2032年度的数据"),
        (("--rulset", "hubei"), "没有选项“--rulset”，是否指“--ruleset”"),
    ],
)
def test_a_wrong_command_line(command, arguments: tuple[str, ...], said: str) -> None:
    done = command("score", *arguments)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_help_is_chinese(command) -> None:
    done = command("score", "--help")
    assert done.code == 0
    for part in ("用法：", "规则名称", "退出码："):
        assert part in done.out
    assert "Usage" not in done.out
