"""Reports as offices write them, in the outline of Wuhan's districts, for an office that does not exist."""

import csv
from collections.abc import Sequence
from pathlib import Path

import docx

UNIT = "示例市示例区人民政府示例街道办事处"
SHORT = "示例街道办事处"
CIRCLED = "①②③④⑤⑥⑦⑧⑨"


def totals(year: int = 2023, basic: str = "1,200.50", project: str = "800.00", total: str = "2,000.50") -> str:
    """The paragraph about execution."""
    return (
        f"{year}年度部门整体支出总预算为{total}万元，实际执行金额为{total}万元，资金执行率为100%。其中，"
        f"基本支出预算总额为{basic}万元，实际执行总额为{basic}万元，资金执行率为100%；"
        f"项目支出预算总额为{project}万元，实际执行总金额为600.00万元，资金执行率为75%。"
    ).replace(f"实际执行金额为{total}万元，资金执行率为100%。其中", "实际执行金额为1,800.50万元，资金执行率为90%。其中")


def report(year: int = 2023, analysis: Sequence[str] | None = None, *, money: Sequence[str] = ()) -> list[str]:
    """The lines of a report with two goals and five indicators, one of them not met; ``analysis`` replaces the last."""
    first, second = [*money, totals(year), totals(year)][:2]
    return [
        f"{year}年度{UNIT}",
        "部门整体绩效自评结果",
        "",
        "一、自评结论",
        "（一）部门整体绩效自评得分",
        f"“{year}年度{UNIT}部门整体”绩效自评得分96.50分。",
        "（二）部门整体绩效目标完成情况",
        "1.执行率情况",
        first,
        "2.完成的绩效目标",
        f"{year}年，{SHORT}全面推进各项工作。新建口袋公园3个。",
        "3.未完成的绩效目标",
        "“矛盾纠纷化解率”未完成年初目标值。",
        "（三）存在的问题和原因",
        "1.矛盾纠纷化解率偏低，主要原因是调解员人手不足。",
        "2.绩效指标设置不够全面。",
        "（四）下一步改进措施",
        "1.下一步改进措施，包括部门和单位整体绩效水平提高等相关内容",
        "（1）一方面充实调解队伍，提高矛盾纠纷化解率。另一方面完善考核办法。",
        "（2）细化绩效指标。",
        "2.拟与预算安排相结合情况",
        "编制预算时参考自评结果。压减低效项目。",
        "二、佐证材料",
        "（一）基本情况",
        "1.简要概述部门支出情况以及当年区委区政府布置的重点工作",
        "（1）部门支出情况",
        second,
        f"（2）{year}年区委区政府布置的重点工作",
        "①推进社区治理",
        "②改善辖区环境",
        "2.简要概述年度部门整体绩效目标",
        "年度目标1：社区治理经费",
        "年度目标2：环境卫生经费",
        "（二）部门自评工作开展情况",
        f"根据《关于开展绩效自评工作的通知》（示财〔{year + 1}〕8号）要求，{UNIT}成立了自评工作小组，制定工作方案。",
        "1.准备阶段（3月1日至3月5日）。召开布置会，制定方案；",
        "2.实施阶段（3月6日-15日）。收集资料；",
        "3.提交阶段（3月31日前）。提交报告。",
        "（三）绩效目标完成情况分析",
        "1.预算执行情况分析",
        totals(year),
        "2.绩效目标完成情况分析",
        *(analysis if analysis is not None else indicators(year)),
        "（四）上年度部门整体自评结果应用情况",
        "1.调整了两个项目的指标。",
        "（五）其他佐证材料",
        "无。",
    ]


def indicators(year: int = 2023) -> list[str]:
    """Two goals, five indicators."""
    return [
        "目标1：（1）产出指标完成情况分析",
        f"①议事会场次（年初目标值：≥12场）。{year}年度{SHORT}议事会场次为14场，完成年初目标。",
        f"②矛盾纠纷化解率（年初目标值：95%）。{SHORT}全年矛盾纠纷化解率为90%，未完成年初目标。",
        "（2）满意度指标完成情况",
        f"居民满意度（年初目标值：90%）。{year}年度{SHORT}居民满意度达到93.5%，圆满完成了年初目标值。",
        "目标2：（1）产出指标完成情况分析",
        f"①清运垃圾（年初目标值：完成）。{year}年{SHORT}及时清运垃圾，完成年初目标。",
        "（2）效益指标完成情况分析",
        f"市容环境（年初目标值：改善）。{year}年{SHORT}开展整治20次。拆除违建5处，市容环境明显改善，完成年初目标。",
    ]


EXPECTED = [
    ("1", "社区治理经费", "产出", "议事会场次", "≥12场", "14场", "完成年初目标"),
    ("1", "社区治理经费", "产出", "矛盾纠纷化解率", "95%", "90%", "未完成年初目标"),
    ("1", "社区治理经费", "满意度", "居民满意度", "90%", "93.5%", "圆满完成了年初目标值"),
    ("2", "环境卫生经费", "产出", "清运垃圾", "完成", "及时清运垃圾", "完成年初目标"),
    ("2", "环境卫生经费", "效益", "市容环境", "改善", "开展整治20次……市容环境明显改善", "完成年初目标"),
]
"""goal_no, goal, category, indicator, target, actual, declared_met of :func:`indicators`."""


def retold(table: Path, year: int = 2022, unit: str = "荣华街道办事处") -> list[str]:
    """The outline of a report whose indicator lines say what a table on file says, each at the line the table names."""
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    goals = {row["goal_no"]: row["goal"] for row in rows}
    head = [f"{year}年度{unit}部门整体绩效自评结果", "一、自评结论", "（一）部门整体绩效自评得分", "绩效自评得分98分。"]
    head += ["二、佐证材料", "（一）基本情况", "2.简要概述年度部门整体绩效目标"]
    head += [f"年度目标{number}：{name}" for number, name in goals.items()]
    head += ["（三）绩效目标完成情况分析", "2.绩效目标完成情况分析"]
    text: dict[int, str] = dict(enumerate(head, start=1))
    before = ("", "")
    for row in rows:
        line = int("".join(filter(str.isdigit, row["source"])))
        if (row["goal_no"], row["category"]) != before:
            goal = f"目标{row['goal_no']}：" if row["goal_no"] != before[0] else ""
            text[line - 1] = f"{goal}（1）{row['category']}指标完成情况分析"
            before = (row["goal_no"], row["category"])
        told = row["narrative"]
        subject = "" if told.startswith(f"{year}年") else f"{year}年度{unit}"
        status = "" if row["declared_met"] in told else f"，{row['declared_met']}。"
        text[line] = f"①{row['indicator']}（年初目标值：{row['target']}）。{subject}{told}{status}"
    return [text.get(number, "") for number in range(1, max(text) + 1)]


def write_txt(path: Path, lines: Sequence[str], encoding: str = "utf-8") -> Path:
    """A text file, one line a paragraph."""
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def write_docx(path: Path, lines: Sequence[str], table: Sequence[Sequence[str]] = (), at: str = "") -> Path:
    """A Word document, one paragraph a line; a table after the first paragraph that reads ``at``."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
        if table and line == at:
            grid = document.add_table(rows=0, cols=len(table[0]))
            for row in table:
                for cell, text in zip(grid.add_row().cells, row, strict=True):
                    cell.text = text
    document.save(str(path))
    return path
