"""Tables, cards and the grid of marks as HTML. Everything that comes from data is escaped by the way it is put in.

``Markup("…{}…").format(value)`` escapes every value that is not itself Markup; text and tags never meet otherwise.
Each table has a caption, headings with scope and units, and cells that carry their heading for narrow screens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from perfeval.model.results import Evaluation
from perfeval.model.verdicts import COUNTS, NOT_FILLED, VERDICTS
from perfeval.present import labels
from perfeval.present.narrative import against_declared, records, verdict

MANY = 8
"""Rows from which a table of proof is folded."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a shown table: its heading, and whether it holds figures (right-aligned)."""

    title: str
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A table before it is shown: pages show it as HTML, the Word report as a table of its own."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    narrow: str = "st"
    """As :func:`table` takes it."""


def listed(listing: Listing | None) -> Markup:
    """A listing as a table of the page; nothing where there is none."""
    if listing is None:
        return Markup("")
    return table(listing.caption, listing.columns, listing.rows, narrow=listing.narrow)


def lines(value: Any) -> Markup:
    """Text from data for a cell: escaped, line breaks kept, ``—`` where there is none."""
    return Markup("<br>").join(labels.text(value).splitlines())


def table(caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, narrow: str = "st") -> Markup:
    """A table whose first column heads its rows.

    ``narrow`` says what narrow screens make of it: ``st`` rows become blocks, ``st two`` blocks with two cells a line
    (for short figures), empty leaves it a table.
    """
    stack = bool(narrow)
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_figures(column), column.title) for column in columns
    )
    body = Markup("").join(_row(columns, row) for row in rows)
    kind = Markup(' class="{}"{}').format(narrow, labelled(columns)) if stack else Markup("")
    return Markup(
        '<div class="tw"><table{}><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(kind, caption, head, body)


def _figures(column: Column) -> Markup:
    return Markup(' class="n"') if column.figures else Markup("")


def labelled(columns: Sequence[Column]) -> Markup:
    """The columns' titles as CSS variables of their table, said once: stacked cells are labelled with them."""
    titles = (column.title.replace("\\", "\\\\").replace("'", "\\'") for column in columns[1:])
    said = Markup(";").join(Markup("--l{}:'{}'").format(place, title) for place, title in enumerate(titles, start=2))
    return Markup(' style="{}"').format(said)


def _row(columns: Sequence[Column], cells: Sequence[Any]) -> Markup:
    first = Markup('<th scope="row">{}</th>').format(_cell(cells[0]))
    rest = [
        Markup("<td{}>{}</td>").format(_figures(column), _cell(cell))
        for column, cell in zip(columns[1:], cells[1:], strict=True)
    ]
    return Markup("<tr>{}{}</tr>").format(first, Markup("").join(rest))


def _cell(value: Any) -> Markup:
    return value if isinstance(value, Markup) else lines(value)


def paragraphs(sentences: Iterable[str]) -> Markup:
    """Sentences as paragraphs."""
    return Markup("").join(Markup("<p>{}</p>").format(sentence) for sentence in sentences)


def ordered(sentences: Sequence[str], *, columns: bool = False) -> Markup:
    """Sentences as a numbered list; one alone, or a 无, is a paragraph."""
    if len(sentences) <= 1:
        return paragraphs(sentences)
    kind = Markup(' class="cols"') if columns else Markup("")
    return Markup("<ol{}>{}</ol>").format(
        kind, Markup("").join(Markup("<li>{}</li>").format(sentence) for sentence in sentences)
    )


def unordered(sentences: Sequence[str]) -> Markup:
    """Short lines that carry their own numbers, in columns where there is room."""
    return Markup('<ul class="cols">{}</ul>').format(
        Markup("").join(Markup("<li>{}</li>").format(sentence) for sentence in sentences)
    )


def key_figures(figures: Iterable[tuple[str, str | Markup, str]]) -> Markup:
    """The few figures to be seen first: name, value, and what stands small beside it."""
    items = (Markup("<div><dt>{}</dt><dd>{} <small>{}</small></dd></div>").format(*figure) for figure in figures)
    return Markup('<dl class="kpi">{}</dl>').format(Markup("").join(items))


def ranged(shown: str) -> str | Markup:
    """A range as a key figure: on one line, a little smaller than a plain figure."""
    return Markup('<span class="range">{}</span>').format(shown) if "—" in shown.strip("—") else shown


def folded(summary: str | Markup, content: Markup) -> Markup:
    """Something long, folded on screen and open on paper."""
    return Markup("<details><summary>{}</summary>{}</details>").format(summary, content)


def fold(summary: str | Markup, content: Markup, rows: int, most: int = 12) -> Markup:
    """A table of ``rows`` rows, folded where it has more than ``most``."""
    return folded(summary, content) if rows > most else content


def budget(result: Evaluation) -> Markup:
    """Amounts, both rates and which one counts."""
    columns = [
        Column("预算项目"),
        Column("年初预算数", True),
        Column("全年预算数", True),
        Column("全年执行数", True),
        Column("占年初预算", True),
        Column("占全年预算", True),
        Column("计分执行率", True),
    ]
    rows = [
        [
            row["item"],
            *(labels.money(row[name]) for name in ("opening", "adjusted", "executed")),
            *(labels.percent(row[name]) for name in ("rate_opening", "rate_adjusted", "rate")),
        ]
        for row in records(result.execution.items)
    ]
    caption = f"预算执行（万元）；计分执行率的分母是{result.execution.denominator or '预算数'}" if rows else "预算执行"
    return table(caption, columns, rows, narrow="st two") if rows else Markup("")


def identities(result: Evaluation) -> Markup:
    """The sums checked to the cent."""
    return listed(identity_listing(result))


def identity_listing(result: Evaluation) -> Listing | None:
    """The sums checked to the cent; None where there are none to check."""
    columns = [
        Column("合计关系（万元）"),
        Column("左边", True),
        Column("右边", True),
        Column("相差", True),
        Column("结果"),
    ]
    rows = [
        [
            row["identity"],
            labels.money(row["left"]),
            labels.money(row["right"]),
            labels.money(row["difference"]),
            "相符" if row["holds"] else "不符",
        ]
        for row in records(result.execution.identities)
    ]
    return Listing("合计关系核对到分", columns, rows, "st two") if rows else None


_COUNTS = [
    Column("指标数", True),
    Column("能判定完成", True),
    *(Column(one, True) for one in VERDICTS[1:]),
    Column("完成数", True),
    Column("完成率", True),
    Column("平均完成程度", True),
]


def completion(result: Evaluation) -> Markup:
    """Counts and bounds by category and overall, then by goal."""
    categories = category_listing(result)
    if categories is None:
        return Markup("")
    goals = [[labels.goal(row["goal_no"], row["goal"]), *_counts(row)] for row in records(result.completion.by_goal)]
    return listed(categories) + folded(
        f"{len(goals)}个目标的完成情况表",
        table("各目标的完成情况（项）", [Column("年度目标"), *_COUNTS], goals, narrow="st two"),
    )


def category_listing(result: Evaluation) -> Listing | None:
    """Counts and bounds by category and overall; None without indicators, and where none is filled in yet."""
    categories = [[row["category"], *_counts(row)] for row in records(result.completion.by_category)]
    overall = [["合计", *_counts(row)] for row in records(result.completion.overall)]
    columns = [Column("一级指标"), *_COUNTS]
    known = categories and result.state != NOT_FILLED
    return Listing("各类指标的完成情况（项）", columns, categories + overall, "st two") if known else None


def _counts(row: dict[str, Any]) -> list[str]:
    counts = [str(int(row[name])) for name in ("rows", *COUNTS)]
    attained = f"{labels.percent(row['attainment'])}（{row['computed']}项）" if row["computed"] else labels.NONE
    return [*counts, labels.span(row["met"], row["most"], ""), labels.interval(row["low"], row["high"]), attained]


def scores(result: Evaluation) -> Markup:
    """Every rule set on both bases, and whether it gives the printed total."""
    return listed(score_listing(result))


def score_listing(result: Evaluation) -> Listing | None:
    """Every rule set on both bases, and whether it gives the printed total; None where there is none."""
    columns = [
        Column("计分规则"),
        Column("申报口径（分）", True),
        Column("严格口径（分）", True),
        Column("复算等级"),
        Column("与申报总分"),
    ]
    rows = [
        [
            row["title"],
            labels.points(row["declared"]),
            labels.points(row["strict"]),
            Markup('<span class="nw">{}</span>').format(row["grade"] or "不评"),
            against_declared(result, row["declared"], bool(row["reproduces"])),
        ]
        for row in records(result.alternatives.dropna(subset="declared"))
    ]
    caption = "各计分规则复算的总分；严格口径不给仅凭申报、或该有数而只写文字的指标记分"
    return Listing(caption, columns, rows, "st two") if rows else None


def problems(result: Evaluation) -> Markup:
    """The warnings and notes found when loading."""
    columns = [Column("级别"), Column("发现"), Column("建议"), Column("位置")]
    rows = [
        [
            f"{found.severity} {found.code}",
            found.message if not found.value else f"{found.message}（值“{found.value}”）",
            found.advice,
            found.place,
        ]
        for found in result.problems
    ]
    return table("读入数据时的警告和提示", columns, rows) if rows else Markup("")


def unverified(result: Evaluation) -> Markup:
    """The rows that rest on the office's word alone or that nothing decides, and why; folded where there are many."""
    columns = [Column("指标"), Column("目标值"), Column("实际值"), Column("为何不能核实"), Column("完成情况")]
    rows = [
        [
            Markup("{}<small>{}</small>").format(lines(row["indicator"]), labels.goal(row["goal_no"])),
            row["target"],
            row["actual"],
            row["attainment_why"],
            Markup('<span class="nw">{}</span>').format(verdict(row)),
        ]
        for row in records(result.unverified)
    ]
    if not rows:
        return Markup("")
    shown = table("凭申报完成和无法判定的指标", columns, rows)
    return shown if len(rows) <= MANY else folded(f"凭申报完成和无法判定的{len(rows)}项指标", shown)


def sources(result: Evaluation) -> Markup:
    """The files the report was made from, with their hashes."""
    columns = [Column("文件"), Column("数据行数", True), Column("sha256")]
    rows = [
        [row["file"], str(row["rows"]), Markup("<code>{}</code>").format(row["sha256"])]
        for row in records(result.provenance)
    ]
    return table("本报告所用的数据文件", columns, rows) if rows else Markup("")
