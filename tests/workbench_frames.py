"""Frames as the store gives them, of fictional offices and of any size: for the workbench's tests and benchmark."""

import numpy as np
import pandas as pd

from perfeval.model import columns

VERDICTS = ["完成", "部分完成", "未完成", "凭申报完成", "无法判定"]
CATEGORIES = ["产出", "效益", "满意度", "成本"]
GOALS = ["环境整治", "公共安全", "社区服务", "文化活动", "优抚安置"]
NAMES = ["清运量", "巡查次数", "办结率", "满意率", "培训场次", "绿化面积", "调解件数", "支出控制数"]
SECOND = ["数量指标", "质量指标", "时效指标", "社会效益指标"]


def frames(
    offices: int = 4, years: tuple[int, ...] = (2021, 2022, 2023), each: int = 12, seed: int = 3, districts: int = 2
):
    """``rows, money, scores``: ``offices`` in ``districts``, ``each`` indicators an office-year."""
    draw = np.random.default_rng(seed)
    units = [(f"o{n:03d}", f"示例{n + 1:03d}街道", f"示例{n % districts + 1}区") for n in range(offices)]
    rows, scores, money = [], [], []
    for office, name, district in units:
        for year in years:
            inside = [row(draw, office, name, district, year, n) for n in range(each)]
            rows += inside
            scores.append(score(draw, office, name, district, year, inside))
            for n, goal in enumerate(GOALS):
                budget = round(float(draw.uniform(10, 900)), 2)
                executed = round(budget * float(draw.uniform(0.6, 1.02)), 2)
                money.append(
                    (
                        office,
                        name,
                        district,
                        year,
                        goal,
                        n + 1,
                        "part",
                        budget,
                        budget,
                        executed,
                        budget,
                        "全年预算数",
                        executed / budget,
                        budget - executed,
                        f"data/{office}/{year}/budget.csv",
                        n + 2,
                        True,
                    )
                )
    return (
        framed("rows", rows),
        framed("money", [dict(zip(MONEY, each, strict=True)) for each in money]),
        framed("scores", scores),
    )


MONEY = [
    "subdistrict",
    "name",
    "district",
    "year",
    "item",
    "goal_no",
    "role",
    "opening",
    "adjusted",
    "executed",
    "budget",
    "denominator",
    "rate",
    "unspent",
    "file",
    "row",
    "synthetic",
]


def row(draw, office: str, name: str, district: str, year: int, n: int) -> dict[str, object]:
    status = str(draw.choice(VERDICTS, p=[0.7, 0.06, 0.1, 0.08, 0.06]))
    wanted = int(draw.integers(1, 60)) * 10
    ratio = {
        "完成": 1 + float(draw.integers(0, 20)) / 100,
        "部分完成": 0.9,
        "未完成": float(draw.integers(20, 80)) / 100,
    }.get(status, np.nan)
    points = round(90 / 12, 2)
    lost = 0.0 if not ratio < 1 else round(points * (1 - ratio), 2)
    goal = GOALS[n % len(GOALS)]
    actual = "" if np.isnan(ratio) else f"{wanted * ratio:g}件"
    return {
        "subdistrict": office, "name": name, "district": district, "year": year, "goal_no": n % len(GOALS) + 1, "goal": goal,
        "category": CATEGORIES[n % 4], "subcategory": SECOND[n % 4], "indicator": f"{goal}{NAMES[n % len(NAMES)]}{n + 1}",
        "target": f"≥{wanted}件", "actual": actual, "unit": "件", "direction": "正向", "target_low": float(wanted), "target_high": np.nan,
        "actual_value": wanted * ratio, "value_unit": "件", "attainment": ratio, "status": status, "why": "目标值和完成值都是数" if actual else "没有完成值",
        "declared_status": "完成", "points": points, "score": points - lost, "lost": lost, "strict_score": points - lost, "declared_score": points,
        "derivation": f"{points:g}分 × {min(ratio, 1):.4g} ＝ {points - lost:g}分" if actual else "不能计算，按申报得满分", "reason": "进度偏慢" if lost else "",
        "measure": "加快进度" if lost else "", "target_from": "单元格", "weight": points, "common": f"c{n}", "track": f"{office}-{n}" + ("b" if n == 5 and year > 2021 else ""),
        "file": f"data/{office}/{year}/indicators.csv", "row": n + 2, "synthetic": True,
    }  # fmt: skip


def score(draw, office: str, name: str, district: str, year: int, rows: list[dict[str, object]]) -> dict[str, object]:
    held = [row["status"] for row in rows]
    met, partly, missed, declared, undecided = (held.count(one) for one in VERDICTS)
    most = met + declared + undecided
    budget = round(float(draw.uniform(1000, 9000)), 2)
    executed = round(budget * float(draw.uniform(0.7, 1.0)), 2)
    total = round(100 - float(draw.uniform(0, 20)), 2)
    if draw.random() < 0.05:
        budget = executed = np.nan
    if draw.random() < 0.05:
        total = np.nan
    return {
        "subdistrict": office, "name": name, "district": district, "year": year, "state": "已复算" if not np.isnan(total) else "均无法判定", "budget": budget, "executed": executed,
        "execution_rate": executed / budget, "rows": len(rows), "met": met, "partly": partly, "missed": missed, "declared": declared, "undecided": undecided, "most": most,
        "completion_low": met / len(rows), "completion_high": most / len(rows), "score": total, "strict": total - 3, "declared_score": 98.0, "score_low": total - 5, "score_high": total + 1,
        "grade": "优" if total >= 90 else "", "declared_grade": "优", "possible": 100.0, "execution_score": 18.0, "p0": int(draw.integers(0, 3)), "p1": 3, "p2": 5, "synthetic": True,
    }  # fmt: skip


def framed(name: str, records: list[dict[str, object]]) -> pd.DataFrame:
    """With the columns and dtypes the store gives; what the records leave out is empty."""
    empty = {"str": "", "bool": True, "int64": 0}
    held = columns.described(name)
    return columns.frame_of(
        name, [{one.name: record.get(one.name, empty.get(one.dtype, np.nan)) for one in held} for record in records]
    )
