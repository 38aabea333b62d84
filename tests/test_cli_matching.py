"""``perfeval match`` as its users meet it."""

import csv
from pathlib import Path

import pytest
import years

LIST = "data/shili/matches.csv"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A project with one office: in 2023 按期开工率 became 按期完工率, which only a person can decide."""
    folder = tmp_path / "项目"
    office = years.write(folder / "data")
    (folder / "perfeval.toml").write_text("", encoding="utf-8")
    for year, name in ((2022, "工程按期开工率"), (2023, "工程按期完工率")):
        with (office / str(year) / "indicators.csv").open("a", encoding="utf-8") as lines:
            lines.write(f"3,建设,产出,{name},95%,96%\n")
    return folder


def lines(place: Path) -> list[dict[str, str]]:
    with (place / LIST).open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def test_it_counts_the_kinds_and_lists_what_is_doubtful(command, place: Path) -> None:
    done = command("match", cwd=place)
    assert done.code == 0
    assert "  2020→2022：一致1，相近1，新增1，口径变更1" in done.out
    assert "  2022→2023：一致2，新增1，取消1，待判定1" in done.out
    assert "待人工判定1对：" in done.out
    assert "2023“工程按期完工率”（第5行） ← 2022“工程按期开工率”（第5行）  待判定  把握0.90" in done.out
    assert "加 --write 写成判定表" in done.out
    assert not (place / LIST).exists()


def test_json(command, place: Path) -> None:
    found = command("match", "-s", "shili", "--json", cwd=place).json
    assert found["subdistrict"] == "shili"
    assert found["written"] is None
    assert [(pair["previous_year"], pair["year"], pair["counts"]["一致"]) for pair in found["pairs"]] == [
        (2020, 2022, 1),
        (2022, 2023, 2),
    ]
    assert [(one["indicator"], one["row"], one["previous_row"]) for one in found["doubtful"]] == [
        ("工程按期完工率", 5, 5)
    ]


def test_the_list_is_written_decided_and_read_back(command, place: Path) -> None:
    written = command("match", "--write", cwd=place)
    assert written.code == 0, written.err
    assert f"已写入 {LIST}：新列入1对。" in written.out
    (line,) = lines(place)
    assert (line["年度"], line["三级指标"], line["年度目标"]) == ("2023", "工程按期完工率", "建设")
    assert (line["上年指标"], line["判定"]) == ("工程按期开工率", "")
    assert line["说明"].startswith("待判定，把握0.90：名称由“工程按期开工率”改为“工程按期完工率”")
    file = place / LIST
    undecided = file.read_bytes()
    assert "新列入0对" in command("match", "--write", cwd=place).out
    assert file.read_bytes() == undecided
    decided = file.read_text(encoding="utf-8").replace("开工率,建设,,", "开工率,建设,不同,")
    file.write_text(decided, encoding="utf-8")
    after = command("match", "--write", cwd=place)
    assert "没有待人工判定的。" in after.out
    assert "2022→2023：一致2，新增2，取消2" in after.out
    assert file.read_text(encoding="utf-8") == decided


def test_replacing_drops_what_is_no_longer_doubtful_and_keeps_decisions(command, place: Path) -> None:
    years.decide(
        place / "data" / "shili",
        "2022,网格案件办结率,,2020,网格案结率,,同一,看过",
        "2022,网格案件办结率,,2020,宣传活动,,,不再有疑问",
    )
    text = (place / LIST).read_text(encoding="utf-8").replace("说明\n", "说明,谁\n").replace("看过\n", "看过,甲\n")
    (place / LIST).write_text(text.replace("疑问\n", "疑问,\n"), encoding="utf-8")
    refused = command("match", "--write", cwd=place)
    assert refused.code == 2
    assert f"{LIST} 里有不认识的列“谁”，写入会丢失，没有写" in refused.err
    assert "谁" in (place / LIST).read_text(encoding="utf-8")
    done = command("match", "--write", "--replace", cwd=place)
    assert done.code == 0
    assert [(line["三级指标"], line["上年指标"], line["判定"]) for line in lines(place)] == [
        ("网格案件办结率", "网格案结率", "同一"),
        ("工程按期完工率", "工程按期开工率", ""),
    ]


def test_what_cannot_be_done_is_said(command, place: Path) -> None:
    alone = command("match", "-s", "ronghua")
    assert (alone.code, "只有2022一个年度，没有可对应的" in alone.err) == (2, True)
    years.write(place / "data", "jiaru")
    several = command("match", cwd=place)
    assert (several.code, "现有：jiaru、shili；请用 --subdistrict 指明" in several.err) == (2, True)
