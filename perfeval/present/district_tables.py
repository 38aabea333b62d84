"""The offices of a district side by side: scores, money, completion, what was not met, and what it all rests on."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from perfeval.model.peers import NOT_CERTAIN, WITHIN, Peers
from perfeval.model.schema import CATEGORIES
from perfeval.present import district_charts as charts
from perfeval.present import drawing, labels, narrative
from perfeval.present.district import band, in_bands, link, ranks, unevaluated
from perfeval.present.narrative import records
from perfeval.present.pieces import Html, html
from perfeval.present.tables import Column, fold, paragraphs, table

MOST_UNMET = 20
"""Unmet indicators beyond which their list is folded."""
SHADES = (1.0, 0.9, 0.75)
"""Completion rates below which a cell of the heat map is a shade darker."""


def offices(peers: Peers) -> Html:
    """Scores with their ranges, in bands of offices that cannot be told apart; no rank but its range."""
    said = (
        "得分随规则和口径而变。一个街道只有在每一套规则、两种口径下都不低于另一个，且至少一种下高出0.01分以上，才算在前；"
        "分不出先后的街道归为一档，档内按编号排列，不排名次。与中位数之差随规则变号的不列。",
        *unevaluated(peers),
    )
    columns = [
        Column("档次"),
        Column("街道"),
        Column("复算得分", True),
        Column("得分范围", True),
        Column("申报得分", True),
        Column("名次范围", True),
        Column("与中位数", True),
        Column("指标完成", True),
        Column("未完成", True),
        Column("须核实（P0）", True),
    ]
    rows = [
        [
            band(row["band"]),
            link(peers, row),
            labels.points(row["score"]),
            f"{labels.score(row['score_low'])}—{labels.score(row['score_high'])}",
            labels.score(row["declared_score"]),
            ranks(row),
            labels.signed(row["above_median"]),
            f"{labels.span(row['met'], row['most'], '')} / {row['rows']}",
            str(row["unmet"]),
            str(row["p0"]),
        ]
        for row in in_bands(peers)
    ]
    shown = table("各街道的得分，按档次；点街道名称打开它的年度报告", columns, rows, narrow="st two")
    return html(
        drawing.charts_html([charts.scores(peers), charts.execution(peers)]),
        paragraphs(said),
        shown,
        _failed(peers),
        plain=said,
    )


def _failed(peers: Peers) -> Markup:
    rows = [[link(peers, row), row["why"]] for row in records(peers.failed) + records(peers.unevaluated)]
    return table("没有评价的街道", [Column("街道"), Column("原因")], rows) if rows else Markup("")


def district_money(peers: Peers) -> Html:
    """Budget and outturn of every office, and of the district as one unit."""
    columns = [Column("街道"), Column("预算数", True), Column("执行数", True), Column("执行率", True)]
    rows = [
        [
            link(peers, row),
            labels.money(row["budget"]),
            labels.money(row["executed"]),
            labels.percent(row["execution_rate"]),
        ]
        for row in records(peers.offices)
    ]
    total = peers.total
    if total is None:
        said: tuple[str, ...] = ("没有一个街道的预算和执行数齐全，不能合计。",)
    else:
        rows.append(
            [
                Markup("合计（{}个街道）").format(len(total.offices)),
                labels.money(total.budget),
                labels.money(total.executed),
                labels.percent(total.execution_rate),
            ]
        )
        said = (
            f"全区作为一个单位：先把各街道的数值合在一起，再按{narrative.rules(peers.ruleset.title)}规则计一次分，"
            f"得{labels.points(total.score)}分（严格口径{labels.points(total.strict)}分）"
            f"；各街道得分的简单平均是{labels.points(total.mean_score)}分，两者不是一回事。",
            *map(narrative.sentence, total.notes),
        )
    return html(table("预算执行（万元）", columns, rows, narrow="st two"), paragraphs(said), plain=said)


def district_completion(peers: Peers) -> Html:
    """Completion rates: which differ by more than chance, and where each office is weak."""
    zones = peers.offices["zone"]
    open_ = int(zones.eq(NOT_CERTAIN).sum())
    said = (
        "指标少的街道，完成率的起伏本来就大：只有落在控制限之外的，才不像是偶然。"
        + ("各街道都在控制限之内。" if zones.eq(WITHIN).all() else "")
        + (f"{open_}个街道凭申报完成或无法判定的指标多，不能判定在控制限之内还是之外。" if open_ else ""),
    )
    return html(drawing.charts_html([charts.funnel(peers)]), paragraphs(said), _heat(peers), plain=said)


def _heat(peers: Peers) -> Markup:
    """Offices × categories: bounds and counts, shaded by how much is known to be missed."""
    rows = records(peers.heat)
    if not rows:
        return Markup("")
    present = [name for name in CATEGORIES if any(row["category"] == name for row in rows)]
    cells: dict[str, dict[str, Markup]] = {}
    for row in rows:
        cells.setdefault(row["subdistrict"], {})[row["category"]] = _shade(row)
    body = [
        [link(peers, row), *(cells.get(row["subdistrict"], {}).get(name, labels.NONE) for name in present)]
        for row in records(peers.offices)
    ]
    return table(
        "各街道、各类指标的完成率（完成数/指标数）；有凭申报完成和无法判定的，列最少和最多；底色越深，未完成越多",
        [Column("街道"), *map(Column, present)],
        body,
        narrow="",
    )


def _shade(row: dict[str, Any]) -> Markup:
    if not row["rows"]:
        return Markup('<span class="none">{}</span>').format(labels.NONE)
    level = sum(row["high"] < limit for limit in SHADES)
    return Markup('<span class="h{}">{} <small>{}/{}</small></span>').format(
        level, labels.interval(row["low"], row["high"]), labels.span(row["met"], row["most"], ""), row["rows"]
    )


def unmet_everywhere(peers: Peers) -> Html:
    """Every indicator that was not met, those that several offices missed first."""
    rows = records(peers.unmet)
    if not rows:
        unknown = int(peers.offices["unverified"].sum())
        none = f"各街道没有查明未完成的指标，{unknown}项凭申报完成或无法判定。" if unknown else "各街道的指标全部完成。"
        return html(paragraphs([none]), plain=none)
    shared = sorted({labels.one_line(row["indicator"]) for row in rows if row["offices"] > 1})
    said = f"共{len(rows)}项未完成或部分完成" + (
        f"，其中{labels.listing(shared)}在几个街道都没有完成。" if shared else "，没有在几个街道同时未完成的指标。"
    )
    columns = [
        Column("指标"),
        Column("街道"),
        Column("目标值"),
        Column("完成值"),
        Column("失分", True),
        Column("原因"),
        Column("措施"),
    ]
    shown = table(
        "各街道未完成的指标",
        columns,
        [
            [
                labels.one_line(row["indicator"]),
                link(peers, row),
                row["target"],
                row["actual"],
                labels.points(row["lost"]),
                row["reason"],
                row["measure"],
            ]
            for row in rows
        ],
    )
    return html(paragraphs([said]), fold(f"{len(rows)}项未完成的指标", shown, len(rows), MOST_UNMET), plain=said)


def overview_provenance(peers: Peers) -> Html:
    """How far the comparison carries, the rule set, and what each office's figures were made from."""
    last = next(iter(peers.evaluations.values()), None)
    said = (
        *map(narrative.sentence, peers.notes),
        f"计分规则：{labels.one_line(peers.ruleset.title)}（{peers.ruleset.name}）。",
        "控制限：以全区完成率为准，按指标数用二项分布算出（95%和99.8%）。",
        f"计算程序：perfeval {last.version if last else '（版本未知）'}。",
    )
    files = _sources(list(peers.evaluations.values()))
    shown = table("本页所用的数据文件", [Column("文件"), Column("数据行数", True), Column("sha256（前16位）")], files)
    return html(paragraphs(said), fold(f"{len(files)}个数据文件", shown, len(files)), plain=said)


def _sources(evaluations: Sequence[Any]) -> list[list[Any]]:
    return [
        [row["file"], str(row["rows"]), Markup("<code>{}</code>").format(row["sha256"][:16])]
        for one in evaluations
        for row in records(one.provenance)
    ]
