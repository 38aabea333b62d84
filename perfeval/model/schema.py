"""The tables of perfeval: their columns and vocabularies, each defined once.

Every other module takes column names from here or spells them as they are spelt here.

What a self-evaluation says in words, one sub-district and year: the fields of ``narrative.toml``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

# The vocabulary of verdicts. 无法判定 is a verdict of its own and never counts as met.
MET, PARTLY, MISSED, UNDECIDED = "完成", "部分完成", "未完成", "无法判定"
STATUSES = (MET, PARTLY, MISSED, UNDECIDED)

OUTPUT, BENEFIT, SATISFACTION, COST = "产出", "效益", "满意度", "成本"
CATEGORIES = (OUTPUT, BENEFIT, SATISFACTION, COST)
"""Level-1 categories (财预〔2020〕10号; 成本 as a category of its own since 财预〔2021〕101号)."""

POSITIVE, REVERSE, EQUAL, QUALITATIVE, DEADLINE = "正向", "反向", "等于", "定性", "时限"
DIRECTIONS = (POSITIVE, REVERSE, EQUAL, QUALITATIVE, DEADLINE)

YES = "是"

BASIC, PROJECT, TOTAL = "基本支出", "项目支出", "部门整体支出"
TOTAL_ITEMS = (TOTAL, "年度资金总额", "年度财政资金总额", "资金总额", "总预算", "合计", "总计", "总额")
"""Budget items that are the sum of the others."""
SOURCE_ITEMS = (
    "当年财政拨款",
    "本年财政拨款",
    "当年财政资金",
    "财政拨款",
    "财政资金",
    "上年结转资金",
    "上年结转",
    "财政专户管理资金",
    "单位资金",
    "其他资金",
)
"""Budget items that say where the total came from (其中：…); together they are the total, not an addition to it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table on file."""

    name: str
    title: str
    """Chinese heading, accepted in files beside the name and shown to users."""
    kind: str = "text"
    """``text``, ``year`` (four digits), ``count`` (whole number), ``money`` (万元), ``points``, ``choice``, ``date``
    (``2026-01-01``) or ``address`` (of mail)."""
    required: bool = False
    """The column must be there and no cell of it may be empty."""
    choices: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """``executed（执行数）``: how messages name the column."""
        return f"{self.name}（{self.title}）"


@dataclass(frozen=True, slots=True)
class Table:
    """A table on file: its name (the file's stem), its columns, and what makes a row unique."""

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """The column names in order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """The column of that name; ``KeyError`` if there is none."""
        return {column.name: column for column in self.columns}[name]


BUDGET = Table(
    "budget",
    "预算执行",
    (
        Column("item", "预算项目", required=True),
        Column("goal_no", "目标序号", "count"),
        Column("opening", "年初预算数", "money"),
        Column("adjusted", "全年预算数", "money"),
        Column("executed", "全年执行数", "money"),
        Column("weight", "分值", "points"),
        Column("declared_score", "得分", "points"),
    ),
    key=("item", "goal_no"),
)
AMOUNTS = {column.name: column.title for column in BUDGET.columns if column.kind == "money"}
"""The budget's columns of money (万元) with their titles."""
UNIT_SLIP = (5_000, 20_000)
"""Ratio of two amounts that should be alike, when one of them is in yuan: about 10,000."""
OTHER_UNIT = 1_000
"""A part this many times its whole is in another unit."""
IMPLAUSIBLE = 1_000_000
"""万元 (10 billion yuan): no sub-district spends as much; such an amount is in yuan."""

INDICATORS = Table(
    "indicators",
    "绩效指标",
    (
        Column("goal_no", "目标序号", "count"),
        Column("goal", "年度目标"),
        Column("category", "一级指标", "choice", required=True, choices=CATEGORIES),
        Column("subcategory", "二级指标"),
        Column("indicator", "三级指标", required=True),
        Column("target", "年度指标值"),
        Column("actual", "实际完成值"),
        Column("unit", "度量单位"),
        Column("direction", "指标方向", "choice", choices=DIRECTIONS),
        Column("weight", "分值", "points"),
        Column("declared_score", "自评得分", "points"),
        Column("declared_met", "申报完成情况"),
        Column("reason", "偏差原因"),
        Column("measure", "改进措施"),
        Column("evidence", "佐证材料"),
        Column("narrative", "完成情况说明"),
        Column("reviewed_actual", "复核完成值"),
        Column("reviewed_score", "复核得分", "points"),
        Column("review_note", "复核备注"),
        Column("source", "原始出处"),
    ),
    key=("goal_no", "goal", "category", "subcategory", "indicator"),
)

ASSIGNED = "类别按名称推定"
"""In ``source`` of an indicator whose document names no category: the one on file is a guess from its name."""

BLOCKS = Table(
    "blocks",
    "分值块",
    (
        Column("name", "名称", required=True),
        Column("goal_no", "目标序号", "count"),
        Column("goal", "年度目标"),
        Column("category", "一级指标", "choice", choices=CATEGORIES),
        Column("subcategory", "二级指标"),
        Column("weight", "分值", "points"),
        Column("declared_score", "得分", "points"),
    ),
    key=("name", "goal_no", "goal", "category", "subcategory"),
)
"""Points a document prints for a whole part of itself: a goal (（40分）), a category (产出指标（50分）), one inside the
other; a part that is neither (项目决策) has points that no indicator row carries."""

SUBDISTRICTS = Table(
    "subdistricts",
    "街道名录",
    (
        Column("id", "编号", required=True),
        Column("name", "名称", required=True),
        Column("district", "区县"),
        Column("city", "城市"),
        Column("aliases", "别名"),
        Column("synthetic", "示例数据", "choice", choices=(YES,)),
    ),
    key=("id",),
)

DECIDED_SAME, DECIDED_OTHER, DECIDED_BROKEN = "同一", "不同", "口径变更"
DECISIONS = (DECIDED_SAME, DECIDED_OTHER, DECIDED_BROKEN)
"""What a person can decide about a pair of indicators of two years; empty is undecided."""

MATCHES = Table(
    "matches",
    "指标对应",
    (
        Column("year", "年度", "count", required=True),
        Column("indicator", "三级指标", required=True),
        Column("goal", "年度目标"),
        Column("previous_year", "上年年度", "count", required=True),
        Column("previous_indicator", "上年指标", required=True),
        Column("previous_goal", "上年目标"),
        Column("decision", "判定", "choice", choices=DECISIONS),
        Column("note", "说明"),
    ),
    key=("year", "indicator", "goal", "previous_year", "previous_indicator", "previous_goal"),
)
"""``data/<subdistrict>/matches.csv``: what a person decided about indicators that are called otherwise than before."""

RECIPIENTS = Table(
    "recipients",
    "收件人",
    (
        Column("subdistrict", "单位", required=True),
        Column("role", "角色", required=True),
        Column("name", "姓名"),
        Column("address", "邮箱", "address", required=True),
        Column("from", "起始日期", "date"),
        Column("to", "截止日期", "date"),
    ),
    key=("subdistrict", "role", "address", "from"),
)
"""Who gets the reports of an office (or, named by its district, of the whole district) in which role, from and to which
day, both included; an empty day is no limit."""

REVIEWED = ("reviewed_actual", "reviewed_score", "review_note")
"""Columns of indicators that reviewers fill in; offices' own forms do not have them."""

TABLES = {table.name: table for table in (BUDGET, INDICATORS, BLOCKS, SUBDISTRICTS, MATCHES, RECIPIENTS)}

OWNER = ("subdistrict", "year")
"""Columns the loader puts before those of budget and indicators, from the folder ``data/<subdistrict>/<year>/``."""
ORIGIN = ("file", "row")
"""Columns the loader puts after them: the file as named by the user, and the row as a spreadsheet shows it."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the self-evaluation itself."""

    name: str
    start: str = ""
    """ISO date, or empty where the document gives only an end."""
    end: str = ""
    work: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """A problem the office names, with the cause it gives."""

    text: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """A satisfaction survey behind an indicator."""

    indicator: str
    respondents: int | None = None
    satisfied: int | None = None
    date: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class Narrative:
    """Everything optional: a section without data is shown as having none."""

    title: str = ""
    declared_score: Decimal | None = None
    """The total the office gave itself, as printed (98 and 98.0 differ in their decimal places)."""
    declared_grade: str = ""
    basis: str = ""
    """The notice under which the evaluation was made."""
    summary: tuple[str, ...] = ()
    """What was achieved, in facts."""
    key_tasks: tuple[str, ...] = ()
    problems: tuple[Issue, ...] = ()
    measures: tuple[str, ...] = ()
    budget_linkage: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    organisation: tuple[str, ...] = ()
    """Who carried the self-evaluation out."""
    surveys: tuple[Survey, ...] = ()
    last_year: tuple[str, ...] = ()
    """What was done with last year's result."""
    other_evidence: tuple[str, ...] = ()
    signed_on: str = ""
    """The day under the signature, ISO."""
    sources: tuple[str, ...] = field(default=())
    """Where the data on file came from."""


def spell_years(years: Iterable[int]) -> str:
    """Years in a few words: ``2020—2023年``, with gaps ``2020、2022年``; empty where there are none."""
    every = sorted({int(year) for year in years})
    whole = len(every) > 1 and all(after - before == 1 for before, after in pairwise(every))
    shown = f"{every[0]}—{every[-1]}" if whole else "、".join(map(str, every))
    return f"{shown}年" if shown else ""
