"""One screen for each of the great values: what is on file, one office's year, its years, a district.

For whoever has just loaded something and looks at it: who, when, how much, what is missing, and where the rest is.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from perfeval.model.columns import POINTS, RATE
from perfeval.model.data import Data
from perfeval.model.errors import SEVERITIES
from perfeval.model.history import History
from perfeval.model.peers import Peers
from perfeval.model.results import Evaluation
from perfeval.model.schema import spell_years
from perfeval.present import answer, labels, narrative, outcomes, show, style
from perfeval.present.pieces import Html

LINES = 12
"""Rows a screen has room for; how many more there are is said."""
TITLES = {"subdistrict": "编号", "name": "单位"}
Card = Sequence[Any]


def summary(value: Any) -> str:
    """The screen of a value as HTML; ``TypeError`` for what is none of the four."""
    drawn: dict[type, Any] = {Data: _data, Evaluation: _evaluation, History: _history, Peers: _peers}
    if type(value) not in drawn:
        raise TypeError(type(value).__name__)
    return style.standing(drawn[type(value)](value).text)


def _screen(title: str, synthetic: bool, *pieces: Any) -> Html:
    banner = Markup('<p class="synthetic" role="note">{}</p>').format(narrative.SYNTHETIC) if synthetic else Markup("")
    return show.stack(Html(str(banner + Markup('<p class="screen">{}</p>').format(title))), *pieces)


def _rest(count: int, what: str, where: str) -> str | None:
    """What a screen has no room for, and where it is."""
    return f"另有{count - LINES}{what}没有列出，全部在 {where}。" if count > LINES else None


def _data(data: Data) -> Html:
    held = data.sources[["subdistrict", "year"]].drop_duplicates()
    named = data.subdistricts.drop_duplicates("id").set_index("id")
    offices = [
        {
            "subdistrict": office,
            "name": labels.one_line(named["name"].get(office, office)),
            "years": spell_years(rows["year"]),
            "indicators": int(data.indicators["subdistrict"].eq(office).sum()),
            "budget": int(data.budget["subdistrict"].eq(office).sum()),
        }
        for office, rows in held.groupby("subdistrict", sort=False)
    ]
    found = [one.severity for one in data.problems]
    told = "，".join(f"{level}{found.count(level)}条" for level in SEVERITIES if level in found)
    cards: list[Card] = [
        ("单位", len(offices), "个"),
        ("年度", held["year"].nunique(), spell_years(held["year"])),
        ("指标", f"{len(data.indicators):,}", f"行；预算{len(data.budget):,}行"),
        ("读入时的问题", len(data.problems), told or "没有", "doubt" if found else ""),
    ]
    table = show.table(
        pd.DataFrame(offices[:LINES]),
        {**TITLES, "years": "年度", "indicators": "指标行数", "budget": "预算行数"},
        formats={"budget": "count"},
        units={"budget": ""},
        empty="数据目录里没有符合条件的数据。",
    )
    return _screen(
        "已读入的数据", _invented(named), show.cards(cards), table, _rest(len(offices), "个单位", "data.subdistricts")
    )


def _invented(subdistricts: pd.DataFrame) -> bool:
    return "synthetic" in subdistricts.columns and bool(subdistricts["synthetic"].any())


def _evaluation(result: Evaluation) -> Html:
    return _screen(
        f"{narrative.full_name(result)} {result.year}年度",
        result.synthetic,
        show.lead(*answer.headline_clauses(result)),
        show.cards(_office_cards(result)),
        show.table(
            result.unmet.head(LINES),
            ["indicator", "target", "actual", "attainment", "status", "lost"],
            caption="未完成和部分完成的指标",
            empty=outcomes.unmet(result)[0],
        ),
        _rest(len(result.unmet), "项", "result.unmet"),
        "全部指标在 result.indicators，审查提示在 result.findings，预算在 result.execution.items。",
    )


def _office_cards(result: Evaluation) -> list[Card]:
    rules = narrative.rules(result.ruleset.title)
    return [
        (f"复算得分（{rules}）", labels.points(result.score), answer.score_note(result)),
        ("预算执行率", labels.percent(result.execution.rate), answer.execution_note(result)),
        ("完成", answer.met_of_all(result), answer.met_note(result)),
        ("审查提示", len(result.findings), f"处，其中须核实{result.tally.grave}处"),
    ]


def _history(history: History) -> Html:
    last = history.evaluations[history.years[-1]]
    years = history.summary.assign(
        completion=[
            labels.interval(low, high)
            for low, high in zip(history.summary["completion_low"], history.summary["completion_high"], strict=True)
        ]
    )
    return _screen(
        f"{narrative.full_name(last)} {spell_years(history.years)}",
        any(one.synthetic for one in history.evaluations.values()),
        show.table(
            years.tail(LINES),
            {
                "year": "年度",
                "execution_rate": "执行率",
                "rows": "指标数",
                "completion": "完成率",
                "score": "复算得分",
                "declared_score": "自评得分",
                "grade": "复算等级",
                "state": "评价状态",
            },
            formats={"execution_rate": RATE, "score": POINTS, "declared_score": POINTS},
        ),
        f"目标、指标的变化{len(history.changes)}处（history.changes），走势{len(history.trends)}条（history.trends），"
        f"反复未完成{len(history.repeated)}项（history.repeated），须人工判定{len(history.doubtful)}对（history.doubtful）。",
    )


def _peers(peers: Peers) -> Html:
    known = len(peers.offices)
    every = known + len(peers.unevaluated) + len(peers.failed)
    missing = [*peers.unevaluated["name"].tolist(), *peers.failed["name"].tolist()]
    rows, met = (int(peers.offices[name].sum()) for name in ("rows", "met"))
    cards: list[Card] = [
        ("可比的单位", f"{known} / {every}", f"没有总分：{labels.listing(missing, 3, '个')}" if missing else "全部"),
        (
            "预算执行率（合计）",
            labels.percent(peers.pooled.rate),
            f"{len(peers.pooled.offices)}个单位" if peers.pooled.offices else "没有金额",
        ),
        (
            "完成",
            f"{met:,} / {rows:,}",
            f"完成率{labels.interval(peers.completion_low, peers.completion_high)}",
        ),
        ("须关注", len(peers.attention), "处", "doubt" if len(peers.attention) else ""),
    ]
    offices = peers.offices.head(LINES)
    return _screen(
        f"{labels.one_line(peers.district)} {peers.year}年度",
        any(one.synthetic for one in peers.evaluations.values()),
        show.cards(cards),
        show.table(
            offices,
            ["name", "execution_rate", "score", "score_low", "score_high", "declared_score", "grade", "unmet"],
            titles={"unmet": "未完成和部分完成"},
            caption=f"按“{labels.one_line(peers.ruleset.title)}”复算；范围取自全部规则和两种口径",
            empty="没有可比的单位。",
        ),
        _rest(known, "个单位", "peers.offices"),
    )
