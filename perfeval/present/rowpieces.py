"""Pieces of judged rows: the grid of marks, the cards of what was missed, findings, derivations, sources."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

import pandas as pd
from markupsafe import Markup

from perfeval.model import asked, verdicts
from perfeval.model.columns import records
from perfeval.model.history import History
from perfeval.model.peers import Peers
from perfeval.model.results import Evaluation
from perfeval.model.schema import CATEGORIES, MISSED, PARTLY
from perfeval.model.tally import DEFINED, UNFILLED, Tally, tally
from perfeval.model.verdicts import VERDICTS
from perfeval.present import findings as findings_
from perfeval.present import labels, outcomes, sections
from perfeval.present.frametable import table
from perfeval.present.narrative import UNSTATED
from perfeval.present.pieces import Html
from perfeval.present.tables import Column, folded, labelled, lines
from perfeval.present.tables import table as listing
from perfeval.present.verdictsigns import MARKS, mark

Row = dict[str, Any]
NO_ROWS = "没有绩效指标。"


def verdict(row: Mapping[str, Any]) -> str:
    """The verdict of a row of ``pe.rows``, or of an evaluation's indicators (status with its basis)."""
    if "basis" in row:
        return verdicts.verdict(str(row["status"]), str(row["basis"]))
    found = str(row["status"])
    if found not in (*VERDICTS, UNFILLED):
        raise ValueError(f"不认识的完成情况：{found}，可用的有：{'、'.join(VERDICTS)}")
    return found


def _goals(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(labels.goal(row.get("goal_no"), row.get("goal")), []).append(row)
    return list(groups.items())


# ---- the grid


@asked.takes(rows=["goal_no", "goal", "category", "indicator", "status"])
def grid(rows: pd.DataFrame) -> Html:
    """Every indicator as one mark, by goal and category, with the key and its counts; rows of one office and year."""
    held = records(rows)
    if not held:
        return Html(str(Markup('<p class="none">{}</p>').format(NO_ROWS)), NO_ROWS)
    present = [category for category in CATEGORIES if any(row["category"] == category for row in held)]
    present += sorted({str(row["category"]) for row in held} - set(present))
    body = []
    for _, group in _goals(held):
        cells = [
            Markup("").join(_row_mark(row) for row in group if str(row["category"]) == category) for category in present
        ]
        body.append([_goal_head(group[0]), *(cell or Markup('<span class="none">—</span>') for cell in cells)])
    shown = listing("每一格是一项指标", [Column("年度目标"), *map(Column, present)], body, narrow="")
    counts = tally(map(verdict, held))
    told = "；".join(f"{word}{count}项" for word, count in counts.words.items())
    return Html(str(Markup('<div class="grid">{}{}</div>').format(shown, _key(counts))), f"{len(held)}项指标：{told}。")


def _goal_head(row: Row) -> Markup:
    number = "" if labels.missing(row["goal_no"]) else str(int(row["goal_no"]))
    name = labels.one_line(row["goal"]) if not labels.missing(row["goal"]) else "" if number else "未列目标"
    return Markup('<span class="idx">{} </span>{}').format(number, name)


def _row_mark(row: Row) -> Markup:
    known = verdict(row)
    return mark(known, f"{labels.one_line(row['indicator'])}：{known}")


def _key(counts: Tally) -> Markup:
    shown = [
        Markup('<span title="{}">{}{} {}</span>').format(DEFINED[word], mark(word), word, labels.count(count))
        for word, count in counts.words.items()
    ]
    return Markup('<p class="key">{}</p>').format(Markup(" ").join(shown))


# ---- what was missed


@asked.takes(rows=["indicator", "target", "actual", "attainment", "status", "lost", "target_from"])
def missed(rows: pd.DataFrame, empty: str = "没有未完成的指标。", most: int | None = None, rest: str = "") -> Html:
    """A card for each of the rows that is 未完成 or 部分完成, in their order: attainment, target, actual, points lost,
    cause and measure.

    With ``most``, the first ones only; how many more there are is said with a link to ``rest``, the heading below which
    all of them stand.
    """
    every = [row for row in records(rows) if verdict(row) in (MISSED, PARTLY)]
    if not every:
        return Html(str(Markup('<p class="none">{}</p>').format(empty)), empty)
    held = every[:most]
    plain = [f"{labels.one_line(row['indicator'])}：{_figures(row)}" for row in held]
    made = Markup('<div class="cards">{}</div>').format(Markup("").join(map(_card, held)))
    if len(every) > len(held):
        more = f"另有{len(every) - len(held)}项，见"
        made += Markup('<p class="more">{}{}。</p>').format(more, link(rest))
        plain.append(f"{more}“{rest}”。")
    return Html(str(made), "\n".join(plain))


def link(heading: str, text: str = "") -> Markup:
    """A link to a heading of the page, by its words; ``text`` where it should read otherwise.

    It is spelt as browsers spell it back, else JupyterLab takes it for one to a file.
    """
    return Markup('<a href="#{}">{}</a>').format(quote(heading.replace(" ", "-")), text or f"“{heading}”")


def _card(row: Row) -> Markup:
    heading = Markup("<h4>{} {} <small>{}</small></h4>").format(
        mark(verdict(row)), labels.indicator(row["indicator"], row.get("target_from", "")), _where(row)
    )
    words = Markup("<p><b>原因</b>　{}</p><p><b>措施</b>　{}</p>").format(
        *(_stated(row.get(name)) for name in ("reason", "measure"))
    )
    return Markup('<section class="card {}">{}{}<p class="nums">{}</p>{}</section>').format(
        MARKS[verdict(row)][0], heading, attainment_bar(row["attainment"]), _figures(row), words
    )


def _where(row: Row) -> str:
    return labels.goal(row.get("goal_no"))


def _figures(row: Row) -> str:
    return outcomes.figures(row)


def _stated(value: Any) -> Markup:
    return Markup('<span class="none">{}</span>').format(UNSTATED) if labels.missing(value) else lines(value)


def attainment_bar(attainment: Any) -> Markup:
    """Attainment as a bar whose end is the target; nothing where there is none."""
    if labels.missing(attainment):
        return Markup("")
    share = min(max(float(attainment), 0.0), 1.0) * 100
    return Markup('<div class="bar" role="img" aria-label="完成程度{}"><i style="width:{:.1f}%"></i></div>').format(
        labels.percent(attainment), share
    )


# ---- decisions


@asked.takes(found=["matter", "basis", "asks", "source"])
def decisions(found: pd.DataFrame, most: int = 3, empty: str = "按现有数据，没有需要研究决定的事项。") -> Html:
    """What is to be decided (the frame of ``pe.office_decisions``), numbered: the facts, what is asked, the source of
    the rule. Beyond ``most`` they are folded."""
    held = records(found)
    if not held:
        return Html(str(Markup('<p class="none">{}</p>').format(empty)), empty)
    made = Markup('<ol class="asks">{}</ol>').format(Markup("").join(map(_decision, held[:most])))
    if len(held) > most:
        more = Markup('<ol class="asks" start="{}">{}</ol>').format(
            most + 1, Markup("").join(map(_decision, held[most:]))
        )
        made += folded(f"另有{len(held) - most}项", more)
    return Html(str(made), "\n".join(f"{row['decision']}：{row['basis']}。{row['asks']}。" for row in held))


def _decision(row: Row) -> Markup:
    basis, asks, source = (labels.one_line(row[name]).rstrip("。") for name in ("basis", "asks", "source"))
    return Markup("<li><b>{}</b>　{}。{}。 <small>依据：{}</small></li>").format(
        labels.one_line(row["matter"]), basis, asks, source
    )


def glance(lines_: Iterable[tuple[str, str, str]]) -> Html:
    """What else there is to know, a line each with a link to its heading: (heading, count, in a few words).

    Only for narrow screens, where the sections themselves do not fit on the first one; a line that counts nothing is
    left out. Nothing is said here that the sections do not say.
    """
    told = [(heading, count, said) for heading, count, said in lines_ if count not in ("", "0项", labels.NONE)]
    if not told:
        return Html("")
    items = [
        Markup("<li>{}　{}</li>").format(link(heading, f"{heading}{count}"), said) for heading, count, said in told
    ]
    plain = "\n".join(f"{heading}{count}：{said}" for heading, count, said in told)
    return Html(str(Markup('<ul class="glance">{}</ul>').format(Markup("").join(items))), plain)


# ---- findings


@asked.takes(found=["severity", "code", "title", "place", "fact", "advice", "sureness"])
def findings(found: pd.DataFrame, empty: str = "按复核规则检查，没有发现问题。") -> Html:
    """Findings by severity and rule, P0 and P1 open with their advice, P2 folded."""
    held = [_finding(row) for row in records(found)]
    if not held:
        return Html(str(Markup("<p>{}</p>").format(empty)), empty)
    levels = [(level, [row for row in held if row["severity"] == level]) for level in findings_.MEANING]
    made = Markup("").join(findings_.severity(level, rows, is_open=level != "P2") for level, rows in levels if rows)
    plain = [
        f"{row['severity']} {row['code']} {labels.one_line(row['title'])}：{labels.one_line(row['fact'])}"
        for row in held
    ]
    return Html(str(made), "\n".join(plain))


def _finding(row: Row) -> Row:
    rows = row.get("rows")
    if not isinstance(rows, tuple):
        rows = () if labels.missing(row.get("row")) else (int(row["row"]),)
    return row | {"severity": str(row["severity"]), "rows": rows}


# ---- proof

DERIVED = (
    Column("指标"),
    Column("年初目标值"),
    Column("实际完成值"),
    Column("完成程度", True),
    Column("申报"),
    Column("复核"),
    Column("分值", True),
    Column("得分", True),
)


@asked.takes(rows=["indicator", "target", "actual", "attainment", "status", "points", "score", "target_from"])
def derivations(rows: pd.DataFrame) -> Html:
    """Every indicator with its verdict, its score, the sentence that derives it and where it stands; folded by goal.

    With a column ``source``, where in the office's own document it was read (``自评表!E18``).
    """
    held = records(rows)
    if not held:
        return Html(str(Markup('<p class="none">{}</p>').format(NO_ROWS)), NO_ROWS)
    made = Markup("").join(_derived(name, group) for name, group in _goals(held))
    return Html(str(made), f"{len(held)}项指标的推导见网页。")


def _derived(name: str, rows: list[Row]) -> Markup:
    files = {labels.one_line(row["file"]) for row in rows if not labels.missing(row.get("file"))}
    one = next(iter(files)) if len(files) == 1 else ""  # then it is named once
    heads = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_class(column), column.title) for column in DERIVED
    )
    content = Markup(
        '<div class="tw"><table class="st ap"{}><caption>{}：各项指标（分值和得分的单位为分）</caption>'
        "<thead><tr>{}</tr></thead>{}</table></div>"
    ).format(labelled(DERIVED), name, heads, Markup("").join(_derivation(row, not one) for row in rows))
    told = "，".join(f"{count}项{word}" for word, count in tally(map(verdict, rows)).words.items())
    told += f"；出处：{one}" if one else ""
    return folded(Markup("{} <small>{}</small>").format(name, told), content)


@cache
def _class(column: Column) -> Markup:
    kind = "n" if column.figures else "v" if column.title == "复核" else ""
    return Markup(' class="{}"').format(kind) if kind else Markup("")


def _derivation(row: Row, with_file: bool) -> Markup:
    known = verdict(row)
    cells = [
        outcomes.target(row),
        row["actual"],
        labels.percent(row["attainment"]),
        row.get("declared_status"),
        Markup("<span>{}{}</span>").format(mark(known), known),
        labels.points(row["points"]),
        labels.points(row["score"]),
    ]
    shown = Markup("").join(
        Markup("<td{}>{}</td>").format(_class(column), cell if isinstance(cell, Markup) else lines(cell))
        for column, cell in zip(DERIVED[1:], cells, strict=True)
    )
    head = Markup('<th scope="row">{}</th>').format(lines(row["indicator"]))
    why = Markup('<tr class="why"><td colspan="{}">{}</td></tr>').format(
        len(DERIVED), Markup("<br>").join(f"{said.rstrip('。；')}。" for said in _said(row, with_file))
    )
    return Markup("<tbody><tr>{}{}</tr>{}</tbody>").format(head, shown, why)


SAID = (("why", "判定"), ("derivation", "得分"), ("reason", "原因"), ("measure", "措施"))


def _said(row: Row, with_file: bool) -> list[str]:
    """Its kind, why, how scored, cause and measure as far as they are given, and where the row stands; a sentence that
    the next one begins with is not said twice."""
    scored = not labels.missing(row["score"])  # where nothing can be evaluated no row has 0 points either
    given = {name for name, _ in SAID if not labels.missing(row.get(name))}
    given -= set() if scored else {"derivation"}
    given -= {"why"} if "derivation" in given and str(row["derivation"]).startswith(str(row.get("why"))) else set()
    said = [(name, title) for name, title in SAID if name in given]
    kinds = [row.get(name) for name in ("category", "subcategory")]
    kind = "·".join(labels.one_line(one) for one in kinds if not labels.missing(one))
    found = [f"{title}：{labels.one_line(row[name])}" for name, title in said]
    found = [f"{kind}指标。{found[0]}", *found[1:]] if kind and found else found
    named = [labels.one_line(row["file"])] if with_file and not labels.missing(row.get("file")) else []
    named += [] if labels.missing(row.get("row")) else [f"第{int(row['row'])}行"]
    origin = "" if labels.missing(row.get("source")) else f"（{labels.one_line(row['source'])}）"
    return [*found, *([f"出处：{' '.join(named)}{origin}"] if named else [])]


@asked.takes()
def sources(result: Evaluation | History | Peers) -> Html:
    """Rule set, files with their hashes, version: of an evaluation, or of all in a history or a comparison of peers."""
    held = [result] if isinstance(result, Evaluation) else list(result.evaluations.values())
    said = sections.provenance(held[0]) if held else ()
    files = [one.provenance for one in held if len(one.provenance)]
    every = pd.concat(files, ignore_index=True).drop_duplicates(ignore_index=True) if files else pd.DataFrame()
    shown = table(
        every,
        {"file": "文件", "rows": "数据行数", "sha256": "sha256"},
        caption="所用的数据文件",
        empty="没有数据文件。",
        fold=None if isinstance(result, Evaluation) else 12,
    )
    made = Markup("").join(Markup("<p>{}</p>").format(one) for one in said)
    return Html(str(made + Markup(shown.text)), "\n".join(said))  # noqa: S704  # a piece of ours
