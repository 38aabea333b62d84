"""Rule sets are data: the presets hold their promises, a bad file is refused with every reason."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

import perfeval as pe
from perfeval.analysis import rulesets
from perfeval.analysis.rulesets.reference import reference
from perfeval.model.errors import RuleSetError
from perfeval.rules import find

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
    known = {"chongqing", "fasp2", "flat", "hubei", "mof2020", "mof2021cost", "sichuan"}
    assert known <= set(rulesets.names()), "a report on file names it"
    for name in rulesets.names():
        found = rulesets.preset(name)
        assert found.execution + sum(block.points for block in found.blocks) == 100
        assert found.source
        assert found.title


@pytest.mark.parametrize(
    ("name", "execution", "points"),
    [
        ("hubei", 20, [40, 40]),
        ("mof2020", 10, [50, 30, 10]),
        ("flat", 20, [80]),
        ("mof2021cost", 10, [20, 40, 20, 10]),
        ("fasp2", 10, [50, 30, 10]),
        ("chongqing", 10, [90]),
        ("sichuan", 10, [50, 30, 10]),
    ],
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
        ("execution = 10", "execution = -10", "execution：须是0到100的数"),
        ('"成本"]', '"成木"]', "不认识的类别“成木”"),
        ('"成本"]', "]", "类别“成本”须恰好归入一块，现为0块"),
        ('positive = "B/A"', 'positive = "A-B"', "须是B/A之一"),
        ('reverse = "2A"', "", "缺少“reverse”"),
        ("low = 0.8", "low = 1.8", "0 ≤ low ≤ use ≤ high ≤ 1"),
        ("row = 2", "row = 9", "rounding.row"),
        ("[rounding]", "[grades]\n优 = 90\n[rounding]", "不是有效的TOML"),
        ("[rounding]", '[grades]\n"优" = 90\n[rounding]', "最低一档须从0起"),
        ("points = 90", "point = 90", "每块须写"),
        ('reverse = "2A"', 'reverse = "2A"\nequal = "A=B"', "formulas.equal：须是B/A、deviation、exact之一"),
        ("execution = 10", 'execution = 10\nspread = "goal"', "spread：须是pooled、goals之一，现为“goal”"),
        ("[rounding]", '[over]\nmode = "punish"\n[rounding]', "over.mode：须是ignore、annotate、deduct之一"),
        ("[rounding]", "[over]\nfrom = 0.9\n[rounding]", "over.from：须是不小于1的数"),
        ("[rounding]", "[over]\nform = 1.3\n[rounding]", "over：不认识的键“form”，是否指“from”"),
        (
            "[rounding]",
            '[[fallback]]\nabsent = ["成本"]\nblocks = []\n[rounding]',
            "fallback（没有成本）：类别“产出”须恰好归入一块",
        ),
        ("[rounding]", '[[fallback]]\nabsent = ["花费"]\nblocks = []\n[rounding]', "fallback：须写 absent"),
        ("total = 2", "total = 2\nshares = 4", "rounding：不认识的键“shares”"),
        ("execution = 10", "execution = 10\ngrades = 3", "grades：须是一段［grades］"),
        ("execution = 10", 'execution = "十"', "execution：须是0到100的数"),
        ('title = "某地"', 'title = " "', "title：不能空着"),
        ('source = "某文件第一条"', 'source = ""', "source：不能空着"),
        ("low = 0.6, high = 0.8", "low = 0.6, high = 0.81", "levels：“部分完成”的high（0.81）高于“完成”的low（0.8）"),
        ("high = 0.6, use = 0.0", "high = 0.61, use = 0.0", "levels：“未完成”的high（0.61）高于“部分完成”的low（0.6）"),
        ("[rounding]", '[grades]\n"优" = 80\n"良" = 80\n"差" = 0\n[rounding]', "grades：“优”和“良”的最低分都是80"),
        ("[rounding]", "[over]\nfrom = 1.3\n[rounding]", "over：写了from，没有写mode"),
        (
            "[rounding]",
            "".join(
                f'[[fallback]]\nabsent = [{absent}]\nblocks = [{{title = "全部", points = 90, categories = ["产出", "效益"]}}]\n'
                for absent in ('"成本", "满意度"', '"满意度", "成本"')
            )
            + "[rounding]",
            "fallback：两段都是没有满意度、成本时用的",
        ),
    ],
)
def test_a_bad_one_is_refused_with_the_reason(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(RuleSetError, match=r"mine\.toml") as caught:
        rulesets.parse("mine", GOOD.replace(old, new), "mine.toml")
    assert said in str(caught.value)


def test_everything_wrong_is_said_at_once_with_its_line() -> None:
    text = (
        GOOD.replace("points = 90", "points = -1")
        .replace('reverse = "2A"', 'reverse = "3A"')
        .replace("row = 2", "row = 9")
    )
    with pytest.raises(RuleSetError) as caught:
        rulesets.parse("mine", text, "mine.toml")
    lines = str(caught.value).splitlines()
    assert lines[0] == "计分规则 mine.toml 有3处错误："
    for key in ("points = -1", 'reverse = "3A"', "row = 9"):
        number = text.splitlines().index(key) + 1
        assert any(line.startswith(f"  第{number}行") for line in lines), key


def test_a_key_that_is_missing_has_the_line_of_its_table() -> None:
    text = GOOD.replace('reverse = "2A"\n', "")
    with pytest.raises(RuleSetError, match=f"第{text.splitlines().index('[formulas]') + 1}行　formulas：缺少“reverse”"):
        rulesets.parse("mine", text, "mine.toml")


def test_options_have_defaults_and_are_read() -> None:
    plain = rulesets.parse("mine", GOOD, "mine.toml")
    assert (plain.spread, plain.equal, plain.over.mode, plain.share_places, plain.fallbacks) == (
        "pooled", "B/A", "ignore", None, ())  # fmt: skip
    text = GOOD.replace("execution = 10", 'execution = 10\nspread = "goals"') + '[over]\nmode = "deduct"\nfrom = 1.5\n'
    found = rulesets.parse("mine", text, "mine.toml")
    assert (found.spread, found.over.mode, found.over.start) == ("goals", "deduct", Decimal("1.5"))


def test_fallbacks_of_2021() -> None:
    found = rulesets.preset("mof2021cost")
    split = {one.absent: [block.points for block in one.blocks] for one in found.fallbacks}
    assert split[("成本",)] == [50, 30, 10]
    assert split[("成本", "满意度")] == [50, 40]


def test_the_page_of_the_presets_is_up_to_date(root) -> None:
    assert (root / "docs" / "rulesets.md").read_text(encoding="utf-8") == reference(), (
        "python -m perfeval.analysis.rulesets docs/rulesets.md"
    )


@pytest.mark.parametrize("name", rulesets.names())
def test_a_users_own_file_is_found_beside_the_data(name: str, tmp_path: Path, root: Path) -> None:
    (tmp_path / "rules").mkdir()
    source = root / "perfeval" / "analysis" / "rulesets" / f"{name}.toml"
    (tmp_path / "rules" / "ours.toml").write_text(source.read_text(encoding="utf-8"), encoding="utf-8-sig")
    found = find("rules/ours.toml", tmp_path)
    assert (found.name, found.blocks) == ("rules/ours.toml", rulesets.preset(name).blocks)
    assert find(str(tmp_path / "rules" / "ours.toml"), tmp_path).name == "ours.toml"


def test_evaluate_takes_a_path(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(root / "data", tmp_path / "data")
    (tmp_path / "ours.toml").write_text(GOOD, encoding="utf-8")
    for folder, data_dir in ((tmp_path, "data"), (tmp_path / "data", "."), (tmp_path / "data" / "ronghua", "..")):
        monkeypatch.chdir(folder)
        result = pe.evaluate(pe.load(data_dir, subdistrict="ronghua", years=2022), ruleset="ours.toml")
        assert result.ruleset.title == "某地"
        assert "ours.toml" in set(result.alternatives["ruleset"])


def test_a_file_that_is_not_there_or_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_bytes("title = '某地'".encode("gbk"))
    with pytest.raises(RuleSetError, match=r"ours\.toml 不是UTF-8编码"):
        find("ours.toml", tmp_path)
    with pytest.raises(RuleSetError, match=r"没有计分规则文件 our\.toml.*是否指“ours\.toml”"):
        find("our.toml", tmp_path)
