"""The reviewer's working paper: each function shows one section; what was computed comes in as arguments."""

from collections import Counter
from typing import Any

import pandas as pd
from markupsafe import Markup

from perfeval.model.results import STRICT, Evaluation
from perfeval.present import charts, drawing, labels, narrative, tables
from perfeval.present import findings as found
from perfeval.present.narrative import records
from perfeval.present.pieces import Html, html
from perfeval.present.tables import Column, folded, lines, paragraphs, table

TITLE = "绩效自评复核底稿"
RATINGS = ("有数有据", "有数无据", "仅有叙述", "无")
SHOWN = {"无": "没有依据"}
"""What a rating is called where the bare word would not be understood."""
MOST_OPEN = 12
"""Rows of a table beyond which it is folded."""


def review_header(result: Evaluation) -> Html:
    """Kind of paper and year, the office, and what the figures rest on."""
    rests = f"规则：{labels.one_line(result.ruleset.title)} · 编号：{result.subdistrict}-{result.year}"
    shown = Markup('<p class="eyebrow">{} · {}年度</p><h1>{}</h1><p class="sub">{}</p>').format(
        TITLE, result.year, narrative.full_name(result), rests
    )
    title = f"{narrative.full_name(result)} {result.year}年度{TITLE}"
    return Html(str(shown), title, title)


def review_conclusion(result: Evaluation, evidence: pd.DataFrame, plan: pd.DataFrame) -> Html:
    """What the reviewer must know first: findings, totals, evidence and how many rows to go and see.

    Takes the frames of ``pe.evidence`` (column rating) and ``pe.sampling_plan`` (column chosen).
    """
    counts = found.counts(result)
    printed = result.narrative.declared_score
    declared = "未申报总分" if printed is None else f"申报{labels.as_printed(printed)}分"
    strict = f"严格口径{labels.points(result.scores[STRICT].total)} · {declared}"
    figures = [
        ("须先核实（P0）", labels.count(counts["P0"], ""), f"处；P1 {counts['P1']}处，P2 {counts['P2']}处"),
        ("复算得分", labels.points(result.score), strict),
        ("有数有据", _share(int(evidence["rating"].eq(RATINGS[0]).sum()), len(evidence)), "完成值有数且有依据的指标"),
        ("建议抽查", _share(int(plan["chosen"].sum()), len(plan)), "项指标，名单见第五部分"),
    ]
    said = found.summary(result)
    lead = Markup('<p class="lead">{}</p>').format(said)
    return html(lead, tables.key_figures(figures), plain=said)


def _share(part: int, whole: int) -> Markup:
    return Markup("{}<i> / {}</i>").format(part, whole) if whole else Markup("—")


def findings(result: Evaluation) -> Html:
    """Every finding, gravest first, by rule."""
    shown = found.full(result)
    said = found.sentences(result) or (found.summary(result),)
    return html(shown or paragraphs(said), plain=said)


# ---- scores


def recomputation(result: Evaluation, recomputed: pd.DataFrame) -> Html:
    """Declared against recomputed scores, each row with its derivation in the annual report's appendix.

    Takes the frame of ``pe.recomputation``.
    """
    rows = records(recomputed)
    own = [row for row in rows if not labels.missing(row["row"])]
    said = (_compared(own), narrative.bases(result))
    columns = [
        Column("指标"),
        Column("分值", True),
        Column("自评得分", True),
        Column("复算得分", True),
        Column("严格口径", True),
        Column("自评减复算", True),
    ]
    odd = [row for row in own if not labels.missing(row["difference"]) and row["difference"]]
    ends = [row for row in rows if labels.missing(row["row"])]
    first = table(
        "预算执行、不一致的指标和合计（分）", columns, map(_scores, [*ends[:1], *odd, *ends[1:]]), narrow="st two"
    )
    every = folded(
        f"全部{len(own)}项指标的复算", table("各项指标的复算（分）", columns, map(_scores, own), narrow="st two")
    )
    return html(paragraphs(said), first, every if own else Markup(""), plain=said)


def _compared(rows: list[dict[str, Any]]) -> str:
    printed = [row for row in rows if not labels.missing(row["declared"])]
    if not printed:
        return "文件没有各项指标的得分，只能比较总分。" if rows else narrative.none("绩效指标")
    odd = sum(bool(row["difference"]) for row in printed)
    alike = "全部与复算一致" if not odd else f"{labels.count(odd)}与复算不一致"
    return f"{labels.count(len(printed))}指标有自评得分，{alike}。"


def _scores(row: dict[str, Any]) -> list[Any]:
    difference = row["difference"]
    off = labels.NONE if labels.missing(difference) else "一致" if not difference else _signed(difference)
    own = "" if labels.missing(row["row"]) else f"{labels.goal(row['goal_no'])} · 第{int(row['row'])}行"
    scores = (labels.points(row[name]) for name in ("points", "declared", "score", "strict"))
    return [Markup("{}<small>{}</small>").format(lines(row["indicator"]), own), *scores, off]


def _signed(difference: float) -> str:
    """A difference with a minus sign, not a hyphen."""
    return labels.number(difference).replace("-", "−")


def ruleset_range(result: Evaluation) -> Html:
    """The totals of the same rows under every rule set."""
    said = narrative.reproduction(result)
    return html(paragraphs([said]), drawing.charts_html([charts.scores(result)]), tables.scores(result), plain=said)


def reviewed(result: Evaluation) -> Html:
    """Self-scores against reviewed scores; how to get them on file where there are none."""
    if result.review is None:
        said = (
            "还没有复核得分。用 perfeval export 复核表.xlsx --review-sheet 生成复核表，填好后用 perfeval import 读回，"
            "这里即并列两种得分。"
        )
        return html(paragraphs([said]), plain=said)
    return html(against_reviewed(result), plain=_totals(result))


def against_reviewed(result: Evaluation) -> Markup:
    """The two totals and a small table; nothing where no reviewed figures are on file."""
    review = result.review
    if review is None:
        return Markup("")
    columns = [
        Column("指标"),
        Column("分值", True),
        Column("自评得分", True),
        Column("复核得分", True),
        Column("相差", True),
        Column("复核完成值和备注"),
    ]
    rows = [_reviewed(row) for row in records(review.rows)]
    off = _signed(review.reviewed - review.own)
    whole = ["合计", labels.points(review.points), labels.points(review.own), labels.points(review.reviewed), off, ""]
    shown = table("自评得分与复核得分（分）", columns, [*rows, whole] if review.scored else rows)
    title = f"{len(rows)}项指标的自评与复核"
    return paragraphs([_totals(result)]) + (shown if len(rows) <= MOST_OPEN else folded(title, shown))


def _totals(result: Evaluation) -> str:
    review = result.review
    if review is None or not review.scored:
        return "复核只填写了完成值或备注，没有复核得分。"
    some = "" if review.scored == review.total_rows else f"（共{review.total_rows}项，其余未复核）"
    from_recomputed = " · ".join(sorted(set(review.rows["own_from"])))
    basis = "" if from_recomputed == "自评" else "；没有申报单项得分的，以申报口径复算的得分作自评得分"
    return (
        f"已复核{labels.count(review.scored)}指标{some}：自评合计{labels.score(review.own)}分，"
        f"复核合计{labels.score(review.reviewed)}分{basis}。"
    )


def _reviewed(row: dict[str, Any]) -> list[Any]:
    told = [labels.one_line(row[name]) for name in ("reviewed_actual", "review_note") if not labels.missing(row[name])]
    off = labels.NONE if labels.missing(row["difference"]) else _signed(row["difference"])
    name = Markup("{}<small>{}</small>").format(lines(row["indicator"]), labels.goal(row["goal_no"]))
    return [name, *(labels.points(row[key]) for key in ("points", "own", "reviewed_score")), off, "；".join(told)]


# ---- evidence and sampling


def evidence_quality(evidence: pd.DataFrame) -> Html:
    """How well the actuals are backed, whatever they say; takes the frame of ``pe.evidence``."""
    rows = records(evidence)
    if not rows:
        return html(paragraphs([narrative.none("绩效指标")]), plain=narrative.none("绩效指标"))
    seen = Counter(row["rating"] for row in rows)
    listed = "、".join(f"{SHOWN.get(rating, rating)}{labels.count(seen[rating])}" for rating in RATINGS)
    said = f"{labels.count(len(rows))}指标的依据：{listed}。"
    note = "依据的好坏与是否完成无关：没有依据的完成也须核实。"
    columns = [Column("指标"), Column("依据"), Column("说明")]
    worst = [row for rating in reversed(RATINGS) for row in rows if row["rating"] == rating]
    shown = table("各项指标的依据，最弱的在前", columns, map(_evidence, worst))
    return html(paragraphs([said, note]), folded(f"{len(rows)}项指标的依据", shown), plain=(said, note))


def _evidence(row: dict[str, Any]) -> list[Any]:
    where = f"{labels.goal(row['goal_no'])} · {row['category']} · 第{int(row['row'])}行"
    rating = Markup('<span class="nw">{}</span>').format(SHOWN.get(row["rating"], row["rating"]))
    return [Markup("{}<small>{}</small>").format(lines(row["indicator"]), where), rating, row["reason"]]


def sampling(plan: pd.DataFrame) -> Html:
    """The rows to go and see and why, every factor shown; takes the frame of ``pe.sampling_plan``."""
    rows = records(plan)
    if not rows:
        return html(paragraphs([narrative.none("绩效指标")]), plain=narrative.none("绩效指标"))
    chosen = [row for row in rows if row["chosen"]]
    why = Counter(row["why"] for row in chosen)
    listed = "、".join(f"{name}{labels.count(count)}" for name, count in why.items())
    said = (
        f"{labels.count(len(rows))}指标中抽查{labels.count(len(chosen))}：{listed}。",
        "风险＝金额×问题×扎堆。金额：本项占资金（没有列明的按分值）的份额，平均为2；问题：1加各处问题的权重"
        "（P0为3、P1为1、P2为0.25，乘以把握）；扎堆：1加同一目标下得分率相同的指标所占的份额。",
        "有P0问题的必查，其余名额一半取风险最高的，一半按风险大小随机抽取；随机数由街道编号和年度算出，重做得到同一名单。",
    )
    columns = [
        Column("指标"),
        Column("问题编号"),
        Column("金额", True),
        Column("问题", True),
        Column("扎堆", True),
        Column("风险", True),
        Column("缘由"),
    ]
    first = table("建议抽查的指标，风险高的在前", columns, map(_sampled, chosen))
    rest = [row for row in rows if not row["chosen"]]
    others = (
        folded(f"没有抽中的{len(rest)}项", table("没有抽中的指标", columns, map(_sampled, rest)))
        if rest
        else Markup("")
    )
    return html(paragraphs(said[:1]), first, others, paragraphs(said[1:]), plain=said)


def _sampled(row: dict[str, Any]) -> list[Any]:
    where = f"{labels.goal(row['goal_no'])} · {row['category']} · 第{int(row['row'])}行"
    name = Markup("{}<small>{}</small>").format(lines(row["indicator"]), where)
    factors = (labels.number(row[key]) for key in ("money", "findings", "heaping"))
    return [
        name,
        row["found"],
        *factors,
        labels.number(row["risk"], 1),
        Markup('<span class="nw">{}</span>').format(row["why"] or labels.NONE),
    ]
