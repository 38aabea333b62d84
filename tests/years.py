"""Several years of an office that does not exist, as files."""

from pathlib import Path

BUDGET = "item,adjusted,executed\n基本支出,1000,1000\n项目支出,1000,{executed}\n部门整体支出,2000,{total}\n"
HEADING = "goal_no,goal,category,indicator,target,actual\n"
YEARS = {
    2020: (900, ["1,治理,产出,网格案结率,100%,98%", "1,治理,产出,宣传活动,5场,6场", "2,环境,效益,投诉件数,≤9件,7件"]),
    2022: (
        950,
        ["1,治理,产出,网格案件办结率,95%,96%", "1,治理,产出,宣传活动,90%,92%", "2,环境,效益,投诉件数,≤9件,8件"],
    ),
    2023: (1000, ["1,治理,产出,网格案件办结率,95%,97%", "2,环境,效益,投诉件数,≤9件,10件", "2,环境,产出,清运,3次,3次"]),
}
"""By year: project spending, and the lines of indicators.csv. 2021 is missing. Renamed: 网格案结率; broken: 宣传活动, which
is dropped after; new in 2023: 清运."""


def write(data: Path, office: str = "shili") -> Path:
    """The years as ``data/<office>/<year>/``; returns the office's folder."""
    for year, (spent, lines) in YEARS.items():
        folder = data / office / str(year)
        folder.mkdir(parents=True)
        budget = BUDGET.format(executed=spent, total=1000 + spent)
        (folder / "budget.csv").write_text(budget, encoding="utf-8")
        (folder / "indicators.csv").write_text(HEADING + "\n".join(lines) + "\n", encoding="utf-8")
        (folder / "narrative.toml").write_text("", encoding="utf-8")
    return data / office


def decide(office: Path, *lines: str) -> Path:
    """A ``matches.csv`` of these lines (year, indicator, goal, previous year, indicator and goal, decision, note)."""
    path = office / "matches.csv"
    heading = "年度,三级指标,年度目标,上年年度,上年指标,上年目标,判定,说明\n"
    path.write_text(heading + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path
