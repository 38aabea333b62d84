"""What a fictional office says in words: ``narrative.toml`` of one year."""

from decimal import Decimal

import numpy as np

from perfeval.demo.catalogue import CITY, DISTRICT, Goal
from perfeval.demo.planting import Row
from perfeval.model import fiction
from perfeval.model.schema import Issue, Narrative, Stage

LOW_RATE = Decimal("0.95")
"""Execution rate below which an office speaks of it."""
GRADES = ((Decimal(90), "优"), (Decimal(80), "良"), (Decimal(60), "中"))
TOLD = 5
"""How many results the summary names."""
MONEY_PROBLEM = ("项目资金执行进度偏慢，年末形成结转", "部分项目上半年前期手续办理时间长，支出集中在四季度")
MONEY_MEASURE = "按月通报项目资金支付进度，三季度末仍未启动的项目调整预算"
LINKAGE = (
    "下年度编制预算时，参考各项目本年执行进度核定金额",
    "对连续两年未完成目标的项目，重新论证后再安排预算",
    "将自评结果报街道办公会，作为项目排序的依据",
)
ORGANISATION = ("由财政所牵头成立自评工作组，各科室指定一名联系人", "自评底稿由经办人、科室负责人两级签字")


def grade(score: Decimal) -> str:
    """财预〔2020〕10号: 优≥90, 良≥80, 中≥60, else 差."""
    return next((name for lowest, name in GRADES if score >= lowest), "差")


def problems(rows: list[Row], rate: Decimal) -> list[Issue]:
    """Each missed indicator, and slow spending where it was slow."""
    found = [
        Issue(f"{row.name}为{row.cells['actual']}，没有达到{row.cells['target']}的目标", row.cause)
        for row in rows
        if row.missed and not row.extra
    ]
    return [*found, Issue(*MONEY_PROBLEM)] if rate < LOW_RATE else found


def tell(  # noqa: PLR0917  # called once, with everything drawn before
    rng: np.random.Generator,
    street: str,
    year: int,
    goals: list[Goal],
    rows: list[Row],
    rate: Decimal,
    before: list[str],
) -> Narrative:
    """Everything but the declared score; ``before`` are the indicators missed the year before."""
    office = f"{CITY}{DISTRICT}{street}办事处"
    met = [row for row in rows if not row.missed and row.spec.core]
    chosen = [met[place] for place in sorted(rng.choice(len(met), min(TOLD, len(met)), replace=False))]
    measures = list(dict.fromkeys(row.cells["measure"] for row in rows if row.missed and row.cells["measure"]))
    issues = problems(rows, rate)
    return Narrative(
        title=f"{year}年度{office}部门整体绩效自评",
        basis=f"《{DISTRICT}财政局关于开展{year + 1}年度预算绩效自评工作的通知》"
        f"（虚财〔{year + 1}〕{int(rng.integers(3, 40))}号）",
        summary=tuple(str(row.cells["narrative"]) for row in chosen),
        key_tasks=tuple(goal.task for goal in goals),
        problems=tuple(issues),
        measures=(*measures, *([MONEY_MEASURE] if rate < LOW_RATE else [])),
        budget_linkage=LINKAGE,
        stages=_stages(year + 1),
        organisation=ORGANISATION,
        surveys=tuple(row.survey for row in rows if row.survey is not None),
        last_year=_last_year(before, rows),
        other_evidence=("各科室自评底稿", "项目台账和验收资料"),
        sources=(fiction.FICTIONAL,),
    )


def _stages(year: int) -> tuple[Stage, ...]:
    return (
        Stage("部署准备", f"{year}-03-04", f"{year}-03-08", ("印发自评方案", "召开科室联系人会议")),
        Stage("填报核对", f"{year}-03-11", f"{year}-03-22", ("各科室填报自评表", "财政所核对资金和佐证资料")),
        Stage("汇总撰写", f"{year}-03-25", f"{year}-04-12", ("汇总评分", "撰写自评报告", "办公会审议")),
        Stage("报送公开", f"{year}-04-15", f"{year}-04-30", ("报送区财政局", "在网站公开")),
    )


def _last_year(before: list[str], rows: list[Row]) -> tuple[str, ...]:
    """What became of the indicators missed the year before."""
    now = {row.track.spec.name: row for row in rows if not row.extra}
    said = []
    for name in before:
        row = now.get(name)
        if row is None:
            said.append(f"上年未完成的“{name}”本年不再考核")
        elif row.missed:
            said.append(f"上年未完成的“{row.name}”仍未完成，已重新排定措施")
        else:
            said.append(f"上年未完成的“{row.name}”本年已完成")
    return tuple(said)
