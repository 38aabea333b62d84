"""The stress set: fictional offices at the edges of what a page, a mail and a document can be given, as files.

``python tests/stress.py 目录`` makes a project of them to look at; ``evaluation("many")`` is one of them in a test.
"""

import csv
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import perfeval as pe

YEAR, BEFORE = 2024, 2023
DISTRICT, CITY = "极端区", "示例市"
BUDGET = ("item", "opening", "adjusted", "executed")
INDICATORS = (
    "goal_no", "goal", "category", "subcategory", "indicator", "target", "actual", "declared_met", "reason", "measure",
)  # fmt: skip
Cells = tuple[str, ...]
SPENT: tuple[Cells, ...] = (
    ("部门整体支出", "1000.00", "1000.00", "962.40"),
    ("基本支出", "600.00", "600.00", "600.00"),
    ("项目支出", "400.00", "400.00", "362.40"),
)
MET = ("产出", "数量", "业务培训场次", "≥12场", "14场", "完成", "", "")
PARTLY = (
    "效益",
    "社会效益",
    "便民服务点布局",
    "布局合理",
    "部分达成预期指标并具有一定效果",
    "部分完成",
    "两处选址未定",
    "",
)
MISSED = (
    "产出", "质量", "消防隐患整治率", "100%", "70%", "未完成",
    "3处隐患涉及产权纠纷，业主委员会尚未成立", "协调产权单位，列入下年度老旧小区改造计划",
)  # fmt: skip
CLAIMED = ("产出", "时效", "环境整治", "按进度推进", "全年开展整治20次", "完成", "", "")
OPEN = ("满意度", "满意度", "居民满意度", "≥90%", "见附件", "", "", "")
BLANK = ("产出", "数量", "走访慰问人次", "≥100人次", "", "", "", "")
HELD = 'declared_score = "{}"\n'


@dataclass(frozen=True)
class Office:
    """One of the set: its name, its indicators by year (under goal 1 unless they say so), money and narrative."""

    name: str
    rows: Sequence[Cells]
    money: Sequence[Cells] = SPENT
    narrative: str = HELD.format("96.5")
    before: Sequence[Cells] = ()
    """Of the year before; none: that year is not on file."""
    goals: Sequence[str] = ("示例年度目标",)
    shown: Sequence[str] = field(default_factory=tuple)
    """What must stand on the page as it is."""


def named(row: Cells, name: str, **cells: str) -> Cells:
    """A row under another name, with other cells."""
    places = dict(zip(INDICATORS[2:], row, strict=True)) | {"indicator": name} | cells
    return tuple(places.values())


def _many() -> list[Cells]:
    """120 rows in twelve goals: met, met in part, missed for four reasons, on their word alone, undecided."""
    kinds = (MET, MET, CLAIMED, MET, MISSED, CLAIMED, MET, OPEN, PARTLY, MET)
    reasons = (
        "3处隐患涉及产权纠纷，业主委员会尚未成立", "上级资金第四季度才下达，招标推迟到下年度",
        "全年阴雨天较多，施工期缩短；施工单位中途更换，后续队伍于十一月进场", "",
    )  # fmt: skip
    found = []
    for place in range(120):
        row = kinds[place % 10]
        reason = {"reason": reasons[place // 10 % 4]} if row is MISSED else {}
        found.append(named(row, f"{row[2]}（第{place + 1}片区）", **reason))
    return found


LONG = (
    "关于进一步加强和改进辖区内老旧小区居住环境综合整治与公共服务设施配套建设以及长效管理机制完善工作的专项任务指标项"
)
RARE = "𠮷㙟䶮𪚥街道办事处"
"""From the extensions that people's and places' names use (GB 18030-2022, level 3): outside the BMP, and inside."""
_ZERO = tuple((item, "0.00", "0.00", "0.00") for item, *_ in SPENT)

OFFICES: dict[str, Office] = {
    "many": Office("百项街道办事处", _many(), goals=[f"第{n + 1}项年度目标" for n in range(12)]),
    "single": Office("独项街道办事处", [MET]),
    "nonemet": Office("未成街道办事处", [named(MISSED, f"{MISSED[2]}（{place}）") for place in "甲乙丙"]),
    "allmet": Office("全成街道办事处", [named(MET, f"{MET[2]}（{place}）") for place in "甲乙丙"]),
    "targets": Office(
        "未报街道办事处",
        [named(BLANK, f"{BLANK[2]}（{place}）") for place in "甲乙丙丁"],
        [(item, opening, adjusted, "") for item, opening, adjusted, _ in SPENT],
        "",
    ),
    "half": Office("半报街道办事处", [MET, MISSED, BLANK, named(BLANK, "慰问物资份数")]),
    "zero": Office("零额街道办事处", [MET, MISSED], _ZERO),
    "blankmoney": Office("空额街道办事处", [MET, MISSED], [(item, "", "", "") for item, *_ in SPENT]),
    "overspent": Office(
        "超支街道办事处", [MET, MISSED], [("部门整体支出", "1000.00", "1000.00", "1062.40"), *SPENT[1:2]]
    ),
    "unspent": Office("结余街道办事处", [MET, MISSED], [("部门整体支出", "1000.00", "1000.00", "412.40"), *SPENT[1:2]]),
    "undecided": Office("难判街道办事处", [named(OPEN, f"{OPEN[2]}（{place}）") for place in "甲乙丙"]),
    "claimed": Office("凭报街道办事处", [named(CLAIMED, f"{CLAIMED[2]}（{place}）") for place in "甲乙丙"]),
    "silent": Office("无言街道办事处", [MET, MISSED, CLAIMED], narrative=""),
    "above": Office("超百街道办事处", [MET, MISSED, CLAIMED], narrative=HELD.format("108.5")),
    "repeated": Office(
        "屡缺街道办事处",
        [MET, MISSED, named(MISSED, "信访积案化解率", actual="30%", reason="", measure="")],
        [("部门整体支出", "1000.00", "1000.00", "702.40"), *SPENT[1:2]],
        before=[MET, named(MISSED, MISSED[2], actual="80%"), named(MISSED, "信访积案化解率", actual="40%")],
    ),
    "rare": Office(
        RARE,
        [named(MET, "𠮷祥里培训场次"), named(MISSED, "㙟头隐患整治率", reason="经办人龚䶮调离"), named(CLAIMED, "堃字号巷整治")],
        narrative=HELD.format("96.5") + 'problems = [{text = "䶮家湾改造滞后", cause = "负责人王𠮷离任"}]\n',
        shown=("𠮷", "㙟", "䶮", "𪚥", "堃"),
    ),
    "longnames": Office(
        f"{LONG}街道办事处",
        [named(MET, f"{LONG}培训"), named(MISSED, f"{LONG}整治率"), named(CLAIMED, f"{LONG}整治")],
        goals=(LONG,),
        shown=(f"{LONG}街道办事处",),
    ),
    "rich": Office(
        "巨额街道办事处",
        [MET, MISSED],
        [
            ("部门整体支出", "123456789.01", "123456789.01", "123456789.01"),
            ("基本支出", "100000000.00", "100000000.00", "100000000.00"),
            ("项目支出", "23456789.01", "23456789.01", "23456789.01"),
        ],
        shown=("123,456,789.01",),
    ),
}  # fmt: skip


def write(data: Path, *names: str) -> Path:
    """These of the set, or all, as a data folder; returns it."""
    chosen = names or tuple(OFFICES)
    data.mkdir(parents=True, exist_ok=True)
    listed = [(name, OFFICES[name].name, DISTRICT, CITY, "", "是") for name in chosen]
    _csv(data / "subdistricts.csv", ("id", "name", "district", "city", "aliases", "synthetic"), listed)
    for name in chosen:
        office = OFFICES[name]
        for year, rows in ((BEFORE, office.before), (YEAR, office.rows)):
            if rows:
                _year(data / name / str(year), office, rows)
    return data


def _year(folder: Path, office: Office, rows: Sequence[Cells]) -> None:
    folder.mkdir(parents=True)
    size = -(-len(rows) // len(office.goals))
    goals = [(str(place // size + 1), office.goals[place // size]) for place in range(len(rows))]
    _csv(folder / "budget.csv", BUDGET, office.money)
    _csv(folder / "indicators.csv", INDICATORS, [goal + row for goal, row in zip(goals, rows, strict=True)])
    (folder / "narrative.toml").write_text(office.narrative, encoding="utf-8", newline="\n")


def _csv(path: Path, heading: Sequence[str], rows: Sequence[Cells]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heading, *rows])


@cache
def evaluation(name: str) -> pe.Evaluation:
    """One of the set, evaluated under the Hubei rules beside the year before, where that is on file."""
    with TemporaryDirectory() as folder:
        data = write(Path(folder) / "data", name)
        return pe.look_back(pe.evaluate(pe.load(data, years=YEAR)), data)


def project(folder: Path, *names: str) -> Path:
    """A project of them: data, the notebooks, settings; returns it."""
    write(folder / "data", *names)
    root = Path(__file__).parents[1]
    shutil.copytree(root / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    (folder / "perfeval.toml").write_text('[run]\nreports = ["annual", "trend", "overview"]\n', encoding="utf-8")
    return folder


if __name__ == "__main__":
    print(project(Path(sys.argv[1]), *sys.argv[2:]))  # noqa: T201
