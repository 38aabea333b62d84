"""All offices of a district in one year: the answer and what needs attention, on one :class:`Peers`."""

from typing import Any

from markupsafe import Markup

from perfeval.model.peers import Peers
from perfeval.present import labels, narrative
from perfeval.present.narrative import records
from perfeval.present.pieces import Html, html
from perfeval.present.tables import Column, fold, key_figures, lines, ranged, table

TITLE = "全区绩效自评总览"
NUMERALS = "〇一二三四五六七八九"
MOST_CARDS = 8
"""Matters shown as cards; the rest are in the table."""


def full_name(peers: Peers) -> str:
    """City and district."""
    city = labels.one_line(peers.city) if not labels.missing(peers.city) else ""
    return peers.district if city in peers.district else f"{city}{peers.district}"


def overview_header(peers: Peers) -> Html:
    """Kind of page and year, the district, and what the figures rest on."""
    name = full_name(peers)
    rests = f"规则：{labels.one_line(peers.ruleset.title)} · 编号：{peers.district}-{peers.year}"
    shown = Markup('<p class="eyebrow">{} · {}年度</p><h1>{}</h1><p class="sub">{}</p>').format(
        TITLE, peers.year, name, rests
    )
    title = f"{name} {peers.year}年度{TITLE}"
    return Html(str(shown), title, title)


# ---- the answer


def headline(peers: Peers) -> tuple[str, ...]:
    """The answer in sentences: money, indicators, and how many offices need attention."""
    count = len(peers.evaluations)
    said = [f"{labels.several(count, '个')}街道"]
    if peers.total is not None and peers.total.execution_rate is not None:
        said.append(f"合计预算执行率{labels.percent(peers.total.execution_rate)}")
    met, most, rows = (int(peers.offices[name].sum()) for name in ("met", "most", "rows"))
    span = f"{labels.span(met, most)}（{labels.interval(peers.completion_low, peers.completion_high)}）"
    said.append(f"{rows}项指标完成{span}" if rows else "没有列出绩效指标")
    sentences = ["，".join(said) + "。"]
    spread = _quartile(peers, "score")
    if spread:
        sentences.append(
            f"复算得分中位数{labels.score(spread['median'])}分，"
            f"从{labels.score(spread['low'])}分到{labels.score(spread['high'])}分{told_apart(peers)}。"
        )
    offices = sorted(set(peers.attention["subdistrict"]))
    sentences.append(
        f"{labels.several(len(offices), '个')}街道有{len(peers.attention)}件事需要先看。"
        if offices
        else "没有发现需要先看的事项。"
    )
    if len(peers.failed):
        names = list(peers.failed["name"].map(labels.one_line))
        sentences.append(f"{labels.listing(names, 3, '个')}街道的数据有错误，没有评价。")
    return *sentences, *unevaluated(peers)


def told_apart(peers: Peers) -> str:
    """How many bands the scores make, as the end of a sentence on scores; nothing for a single office."""
    count = int(peers.offices["band"].max()) if len(peers.offices) > 1 else 0
    if not count:
        return ""
    return "，分不出先后" if count == 1 else f"，能分出先后的有{labels.several(count, '档')}"


def in_bands(peers: Peers) -> list[dict[str, Any]]:
    """The offices from the highest band down, within a band by their ids: their order there says nothing."""
    return records(peers.offices.sort_values(["band", "subdistrict"], kind="stable"))


def band(number: int) -> str:
    """``第一档``, ``第十二档``."""
    tens, ones = divmod(int(number), 10)
    if tens > len(NUMERALS) - 1:
        return f"第{number}档"
    told = ("" if tens == 1 else NUMERALS[tens]) + "十" if tens else ""
    return f"第{told}{NUMERALS[ones] if ones else ''}档"


def ranks(row: dict[str, Any]) -> str:
    """The ranks an office can have: ``3—7``, or the one it has under every rule set and basis."""
    low, high = int(row["rank_low"]), int(row["rank_high"])
    return str(low) if low == high else f"{low}—{high}"


def unevaluated(peers: Peers) -> tuple[str, ...]:
    """The offices on file that have no score, by the reason, and that no figure counts them."""
    told = []
    for why, rows in peers.unevaluated.groupby("why", sort=True):
        names = list(rows["name"].map(labels.one_line))
        told.append(f"{'、'.join(names)}{why}，不计入本页的各项合计和比较。")
    return tuple(told)


def _quartile(peers: Peers, measure: str) -> dict[str, Any]:
    found = [row for row in records(peers.quartiles) if row["measure"] == measure and row["n"]]
    return found[0] if found else {}


def district(peers: Peers) -> Html:
    """The answer, four figures, and what needs attention first."""
    said = headline(peers)
    return html(
        Markup('<p class="lead">{}</p>').format("".join(said)),
        _key_figures(peers),
        attention(peers),
        plain=said,
    )


def _key_figures(peers: Peers) -> Markup:
    spread, total = _quartile(peers, "score"), peers.total
    money = f"{labels.money(total.executed)} / {labels.money(total.budget)} 万元" if total else "没有金额"
    count = len(peers.evaluations) + len(peers.failed)
    left = [f"{len(peers.failed)}个数据有错误"]
    left += [f"{len(peers.unevaluated)}个没有得分"] if len(peers.unevaluated) else []
    figures = [
        (
            f"复算得分中位数（{narrative.rules(peers.ruleset.title)}）",
            labels.points(spread.get("median")),
            f"中间一半在{labels.score(spread['lower'])}—{labels.score(spread['upper'])}分" if spread else "没有得分",
        ),
        ("合计预算执行率", labels.percent(total.execution_rate if total else None), money),
        ("指标完成率", ranged(labels.interval(peers.completion_low, peers.completion_high)), _completion(peers)),
        ("已评价街道", Markup("{}<i> / {}</i>").format(len(peers.offices), count), "，".join(left)),
    ]
    return key_figures(figures)


def _completion(peers: Peers) -> str:
    """What stands beside the bounds: how many were not met, and how many nobody can verify."""
    unmet, unknown = f"未完成{len(peers.unmet)}项", int(peers.offices["unverified"].sum())
    return f"{unmet}，{unknown}项没有可比的数据" if unknown else unmet


def attention(peers: Peers) -> Markup:
    """What needs attention first, most urgent first: cards, and the rest as a table."""
    rows = records(peers.attention)
    cards = Markup("").join(_card(peers, row, place) for place, row in enumerate(rows[:MOST_CARDS]))
    rest = rows[MOST_CARDS:]
    more = table(
        "其他需要看的事项",
        [Column("街道"), Column("事项"), Column("内容"), Column("依据")],
        [[link(peers, row), row["kind"], row["what"], row["why"]] for row in rest],
    )
    if not rows:
        return Markup("")
    first = Markup('<h3>需要先看</h3><div class="cards">{}</div>').format(cards)
    return first + (fold(f"其他{len(rest)}件需要看的事项", more, len(rest), 0) if rest else Markup(""))


def _card(peers: Peers, row: dict[str, Any], place: int) -> Markup:
    kind = "no" if place < MOST_CARDS / 2 else "ask"
    heading = Markup("<h4>{} <small>{}</small></h4>").format(link(peers, row), row["kind"])
    words = Markup('<p class="nums">{}</p><p>{}</p>').format(lines(row["what"]), lines(row["why"]))
    return Markup('<section class="card {}">{}{}</section>').format(kind, heading, words)


def link(peers: Peers, row: dict[str, Any]) -> Markup:
    """The office's name, leading to its annual report where the suite puts it."""
    name = labels.one_line(row["name"])
    if row["subdistrict"] not in peers.evaluations:
        return Markup("{}").format(name)
    return Markup('<a href="../../../{}/{}/annual/annual.html">{}</a>').format(row["subdistrict"], peers.year, name)
