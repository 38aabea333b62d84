"""How much of a report in words is read, and how much of it rightly, by wording.

``python benchmarks/wordings.py [--reports 300] [--seed 1]`` writes reports of fictional offices from a grammar of the
wordings offices use, reads them back and prints recall and precision for indicators (name, target and actual must all
be right), money, score, problems and measures. Wordings marked 不读 say nothing certain: whatever is read of them
counts against precision.
"""

import argparse
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from perfeval.ingest.document import Content, Document, Paragraph
from perfeval.ingest.prose import recognise_prose

UNITS = [
    "示例市甲区清河街道办事处",
    "示例市乙区柳溪街道办事处",
    "云州市丙区东湖街道",
    "示例县石桥镇人民政府",
    "云州市文化和旅游局",
]
RATES = [
    "垃圾分类覆盖率",
    "矛盾纠纷化解率",
    "隐患整改率",
    "居民满意度",
    "资金到位率",
    "12345热线办结率",
    "社区居民参与率",
    "验收合格率",
]
COUNTS = [
    ("新建口袋公园", "个"), ("改造老旧小区", "个"), ("开展消防培训", "场"), ("走访困难群众", "人次"),
    ("清运生活垃圾", "吨"),
    ("维修道路", "公里"), ("发放宣传册", "份"), ("安全检查", "家"), ("送戏下乡", "场"), ("志愿服务活动", "次"),
]  # fmt: skip
PROBLEMS = ["绩效指标设置不够细化", "预算编制不够精准", "基层队伍力量薄弱", "部分项目推进较慢", "资金支付进度不均衡"]
MEASURES = ["细化绩效指标", "提高预算编制质量", "加强队伍培训", "加快项目实施进度", "强化日常监控"]
Row = tuple[str, str, str]
Line = tuple[str, list[Row]]


@dataclass
class Truth:
    """A report and what it says."""

    lines: list[str]
    rows: dict[int, tuple[str, list[Row]]] = field(default_factory=dict)
    """By line: the wording and its rows."""
    money: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    score: tuple[Decimal, str] | None = None
    problems: list[str] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    wording: dict[str, str] = field(default_factory=dict)
    """By kind of content: the wording of this report."""


def number(rng: random.Random, most: int = 900) -> int:
    """A count."""
    return rng.randrange(2, most)


def rate_row(rng: random.Random) -> Row:
    """A rate with target and actual."""
    return (
        rng.choice(RATES),
        f"{rng.choice(['≥', '', '不低于'])}{rng.randrange(80, 99)}%",
        f"{rng.randrange(700, 1000) / 10:g}%",
    )


def count_row(rng: random.Random) -> Row:
    """A count with target and actual, both plain."""
    name, unit = rng.choice(COUNTS)
    target = number(rng)
    return name, f"{target}{unit}", f"{max(1, target + rng.randrange(-5, 20))}{unit}"


def labelled(text: str) -> Callable[[random.Random], Line]:
    """A wording of one indicator with target and actual."""

    def write(rng: random.Random) -> Line:
        row = rng.choice([rate_row, count_row])(rng)
        return text.format(n=row[0], t=row[1], a=row[2]), [row]

    return write


def counted(text: str) -> Callable[[random.Random], Line]:
    """A wording of one count."""

    def write(rng: random.Random) -> Line:
        row = count_row(rng)
        target, actual = (int("".join(filter(str.isdigit, part))) for part in row[1:])
        return text.format(
            n=row[0], t=row[1], a=row[2], r=f"{actual / target * 100:.2f}", v=row[0][:2], o=row[0][2:]
        ), [row]

    return write


def pair(text: str) -> Callable[[random.Random], Line]:
    """A wording of two indicators in one sentence."""

    def write(rng: random.Random) -> Line:
        first, second = rate_row(rng), rate_row(rng)
        while second[0] == first[0]:
            second = rate_row(rng)
        values = {"n": first[0], "t": first[1], "a": first[2], "m": second[0], "u": second[1], "b": second[2]}
        return text.format(**values), [first, second]

    return write


def nothing(*texts: str) -> Callable[[random.Random], Line]:
    """Sentences of which nothing may be read as an indicator."""

    def write(rng: random.Random) -> Line:
        name, unit = rng.choice(COUNTS)
        return rng.choice(texts).format(n=name, x=number(rng, 90), y=number(rng, 90), u=unit, r=rng.choice(RATES)), []

    return write


INDICATORS: dict[str, Callable[[random.Random], Line]] = {
    "（年初目标值：T）。…A": labelled("{n}（年初目标值：{t}）。本街道{n}为{a}，完成年初目标。"),
    "，年初目标值T，实际完成A": labelled("{n}，年初目标值{t}，实际完成{a}，完成年初目标。"),
    "，目标值为T，完成值为A": labelled("{n}，目标值为{t}，完成值为{a}。"),
    "：目标T、完成A": labelled("{n}：目标{t}，完成{a}。"),
    "（目标T，实际A）": labelled("{n}（目标{t}，实际{a}）；"),
    "（目标值：T；完成值：A）": labelled("{n}（目标值：{t}；完成值：{a}）。"),
    "达到A（目标值T）": labelled("{n}达到{a}（目标值{t}）。"),
    "实际完成A，年初目标T": labelled("{n}实际完成{a}，年初目标{t}。"),
    "目标为T，实际为A": labelled("{n}目标为{t}，实际为{a}，未完成目标。"),
    "指标值T，实际值A": labelled("{n}指标值{t}，实际值{a}。"),
    "计划NT，实际NA": counted("计划{n}{t}，实际{n}{a}。"),
    "N计划T，实际完成A": counted("{n}计划{t}，实际完成{a}，完成率{r}%。"),
    "计划VOT，实际VA": counted("计划{v}{o}{t}，实际{v}{a}。"),
    "应NT，实际A": counted("应{n}{t}，实际{n}{a}。"),
    "仅完成A": counted("{n}计划{t}，仅完成{a}。"),
    "两项各有目标和实际": pair("{n}目标值{t}，实际完成值{a}，{m}目标值{u}，实际完成值{b}。"),
    "两项括号": pair("{n}（目标值{t}，实际{a}）、{m}（目标值{u}，实际{b}）。"),
    "分别为": pair("{n}、{m}目标值分别为{t}、{u}，实际完成值分别为{a}、{b}。"),
    "不读：比上年": nothing("{n}{x}{u}，比上年增加{y}{u}。", "{r}同比提高{x}个百分点。", "较上年多{n}{x}{u}。"),
    "不读：未完成": nothing("未完成{n}{x}{u}的目标。", "尚有{x}{u}{n}任务未完成。"),
    "不读：没有对应": nothing("计划{n}{x}{u}，实际投入{y}万元。", "{r}、{n}分别为{x}%。"),
    "不读：年份文号": nothing(
        "根据示财〔2023〕{x}号文件第{y}条，2022年度继续实施。", "召开第{x}次专题会议，形成第{y}号纪要。"
    ),
    "不读：概况": nothing("本街道下辖{x}个社区，在职{y}人。", "内设{x}个科室，编制{y}人。"),
    "不读：计划下年": nothing("下年计划{n}{x}{u}，力争完成{y}{u}。", "拟于明年{n}{x}{u}。"),
}

MONEY: dict[str, str] = {
    "预算数…执行数…完成预算的": "{k}全年预算数为{B}万元，执行数为{E}万元，完成预算的{R}%。",
    "年初、调整后、实际支出、其中": "{y}年年初预算{O}万元，调整后预算{B}万元，实际支出{E}万元，"
    "其中：基本支出{E1}万元，项目支出{E2}万元。",
    "年初部门预算、决算": "{y}年度年初部门预算{O}万元，全年预算{B}万元，支出决算{E}万元，完成全年预算的{R}%。",
    "分别为": "{y}年度部门整体支出全年预算数、执行数分别为{B}万元、{E}万元，预算执行率{R}%。",
    "元": "{y}年度部门整体支出预算安排{Bw}元，实际使用{Ew}元，执行率为{R}%。",
    "两半各有预算和支出": "部门整体支出总预算{B}万元，实际支出{E}万元。"
    "基本支出预算{B1}万元，实际支出{E1}万元；项目支出预算{B2}万元，实际支出{E2}万元。",
    "上年和别的钱不读": "{y}年全年预算{B}万元，决算支出{E}万元，"
    "比上年增加{X}万元，年末结转{X}万元，其中：三公经费{X}万元。",
}
MONEY_READ = {
    "预算数…执行数…完成预算的": "BE", "年初、调整后、实际支出、其中": "OBE+e",
    "年初部门预算、决算": "OBE", "分别为": "BE", "元": "BE",
    "两半各有预算和支出": "BE+be", "上年和别的钱不读": "BE",
}  # fmt: skip
SCORES: dict[str, str] = {
    "自评得分S分，结论": "项目自评得分{S}分，自评结论为“{G}”。",
    "自评得分，等级为": "自评得分{S}分，等级为{G}。",
    "综合评分": "经自评，综合评分为{S}分，评价等级为“{G}”。",
    "满分100，得S": "自评总分100分，自评得分{S}分，评定等级：{G}。",
    "评价得分": "绩效评价得分为{S}分，绩效等级为{G}。",
    "自评总得分": "根据评价指标体系，自评总得分：{S}分，等级为“{G}”。",
}
PROBLEM_HEADS = [
    "四、存在的主要问题",
    "四、存在的问题及原因",
    "四、存在的问题及原因分析",
    "四、存在问题",
    "四、主要问题和不足",
    "四、绩效自评发现的主要问题",
]
MEASURE_HEADS = [
    "五、下一步改进措施",
    "五、改进措施",
    "五、有关建议",
    "五、下一步工作打算",
    "五、改进措施及建议",
    "五、整改措施",
    "五、下一步改进工作意见",
]


def money(rng: random.Random, truth: Truth, year: int, unit: str) -> str:
    """The sentence about money, and its truth."""
    wording = rng.choice(list(MONEY))
    basic, project = (Decimal(rng.randrange(10_000, 500_000)) / 100 for _ in range(2))
    spent = [Decimal(rng.randrange(8_000, 10_000)) / 10_000 for _ in range(2)]
    halves = [round(basic * spent[0], 2), round(project * spent[1], 2)]
    budget, executed, opening = (
        basic + project,
        sum(halves, Decimal(0)),
        basic + project - Decimal(rng.randrange(1, 500)),
    )
    values = {
        "O": opening, "B": budget, "E": executed, "B1": basic, "B2": project, "E1": halves[0], "E2": halves[1],
        "R": round(executed / budget * 100, 2), "X": rng.randrange(11, 99), "y": year,
        "k": rng.choice(["", "部门整体支出", unit]),
        "Bw": f"{budget * 10000:.0f}", "Ew": f"{executed * 10000:.0f}",
    }  # fmt: skip
    read = MONEY_READ[wording]
    whole = {"O": ("opening", opening), "B": ("adjusted", budget), "E": ("executed", executed)}
    truth.money = {("部门整体支出", whole[sign][0]): whole[sign][1] for sign in read.split("+")[0]}
    for sign, column, parts in (("b", "adjusted", (basic, project)), ("e", "executed", halves)):
        if sign in read:
            truth.money |= {(name, column): part for name, part in zip(("基本支出", "项目支出"), parts, strict=True)}
    truth.wording["金额"] = wording
    return MONEY[wording].format(**values)


def score(rng: random.Random, truth: Truth) -> str:
    """The sentence about the total, and its truth."""
    wording = rng.choice(list(SCORES))
    truth.score = Decimal(rng.randrange(800, 1000)) / 10, rng.choice(["优", "良", "优秀", "良好"])
    truth.wording["得分"] = wording
    return SCORES[wording].format(S=truth.score[0], G=truth.score[1])


def listed(rng: random.Random, texts: list[str]) -> list[str]:
    """A list of sentences in one of the ways lists are written."""
    way = rng.randrange(3)
    if way == 0:
        return [f"{at}.{text}。" for at, text in enumerate(texts, start=1)]
    if way == 1:
        return ["".join(f"{mark}是{text}；" for mark, text in zip("一二三四", texts, strict=False)).rstrip("；") + "。"]
    return [f"（{at}）{text}。" for at, text in enumerate(texts, start=1)]


def chapters(rng: random.Random) -> Truth:
    """A report with chapters of its own."""
    unit, year = rng.choice(UNITS), rng.randrange(2019, 2026)
    truth = Truth([f"{unit}{year}年度部门整体支出绩效{rng.choice(['自评', '评价'])}报告", "一、部门概况"])
    truth.lines.append(f"本街道下辖{number(rng, 20)}个社区，编制{number(rng, 90)}人。")
    truth.lines += ["二、预算执行情况", money(rng, truth, year, unit), "三、绩效目标完成情况"]
    kinds = [("产出指标", 6), ("效益指标", 3)]
    for kind, most in kinds:
        truth.lines.append(f"（{'一二'[kind == '效益指标']}）{kind}")
        seen: set[str] = set()
        for at in range(1, most):
            wording = rng.choice(list(INDICATORS))
            text, rows = INDICATORS[wording](rng)
            if seen & {row[0] for row in rows}:
                continue
            seen |= {row[0] for row in rows}
            truth.lines.append(f"{at}.{text}")
            truth.rows[len(truth.lines)] = wording, rows
    truth.problems, truth.measures = rng.sample(PROBLEMS, 2), rng.sample(MEASURES, 2)
    truth.wording |= {"问题": rng.choice(PROBLEM_HEADS), "措施": rng.choice(MEASURE_HEADS)}
    truth.lines += [
        truth.wording["问题"],
        *listed(rng, truth.problems),
        truth.wording["措施"],
        *listed(rng, truth.measures),
    ]
    truth.lines += ["六、自评结论", score(rng, truth)]
    return truth


def disclosed(rng: random.Random) -> Truth:
    """The paragraph on one project in an office's accounts."""
    unit, year = rng.choice(UNITS), rng.randrange(2019, 2026)
    rows = [(name, "", f"{number(rng)}{unit_}") for name, unit_ in rng.sample(COUNTS, 4)]
    told = "，".join(f"{name}{actual}" for name, _, actual in rows[:2])
    more = "，".join(f"{name}{actual}" for name, _, actual in rows[2:])
    truth = Truth([f"{unit}{year}年度部门决算", "十三、预算绩效情况说明"])
    truth.problems, truth.measures = rng.sample(PROBLEMS, 2), rng.sample(MEASURES, 1)
    ends = (
        rng.choice(["发现的主要问题：", "发现的主要问题及原因：", "存在的问题："]),
        rng.choice(["下一步改进措施：", "改进措施：", "下一步工作打算："]),
    )
    budget = Decimal(rng.randrange(1000, 90_000)) / 10
    executed = round(budget * Decimal(rng.randrange(80, 101)) / 100, 2)
    truth.money = {("年度资金总额", "adjusted"): budget, ("年度资金总额", "executed"): executed}
    truth.wording = {"金额": "决算段落", "问题": ends[0], "措施": ends[1]}
    truth.lines.append(
        f"公共服务项目绩效自评综述：根据年初设定的绩效目标，{score(rng, truth)}项目全年预算数为{budget}万元，"
        f"执行数为{executed}万元，完成预算的{round(executed / budget * 100, 2)}%。"
        f"项目绩效目标完成情况：一是{told}；二是{more}；三是场馆免费开放。"
        f"{ends[0]}一是{truth.problems[0]}；二是{truth.problems[1]}。{ends[1]}{truth.measures[0]}。"
    )
    truth.rows[3] = "决算段落：一是…二是…", rows
    return truth


def reports(count: int, seed: int) -> Iterator[Truth]:
    """Reports from the grammar, always the same for a seed."""
    rng = random.Random(seed)  # noqa: S311  # made-up reports, not secrets
    for at in range(count):
        yield disclosed(rng) if at % 4 == 0 else chapters(rng)


def read(truth: Truth) -> Document | None:
    """What is read of a report."""
    blocks = tuple(Paragraph(line, at) for at, line in enumerate(truth.lines, start=1))
    return next(iter(recognise_prose(Content("报告.txt", "txt", blocks))), None)


Tally = dict[tuple[str, str], Counter[str]]


def judge(truth: Truth, found: Document | None, tally: Tally) -> list[str]:
    """Count what a report says, what was read of it, and what of that is right; what went wrong, for people."""
    wrong: list[str] = []

    def count(kind: str, wording: str, said: set[object], got: set[object]) -> None:
        one = tally.setdefault((kind, wording), Counter())
        one.update(said=len(said), got=len(got), right=len(said & got))
        if said != got:
            wrong.append(f"{kind}｜{wording}｜{said - got}｜多：{got - said}")

    by_line: dict[int, set[object]] = {line: set() for line in truth.rows}
    if found is not None:
        for row in found.indicators.to_dict("records"):
            line = int("".join(filter(str.isdigit, row["source"])))
            by_line.setdefault(line, set()).add((row["indicator"], row["target"], row["actual"]))
    for line, got in by_line.items():
        wording, rows = truth.rows.get(line, ("不读：其他句子", []))
        count("指标", wording, set(rows), got)
    money: set[object] = set()
    for row in found.budget.to_dict("records") if found is not None else ():
        money |= {(row["item"], column, row[column]) for column in ("opening", "adjusted", "executed") if row[column]}
    count("金额", truth.wording["金额"], {(*key, value) for key, value in truth.money.items()}, money)
    told = found.narrative if found is not None else None
    total: set[object] = set()
    if told is not None and told.declared_score is not None:
        total = {(told.declared_score, told.declared_grade)}
    count("得分", truth.wording["得分"], {truth.score}, total)
    count(
        "问题", truth.wording["问题"], set(truth.problems), {bare(one.text) for one in told.problems} if told else set()
    )
    count("措施", truth.wording["措施"], set(truth.measures), {bare(one) for one in told.measures} if told else set())
    return wrong


def bare(text: str) -> str:
    """A problem or measure without the number of its list."""
    return text[2:] if text[1:2] == "是" else text


def rates(one: Counter[str]) -> tuple[float, float]:
    """Recall and precision."""
    return (one["right"] / one["said"] if one["said"] else 1.0), (one["right"] / one["got"] if one["got"] else 1.0)


def totals(tally: Tally) -> dict[str, Counter[str]]:
    """By kind of content, all wordings together."""
    found: dict[str, Counter[str]] = {}
    for (kind, _), one in tally.items():
        found.setdefault(kind, Counter()).update(one)
    return found


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reports", type=int, default=300)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--wrong", type=int, default=0, help="print that many differences")
    chosen = options.parse_args()
    tally: Tally = {}
    wrong = [line for truth in reports(chosen.reports, chosen.seed) for line in judge(truth, read(truth), tally)]
    print("| 内容 | 写法 | 应读 | 读出 | 正确 | 查全率 | 查准率 |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    rows = [*((kind, wording, one) for (kind, wording), one in sorted(tally.items())),
            *((kind, "**合计**", one) for kind, one in totals(tally).items())]  # fmt: skip
    for kind, wording, one in rows:
        recall, precision = rates(one)
        print(
            f"| {kind} | {wording} | {one['said']} | {one['got']} | {one['right']} | {recall:.1%} | {precision:.1%} |"
        )
    for line in wrong[: chosen.wrong]:
        print(line)


if __name__ == "__main__":
    main()
