"""What changed from year to year, and what the comparison of years rests on: the later sections of the trend report."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from perfeval.model.history import KINDS, History
from perfeval.present import drawing, labels, narrative, trend_charts
from perfeval.present.narrative import records
from perfeval.present.pieces import Html, html
from perfeval.present.tables import Column, fold, folded, lines, paragraphs, table
from perfeval.present.trend_charts import FACTORS

MOST_OPEN = 12
"""Changes of the last year beyond which they are folded."""


def changes(history: History) -> Html:
    """What became of indicators and targets from each year to the next, the latest first."""
    rows = records(history.changes)
    if not rows:
        return html(paragraphs(["没有发现值得说明的变化。"]), plain="没有发现值得说明的变化。")
    columns = [Column("变化"), Column("指标"), Column("上年"), Column("当年"), Column("说明")]
    shown, said = [], []
    for year in sorted({row["year"] for row in rows}, reverse=True):
        found = [row for row in rows if row["year"] == year]
        counts = Counter(row["kind"] for row in found)
        title = f"{year}年与{found[0]['previous_year']}年相比：" + "，".join(
            f"{kind}{count}项" for kind, count in counts.items()
        )
        said.append(title)
        cells = [
            [
                Markup('<span class="nw">{}</span>').format(row["kind"]),
                labels.one_line(row["indicator"]),
                row["before"],
                row["after"],
                row["note"],
            ]
            for row in found
        ]
        content = table(title, columns, cells)
        shown.append(content if year == history.years[-1] and len(found) <= MOST_OPEN else folded(title, content))
    return html(*shown, plain=tuple(said))


def decomposition(history: History) -> Html:
    """What moved the score from each year to the next; the parts add up to the change."""
    rows = records(history.decomposition)
    if not rows:
        return html(paragraphs(["只有一个年度，没有得分变化可以分解。"]), plain="没有得分变化可以分解。")
    columns = [
        Column("年度"),
        Column("上年得分", True),
        *(Column(title, True) for title in FACTORS.values()),
        Column("当年得分", True),
    ]
    cells = [
        [
            f"{row['previous_year']}→{row['year']}",
            labels.points(row["before"]),
            *(labels.signed(row[name]) for name in FACTORS),
            labels.points(row["after"]),
        ]
        for row in rows
    ]
    said = (
        "把目标值、完成值、分值、指标增减和预算执行逐一换成当年的，取各种先后次序下影响的平均，"
        "各部分之和等于得分的变化（分）。"
    )
    told = [said] + [
        f"{row['previous_year']}→{row['year']}：{labels.one_line(row['why'])}。"
        for row in rows
        if not labels.missing(row["why"])
    ]
    return html(
        drawing.charts_html([trend_charts.decomposition(history)]),
        paragraphs(told),
        table("得分变化的分解（分）", columns, cells, narrow="st two"),
        plain=tuple(told),
    )


def repeated(history: History) -> Html:
    """Indicators missed year after year, with the measures promised: those missed still, then those that were."""
    rows = records(history.repeated)
    standing, over = ([row for row in rows if row["standing"] == still] for still in (True, False))
    last = history.latest
    said = [
        f"{labels.several(len(standing))}指标到{last}年连续两年以上未完成。"
        if standing
        else f"没有到{last}年仍连续两年以上未完成的指标。"
    ]
    if over:
        said.append(f"另有{labels.several(len(over))}曾连年未完成，到{last}年已不再连续。")
    return html(
        paragraphs(said),
        _missed(f"到{last}年连续未完成的指标和当年承诺的措施", standing),
        _missed("曾连年未完成的指标、当年承诺的措施和后来的结果", over),
        plain=tuple(said),
    )


def _missed(caption: str, rows: Sequence[dict[str, Any]]) -> Markup:
    if not rows:
        return Markup("")
    columns = [Column("指标"), Column("未完成的年度"), Column("当年承诺的措施"), Column("结果")]
    cells = [
        [
            labels.one_line(row["indicator"]),
            "、".join(map(str, row["years"])),
            Markup("<br>").join(
                Markup("{}：{}").format(year, lines(text) if not labels.missing(text) else narrative.UNSTATED)
                for year, text in zip(row["years"], row["measures"], strict=True)
            ),
            Markup('<span class="nw">{}</span>').format(row["outcome"]),
        ]
        for row in rows
    ]
    return table(caption, columns, cells)


# ---- what it rests on


def matching(history: History) -> Html:
    """How the indicators of neighbouring years were put together, and what a person should decide."""
    counts = history.matches.groupby(["previous_year", "year", "kind"]).size()
    pairs = sorted({(before, year) for before, year, _ in counts.index})
    present = [kind for kind in KINDS if kind in set(history.matches["kind"])]
    cells = [
        [f"{before}→{year}", *(str(counts.get((before, year, kind), 0)) for kind in present)] for before, year in pairs
    ]
    shown = (
        table(
            "相邻年度指标的对应（项）",
            [Column("年度"), *(Column(kind, True) for kind in present)],
            cells,
            narrow="st two",
        )
        if pairs
        else Markup("")
    )
    doubtful = records(history.doubtful)
    said = (
        f"{len(doubtful)}处对应需要人工确认；用 perfeval match 列出，在 matches.csv 里填写决定。"
        if doubtful
        else "全部对应都有把握，不需要人工确认。"
    )
    columns = [
        Column("当年指标"),
        Column("上年指标"),
        Column("年度"),
        Column("对应"),
        Column("把握", True),
        Column("原因"),
    ]
    doubts = table(
        "需要人工确认的对应",
        columns,
        [
            [
                labels.one_line(row["indicator"]),
                labels.one_line(row["previous_indicator"]),
                f"{row['previous_year']}→{row['year']}",
                row["kind"],
                labels.percent(row["confidence"]),
                row["why"],
            ]
            for row in doubtful
        ],
    )
    return html(
        shown,
        paragraphs([said]),
        fold(f"{len(doubtful)}处待确认的对应", doubts, len(doubtful)) if doubtful else Markup(""),
        plain=said,
    )


def trend_provenance(history: History) -> Html:
    """Rule set and files of every year."""
    last = history.evaluations[history.years[-1]]
    said = (
        f"计分规则：{labels.one_line(history.ruleset.title)}（{history.ruleset.name}），各年用同一规则复算，与当年文件的得分可能不同。",
        "趋势判断：四年及以下只作描述；五年起用曼—肯德尔检验（精确分布，双侧0.05）和泰尔—森斜率；持续达到100%的比率是已达上限，不作趋势。",
        "同时检验多条趋势：本单位五年以上、不在上限的各条（全单位的和各项指标的）作为一组，用本雅明尼—霍赫贝格法（1995）校正p值，q＝0.05。",
        "连续未完成：相邻的公历年度每年都在案、每年都未完成或部分完成才算连续；其间没有数据、没有该指标或无法判定的年度使连续中断。",
        f"计算程序：perfeval {last.version or '（版本未知）'}。",
    )
    rows = [row for year in history.years for row in records(history.evaluations[year].provenance)]
    files = [[row["file"], str(row["rows"]), Markup("<code>{}</code>").format(row["sha256"])] for row in rows]
    shown = table("本报告所用的数据文件", [Column("文件"), Column("数据行数", True), Column("sha256")], files)
    return html(paragraphs(said), fold(f"{len(files)}个数据文件", shown, len(files)), plain=said)
