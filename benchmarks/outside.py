"""What the work itself is worth: the annual report of one office by plain Python, lists and string templates.

No pandas, no Jupyter, no matplotlib and nothing of perfeval: the standard library reads the same CSV and TOML files
(perfeval's rule sets too), computes the same figures and writes a page with the same parts, its charts as SVG text.
``benchmarks/reports.py`` takes it as the measure of all other ways, after :func:`differences` has found none between
its figures and ``result.json``.

It is cut to the forms of the demo, where perfeval reads whatever offices write: one spelling of each number, weights in
every row, two words for met. Of some ninety rules that find what reviewers object to, it knows four. It is therefore
less work than a report is, and the ratio to it says at most what generality and those rules cost.
"""

import argparse
import csv
import json
import re
import tomllib
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

RULES = Path(__file__).parents[1] / "perfeval" / "analysis" / "rulesets"
MET, MISSED, DECLARED, UNDECIDED = "完成", "未完成", "凭申报完成", "无法判定"
VERDICTS = (MET, MISSED, DECLARED, UNDECIDED)
COLOURS = dict(zip(VERDICTS, ("#1a7f4b", "#c0392b", "#8a8f98", "#d9dce1"), strict=True))
POSITIVE, REVERSE, DEADLINE, WORDS = "正向", "反向", "时限", "定性"
AMOUNT = re.compile(r"(≥|≤|不少于|不低于|大于等于|达到|不超过|小于等于|约)?([0-9.]+)([^0-9以]*)(以上)?")
AT_MOST = ("≤", "不超过", "小于等于")
DATE = re.compile(r"([0-9]+)月(?:([0-9]+)日|底前(?:完成)?)")
NAMED = re.compile(r"[0-9.]+%$")
SHARE = re.compile("(?:满意度|合格率|覆盖率|及时率|准确率|达标率|知晓率|整改率|办结率|完好率)")
"""Shares that cannot be more than all."""
ADVERSE = re.compile("(?:事故|疫情|投诉)(?:起数|件数|次数)$")
MONEY = ("opening", "adjusted", "executed")
ONE, NONE = Decimal(1), Decimal(0)
LISTS = (
    ("key_tasks", "当年重点工作"),
    ("measures", "改进措施"),
    ("budget_linkage", "拟与预算安排相结合情况"),
    ("organisation", "部门自评工作开展情况"),
    ("last_year", "上年度自评结果应用情况"),
    ("other_evidence", "其他佐证材料"),
)
OVER = Decimal("1.3")


class Verdict(NamedTuple):
    """What target and actual of a row say."""

    direction: str
    status: str
    attainment: Decimal | None
    why: str
    a: Decimal | None = None
    b: Decimal | None = None
    word: bool = False
    """Whether a word stands where a number was wanted."""


def half_up(number: Decimal, places: int) -> Decimal:
    """Rounded as offices do."""
    return number.quantize(ONE.scaleb(-places), ROUND_HALF_UP)


def judged(name: str, target: str, actual: str) -> Verdict:
    """A row's verdict from its target and actual alone."""
    if target == MET and (named := NAMED.search(name)):
        target = named[0]
    due, done = DATE.fullmatch(target), DATE.fullmatch(actual)
    if due and done:
        late = (int(done[1]), int(done[2] or 31)) > (int(due[1]), int(due[2] or 31))
        why = f"实际{actual}，目标{target}，{'晚于期限' if late else '按期完成'}"
        return Verdict(DEADLINE, MISSED if late else MET, NONE if late else ONE, why)
    wanted, given = AMOUNT.fullmatch(target), AMOUNT.fullmatch(actual)
    if wanted is None:
        met = bool(actual) and target == actual
        return Verdict(WORDS, MET if met else UNDECIDED, None, f"目标“{target}”，实际“{actual}”")
    direction = REVERSE if wanted[1] in AT_MOST or (not wanted[1] and ADVERSE.search(name)) else POSITIVE
    if given is None:
        word = actual.endswith(MET)
        why = f"目标{target}，实际没有数值" if actual else "未填实际完成值"
        return Verdict(direction, MET if word else UNDECIDED, None, why, word=word)
    a, b = Decimal(wanted[2]), Decimal(given[2])
    if given[3] == "%" and b > 100 and SHARE.search(name):  # noqa: PLR2004  # per cent
        return Verdict(direction, UNDECIDED, None, f"实际{actual}超过100%")
    met = b <= a if direction == REVERSE else b >= a
    if direction == REVERSE:
        attainment = a / b if a and b else ONE if met else NONE
        why = f"目标{target} ÷ 实际{actual}"
    else:
        attainment = b / a
        why = f"实际{actual} ÷ 目标{target}"
    told = f"{why} = {half_up(100 * attainment, 2)}%，{'达到' if met else '未达到'}目标"
    return Verdict(direction, MET if met else MISSED, attainment, told, a, b)


@cache
def rule_sets() -> dict[str, dict[str, Any]]:
    """The rule sets on file, read once a process."""
    return {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(RULES.glob("*.toml"))}


def share(row: dict[str, Any], rules: dict[str, Any], *, strict: bool) -> Decimal:
    """The part of its points that a row earns."""
    verdict: Verdict = row["verdict"]
    if row["basis"] == "declared":
        return NONE if strict else Decimal(str(rules["levels"][row["printed"]]["use"])) if row["printed"] else NONE
    if verdict.attainment is None:
        return Decimal(str(rules["levels"][verdict.status]["use"]))
    found = verdict.attainment
    if verdict.direction == REVERSE and rules["formulas"]["reverse"] == "2A" and verdict.a and verdict.b is not None:
        found = 2 - verdict.b / verdict.a
    found = min(max(found, NONE), ONE)
    places = rules["rounding"].get("share")
    return found if places is None else half_up(found, places)


def total(rows: list[dict[str, Any]], execution: Decimal, rules: dict[str, Any], *, strict: bool) -> Decimal:
    """The total of an office under a rule set."""
    places = rules["rounding"]["row"]
    each = (half_up(row["points"] * share(row, rules, strict=strict), places) for row in rows)
    return half_up(sum(each, half_up(execution, places)), rules["rounding"]["total"])


def grade(points: Decimal, possible: Decimal, rules: dict[str, Any]) -> str:
    """The grade of a total; a form whose points are not about 100 has none."""
    if abs(possible - 100) > 1:
        return ""
    return next((name for name, lowest in rules.get("grades", {}).items() if points >= lowest), "")


def read_rows(file: Path) -> list[dict[str, Any]]:
    """The indicators with their verdicts."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows: list[dict[str, Any]] = list(csv.DictReader(lines))
    for place, row in enumerate(rows, start=2):
        verdict = judged(row["indicator"], row["target"], row["actual"])
        said = row["declared_met"]
        printed = (MISSED if said.startswith("未") else MET) if said else ""
        open_ = verdict.status == UNDECIDED
        basis = "declared" if verdict.word or (open_ and printed) else "none" if open_ else "computed"
        status = (printed or UNDECIDED) if open_ else verdict.status
        told = DECLARED if basis == "declared" and status == MET else status
        row |= {"place": place, "verdict": verdict, "printed": printed, "basis": basis, "status": told}
        row["points"] = Decimal(row["weight"])
    return rows


def read_money(file: Path) -> list[dict[str, Any]]:
    """The budget rows with their rates."""
    with file.open(encoding="utf-8", newline="") as lines:
        items: list[dict[str, Any]] = list(csv.DictReader(lines))
    for item in items:
        item |= {column: Decimal(item[column]) if item[column] else None for column in MONEY}
        item["rate"] = item["executed"] / item["adjusted"] if item["adjusted"] else None
        item["unspent"] = item["adjusted"] - item["executed"]
    return items


def identities(items: list[dict[str, Any]]) -> list[tuple[str, Decimal, Decimal]]:
    """The sums that have to close."""
    by_name = {item["item"]: item for item in items if not item["goal_no"]}
    goals, found = [item for item in items if item["goal_no"]], []
    for column, title in zip(MONEY, ("年初预算数", "全年预算数", "全年执行数"), strict=True):
        parts = [by_name[name][column] for name in ("基本支出", "项目支出")]
        if None not in (*parts, by_name["部门整体支出"][column]):
            found.append(
                (f"基本支出＋项目支出＝部门整体支出（{title}）", sum(parts, NONE), by_name["部门整体支出"][column])
            )
        each = [item[column] for item in goals]
        if goals and None not in (*each, parts[1]):
            found.append((f"各目标资金合计＝项目支出（{title}）", sum(each, NONE), parts[1]))
    return found


def counted(rows: list[dict[str, Any]], column: str) -> dict[str, dict[str, int]]:
    """How many rows of each kind have which verdict."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row[column], dict.fromkeys(VERDICTS, 0))[row["status"]] += 1
    return found


def objections(rows: list[dict[str, Any]], sums: list[tuple[str, Decimal, Decimal]]) -> list[tuple[str, str, str]]:
    """Four things that a reviewer asks about."""
    found = []
    for row in rows:
        if row["verdict"].status == MISSED and row["printed"] == MET:
            found.append(("申报完成，数据却没有完成", f"第{row['place']}行", row["verdict"].why))
        over = row["verdict"].attainment or NONE
        if row["verdict"].direction == POSITIVE and over >= OVER and not row["reason"]:
            found.append(("超额较多而没有说明", f"第{row['place']}行", row["verdict"].why))
    kinds = defaultdict(set)
    for row in rows:
        kinds[row["goal_no"], row["goal"]].add(row["category"])
    found += [
        ("目标缺少满意度指标", f"目标{number}", name) for (number, name), has in kinds.items() if "满意度" not in has
    ]
    found += [("合计关系不符", title, f"{left}与{right}") for title, left, right in sums if left != right]
    return found


def evaluated(folder: Path, subdistrict: str, year: int, ruleset: str) -> dict[str, Any]:
    """All figures of one office and year."""
    place = folder / subdistrict / str(year)
    rows, items = read_rows(place / "indicators.csv"), read_money(place / "budget.csv")
    narrative = tomllib.loads((place / "narrative.toml").read_text(encoding="utf-8"))
    whole = items[0]
    weight = Decimal(whole["weight"])
    execution = weight * min(whole["rate"], ONE)
    possible = weight + sum((row["points"] for row in rows), NONE)
    rules = rule_sets()[ruleset]
    places = rules["rounding"]["row"]
    for row in rows:
        row["score"] = half_up(row["points"] * share(row, rules, strict=False), places)
        row["strict"] = half_up(row["points"] * share(row, rules, strict=True), places)
    alternatives = []
    for name, other in rule_sets().items():
        both = [total(rows, execution, other, strict=strict) for strict in (False, True)]
        alternatives.append((name, other["title"], *both, grade(both[0], possible, other)))
    mine = next(one for one in alternatives if one[0] == ruleset)
    sums = identities(items)
    return {
        "rows": rows,
        "items": items,
        "narrative": narrative,
        "execution": (whole["adjusted"], whole["executed"], whole["rate"], half_up(execution, places)),
        "score": mine[2],
        "strict": mine[3],
        "grade": mine[4],
        "alternatives": alternatives,
        "identities": sums,
        "by_category": counted(rows, "category"),
        "by_goal": counted(rows, "goal"),
        "objections": objections(rows, sums),
        "possible": possible,
    }


def differences(own: dict[str, Any], result: dict[str, Any]) -> list[str]:
    """What is not as in a report's result.json; numbers to the cent."""

    def counts(blocks: list[dict[str, Any]], key: str) -> dict[str, tuple[int, ...]]:
        return {one[key]: tuple(one[name] for name in ("met", "missed", "declared", "undecided")) for one in blocks}

    def mine(blocks: dict[str, dict[str, int]]) -> dict[str, tuple[int, ...]]:
        return {name: tuple(of.values()) for name, of in blocks.items()}

    budget, executed, rate, points = own["execution"]
    lost = {row["indicator"]: float(row["points"] - row["score"]) for row in own["rows"] if row["status"] == MISSED}
    pairs = {
        "总分": (float(own["score"]), result["score"]),
        "严格总分": (float(own["strict"]), result["scores"]["strict"]["total"]),
        "等级": (own["grade"], result["grade"]),
        "执行得分": (float(half_up(points, 2)), result["scores"]["declared"]["execution"]),
        "预算数": (float(budget), result["execution"]["budget"]),
        "执行数": (float(executed), result["execution"]["executed"]),
        "执行率": (round(float(rate), 9), round(result["execution"]["items"][0]["rate"], 9)),
        "各类": (mine(own["by_category"]), counts(result["completion"]["by_category"], "category")),
        "各目标": (mine(own["by_goal"]), counts(result["completion"]["by_goal"], "goal")),
        "未完成": (lost, {one["indicator"]: one["lost"] for one in result["unmet"]}),
        "各规则": (
            {name: (float(declared), float(strict), level) for name, _, declared, strict, level in own["alternatives"]},
            {one["ruleset"]: (one["declared"], one["strict"], one["grade"]) for one in result["alternatives"]},
        ),
        "合计关系": (
            {title: (float(left), float(right)) for title, left, right in own["identities"]},
            {one["identity"]: (one["left"], one["right"]) for one in result["execution"]["identities"]},
        ),
        "各项得分": (
            [(row["indicator"], float(row["score"]), float(row["strict"])) for row in own["rows"]],
            [(one["indicator"], one["score"], one["strict_score"]) for one in result["indicators"]],
        ),
    }
    return [f"{what}：{one}，result.json为{other}" for what, (one, other) in pairs.items() if one != other]


PAGE = Template("""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>$title</title><style>
body { font: 15px/1.7 "Noto Sans SC", sans-serif; max-width: 960px; margin: 2em auto; color: #1f2430 }
table { border-collapse: collapse; width: 100%; margin: .6em 0 }
td, th { border-bottom: 1px solid #dde1e7; padding: .25em .5em; text-align: left }
caption { text-align: left; font-weight: 600 }
.cards { display: flex; gap: 1em }
.cards div { flex: 1; border: 1px solid #dde1e7; padding: .8em }
.cards b { font-size: 1.6em; display: block }
svg { max-width: 100%; height: auto }
.grid i { display: inline-block; width: 1.1em; height: 1.1em; margin: 1px }
</style></head><body><h1>$title</h1><p>示例数据：由程序虚构，不反映任何真实单位。</p>$body</body></html>""")


def table(caption: str, head: list[str], lines: list[list[object]]) -> str:
    """A table; empty where it has no line."""
    if not lines:
        return ""
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in line)}</tr>" for line in lines)
    return f"<table><caption>{caption}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def listed(lines: list[str]) -> str:
    """A numbered list."""
    return f"<ol>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ol>" if lines else "<p>文件没有写明。</p>"


def drawn(title: str, lines: list[tuple[str, list[tuple[float, float, str]], str]], most: float) -> str:
    """Horizontal bars: label, parts (from, to, colour) and the figure behind them."""
    height, scale, parts = 24 * len(lines) + 8, 440 / (most or 1), []
    for place, (label, bars, figure) in enumerate(lines):
        y = 24 * place + 4
        parts.append(f'<text x="250" y="{y + 13}" text-anchor="end">{escape(label)}</text>')
        parts += [
            f'<rect x="{260 + start * scale:.1f}" y="{y}" width="{max((end - start) * scale, 0.5):.1f}" height="17" '
            f'fill="{colour}"/>'
            for start, end, colour in bars
        ]
        parts.append(f'<text x="710" y="{y + 13}">{escape(figure)}</text>')
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 800 {height}" font-size="13" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg></figure>'
    )


def waterfall(own: dict[str, Any]) -> str:
    """From full points down to the score."""
    weight = own["possible"] - sum((row["points"] for row in own["rows"]), NONE)
    losses = [(row["indicator"], row["points"] - row["score"]) for row in own["rows"] if row["points"] > row["score"]]
    losses.append(("预算执行", weight - own["execution"][3]))
    top, lines = own["possible"], [("满分", [(0.0, float(own["possible"]), "#8a8f98")], f"{own['possible']}")]
    for name, lost in sorted(losses, key=lambda one: -one[1]):
        lines.append((name, [(float(top - lost), float(top), "#c0392b")], f"−{lost:.2f}"))
        top -= lost
    lines.append(("得分", [(0.0, float(own["score"]), "#8a8f98")], f"{own['score']}"))
    return drawn("从满分到得分", lines, float(own["possible"]))


def stacked(title: str, counts: dict[str, dict[str, int]]) -> str:
    """Verdicts side by side in a bar a kind."""
    lines = []
    for name, of in counts.items():
        start, parts = 0, []
        for verdict, number in of.items():
            parts.append((float(start), float(start + number), COLOURS[verdict]))
            start += number
        lines.append((name, parts, f"{of[MET]}/{start}"))
    return drawn(title, lines, max(sum(of.values()) for of in counts.values()))


def timeline(stages: list[dict[str, Any]]) -> str:
    """The stages of the work by their days."""
    dated = [stage for stage in stages if "start" in stage and "end" in stage]
    if not dated:
        return ""
    first = min(stage["start"] for stage in dated).toordinal()
    last = max(stage["end"] for stage in dated).toordinal() - first + 1
    lines = [
        (
            stage["name"],
            [(float(stage["start"].toordinal() - first), float(stage["end"].toordinal() - first + 1), "#2f6fb0")],
            f"{stage['start']}—{stage['end']}",
        )
        for stage in dated
    ]
    return drawn("自评各阶段", lines, last)


def percent(number: Decimal | None) -> str:
    """A rate for people."""
    return "" if number is None else f"{half_up(100 * number, 1)}%"


def grid(rows: list[dict[str, Any]]) -> str:
    """One cell an indicator, one line a goal."""
    goals: dict[str, list[str]] = {}
    for row in rows:
        told = escape(f"{row['indicator']}：{row['status']}")
        cell = f'<i style="background:{COLOURS[row["status"]]}" title="{told}"></i>'
        goals.setdefault(row["goal"], []).append(cell)
    lines = "".join(f"<tr><th>{escape(goal)}</th><td>{''.join(cells)}</td></tr>" for goal, cells in goals.items())
    return f'<table class="grid"><caption>全部指标一览</caption>{lines}</table>'


def detail(row: dict[str, Any]) -> str:
    """How a row's score comes about."""
    why = f"{row['verdict'].why}；文件所列分值{row['points']}分；得{row['score']}分"
    source = f"indicators.csv 第{row['place']}行：{row['narrative']}"
    return (
        f"<details><summary>{escape(row['indicator'])}</summary><p>{escape(why)}</p><p>{escape(source)}</p></details>"
    )


def page(own: dict[str, Any]) -> str:
    """The whole page."""
    rows, items, told = own["rows"], own["items"], own["narrative"]
    budget, executed, rate, _ = own["execution"]
    missed = sorted((row for row in rows if row["status"] == MISSED), key=lambda row: row["score"] - row["points"])
    doubt = sum(row["status"] in (DECLARED, UNDECIDED) for row in rows)
    met = sum(row["status"] == MET for row in rows)
    columns = ["indicator", "goal_no", "target", "actual"]
    names = ["指标", "目标", "目标值", "实际完成值"]
    over = [row for row in rows if row["verdict"].direction == POSITIVE and (row["verdict"].attainment or 0) >= OVER]
    cards = [
        ("复算得分", own["score"]),
        ("预算执行率", percent(rate)),
        ("指标完成", f"{met}/{len(rows)}"),
        ("需要核实", f"{doubt}项"),
    ]
    spent = sorted(items, key=lambda item: -item["unspent"])
    bars = [(item["item"], [(0.0, float(item["executed"]), "#2f6fb0")], f"{item['executed']}") for item in spent]
    totals = [(title.partition("（")[0], declared) for _, title, declared, *_ in own["alternatives"]]
    rules = [(title, [(0.0, float(points), "#2f6fb0")], f"{points}") for title, points in totals]
    problems = [f"{one['text']}。{one.get('cause', '')}" for one in told.get("problems", [])]
    parts = [
        f"<h2>一、自评结论</h2><p>预算执行率{percent(rate)}，{len(rows)}项指标完成{met}项，{len(missed)}项未完成。申报"
        f"{told['declared_score']}分，复算{own['score']}分（{own['grade']}）。</p>",
        f'<div class="cards">{"".join(f"<div>{name}<b>{escape(str(value))}</b></div>" for name, value in cards)}</div>',
        table(
            "未完成的指标",
            [*names, "失分", "原因"],
            [[*(row[name] for name in columns), row["points"] - row["score"], row["reason"]] for row in missed],
        ),
        grid(rows),
        "<h3>部门整体绩效自评得分</h3>",
        waterfall(own),
        drawn("换一套规则的得分", rules, 100),
        table(
            "各规则的得分",
            ["规则", "申报口径", "严格口径", "等级"],
            [[title, *rest] for _, title, *rest in own["alternatives"]],
        ),
        "<h3>部门整体绩效目标完成情况</h3>",
        drawn(f"执行{executed}万元，预算{budget}万元", bars, float(items[0]["adjusted"])),
        stacked("各类指标", own["by_category"]),
        stacked("各目标", own["by_goal"]),
        table(
            "超额较多的指标",
            [*names, "完成率"],
            [[*(row[name] for name in columns), percent(row["verdict"].attainment)] for row in over],
        ),
        f"<h3>存在的问题和原因</h3>{listed(problems)}",
        *(f"<h3>{title}</h3>{listed(told.get(name, []))}" for name, title in LISTS),
        timeline(told.get("stages", [])),
        table(
            "预算执行",
            ["项目", "年初预算", "全年预算", "执行", "未支出", "执行率"],
            [[item["item"], *(item[name] for name in MONEY), item["unspent"], percent(item["rate"])] for item in items],
        ),
        table("合计关系核对到分", ["合计关系", "左边", "右边"], [list(line) for line in own["identities"]]),
        *(
            table(f"{title}的完成情况（项）", ["", *VERDICTS], [[name, *of.values()] for name, of in counts.items()])
            for title, counts in (("各类指标", own["by_category"]), ("各目标", own["by_goal"]))
        ),
        table(
            "各项指标的目标、实际和结论",
            [*names, "完成率", "结论"],
            [[*(row[name] for name in columns), percent(row["verdict"].attainment), row["status"]] for row in rows],
        ),
        f"<h2>附录一　指标明细与得分推导</h2>{''.join(map(detail, rows))}<h2>附录二　数据质量</h2>",
        table("复核的人会问什么", ["问题", "位置", "事实"], [list(line) for line in own["objections"]]),
        table(
            "凭申报完成和无法判定的指标",
            [*names, "结论"],
            [[*(row[name] for name in columns), row["status"]] for row in rows if row["status"] in VERDICTS[2:]],
        ),
    ]
    return PAGE.substitute(title=escape(told["title"]), body="".join(parts))


def make(data: Path, out: Path, subdistrict: str, year: int, ruleset: str) -> dict[str, Any]:
    """Write annual.html and result.json of one office; its figures."""
    own = evaluated(data, subdistrict, year, ruleset)
    out.mkdir(parents=True, exist_ok=True)
    (out / "annual.html").write_text(page(own), encoding="utf-8")
    figures = json.dumps(own, ensure_ascii=False, indent=1, default=str)
    (out / "result.json").write_text(figures, encoding="utf-8")
    return own


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("offices", nargs="+")
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument("--ruleset", default="hubei")
    asked = parser.parse_args()
    for office in asked.offices:
        make(asked.data, asked.out / office, office, asked.year, asked.ruleset)
