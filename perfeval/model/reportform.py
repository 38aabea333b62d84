"""The official report as a Word document: its outline, the wording of its sentences, and what it keeps unseen.

What is written by :mod:`perfeval.deliver.officialword` is read back by :mod:`perfeval.ingest.wordreport`. Each fact has
one place that counts: budget and indicators the form of the annex, everything said in words its section of the text,
and what no page shows (sources, evidence of reviewers) a part of the file. All else follows from these and is not read.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from perfeval.model.schema import INDICATORS, REVIEWED

MARK = "perfeval-report-2"
"""Begins what the file keeps unseen; by it the importer knows the report."""

OPINION, OPINION_ANNEX = "部门整体绩效自评复核意见", "复核计分说明"
"""Titles of the reviewers' opinion and of its annex, by which the importer knows that it is no office's report."""
RECOMPUTED = "部门整体绩效自评复算表"
RECOMPUTED_SHEETS = ("指标与得分", "得分汇总", "不同规则")
"""How the title of the workbook of scores ends, and sheets of it; likewise."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the report."""

    level: int
    """1 一、 2 （一） 3 1． 4 （1）; 0 for an annex, which is not numbered."""
    text: str
    reads: str = ""
    """What the importer takes from the text below it; empty where it takes nothing."""


CONCLUSION = Heading(1, "自评结论")
SCORE = Heading(2, "部门整体绩效自评得分", "score")
COMPLETION = Heading(2, "部门整体绩效目标完成情况")
EXECUTION = Heading(3, "执行率情况")
MET = Heading(3, "完成的绩效目标", "summary")
UNMET = Heading(3, "未完成的绩效目标")
PROBLEMS = Heading(2, "存在的问题和原因", "problems")
NEXT = Heading(2, "下一步改进措施")
MEASURES = Heading(3, "改进措施", "measures")
LINKAGE = Heading(3, "拟与预算安排相结合情况", "budget_linkage")
SUPPORT = Heading(1, "佐证材料")
BASICS = Heading(2, "基本情况")
SPENDING_TASKS = Heading(3, "部门支出情况以及当年重点工作")
SPENDING = Heading(4, "部门支出情况")
TASKS = Heading(4, "当年重点工作", "key_tasks")
GOALS = Heading(3, "年度部门整体绩效目标")
WORK = Heading(2, "部门自评工作开展情况", "work")
ANALYSIS = Heading(2, "绩效目标完成情况分析")
MONEY_ANALYSIS = Heading(3, "预算执行情况分析")
GOAL_ANALYSIS = Heading(3, "各项绩效目标完成情况分析")
LAST_YEAR = Heading(2, "上年度部门整体自评结果应用情况", "last_year")
EVIDENCE = Heading(2, "其他佐证材料", "evidence")
ANNEX = Heading(0, "附件")
HEADINGS = (
    CONCLUSION, SCORE, COMPLETION, EXECUTION, MET, UNMET, PROBLEMS, NEXT, MEASURES, LINKAGE,
    SUPPORT, BASICS, SPENDING_TASKS, SPENDING, TASKS, GOALS, WORK, ANALYSIS, MONEY_ANALYSIS,
    GOAL_ANALYSIS, LAST_YEAR, EVIDENCE, ANNEX,
)  # fmt: skip
"""In the order of the report."""
SECTIONS = {
    **{heading.reads: heading for heading in HEADINGS if heading.reads not in ("", "score", "work", "evidence")},
    "basis": WORK,
    "organisation": WORK,
    "stages": WORK,
    "surveys": EVIDENCE,
    "other_evidence": EVIDENCE,
}
"""By field of the narrative, the section that says it."""

NOTICE, NOTICE_END = "根据", "要求，开展部门整体绩效自评工作"
"""What stands before and after the notice that asked for the evaluation."""
CAUSE, REMEDY, BACKED, WANTED, REACHED = "原因：", "措施：", "佐证材料：", "年初目标值：", "实际完成值："
"""What stands before a cause, a measure, evidence, a target and an actual."""
BLANK = re.compile(r"【请填写[：:][^】]*】")
"""A place a person is to fill in."""
ONLY_BLANK = re.compile(rf"(?:{BLANK.pattern}|[。，、；\s])+")
"""A paragraph that says nothing else."""


def blank(what: str) -> str:
    """A place to fill in, which says what belongs there: ``【请填写：自评得分】``."""
    return f"【请填写：{what}】"


# ---- the annex: the form, by the captions over its tables
FORM = "部门整体绩效自评表"
BUDGET_TABLE, INDICATOR_TABLE = "预算执行情况（万元）", "绩效目标完成情况"
TABLES = (BUDGET_TABLE, INDICATOR_TABLE)
BLOCK_TABLE = "各部分的分值和得分"
"""Caption of the table of printed points; only a report with any has it."""
SIGNERS = ("填报人：", "审核人：", "单位负责人：", "填报日期：")
"""Below the form, for those who sign it; what they write there is no data."""
NUMBER = "序号"
"""Heading of the column that ties a row of the form to what the file keeps of it."""
RATE = "执行率"
COMPUTED = (RATE,)
"""Headings of columns that follow from the others; they are not read."""
SHOWN = {"declared_met": "完成情况", "declared_score": "得分", "target": "年初目标值"}
"""Columns of the indicators that the form calls otherwise than the tables on file."""
NO_FIGURE = "（无数值，仅叙述）"
"""What the importer puts where a document reports in words alone."""
SEE_TEXT = "见报告正文"
"""What the form says there."""
KEPT = ("narrative", "evidence", *REVIEWED, "source")
"""Columns of the indicators that the form does not have: the file keeps them, and the text says the first two."""
GOAL_COLUMNS = ("goal_no", "goal")
"""Columns that stand in a row of their own over the indicators of a goal."""
FORM_COLUMNS = tuple(name for name in INDICATORS.names if name not in (*KEPT, *GOAL_COLUMNS))
GOAL_ROW = re.compile(r"(?:年度绩效)?目标(?P<number>[0-9]*)")
"""First cell of such a row: ``目标4``, or ``目标`` for one without a number; its name stands in the second."""

HAN = "一二三四五六七八九十"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
ITEM = re.compile(rf"[0-9]{{1,3}}(?:．|\.(?![0-9]))|（[0-9]{{1,3}}）|[{CIRCLED}]")
"""The number before an entry of a list."""
STAGE_NUMBER = re.compile(r"[0-9]{1,3}(?:．|\.(?![0-9]))")
"""The number before a stage of the evaluation, by which it is told from who carried it out."""
SIGNED_ON = re.compile(
    r"(?P<year>[0-9]{4}|[〇零一二三四五六七八九]{4})年(?P<month>[0-9一二三四五六七八九十]{1,2})月(?P<day>[0-9一二三四五六七八九十]{1,3})日"
)
"""The day under the signature, alone in its paragraph."""
GOAL_LINE = re.compile(r"目标(?P<number>[0-9]*)(?:：.*)?")
"""The line over the sentences on a goal's indicators."""
SECTION = re.compile(rf"[{HAN}]{{1,3}}、|（[{HAN}]{{1,3}}）|{ITEM.pattern}")
"""The number before a heading."""


def unnumbered(text: str) -> str:
    """A paragraph without the number before it: what looks like one further on is of its words.

    >>> unnumbered(" （一）第一、二季度"), unnumbered("第一、二季度")
    ('第一、二季度', '第一、二季度')
    """
    bare = text.strip()
    number = SECTION.match(bare)
    return bare[number.end() :] if number else bare


# ---- the sentence on an indicator


@dataclass(frozen=True, slots=True)
class Statement:
    """What the text says of one indicator: ``name（年初目标值：target）。told，status。`` and what follows."""

    name: str
    target: str
    told: str
    """What was done, in the office's words."""
    status: str
    """完成年初目标, 未完成年初目标 …; empty where ``told`` ends with it or nothing is known."""
    reason: str = ""
    measure: str = ""
    evidence: str = ""

    @property
    def opening(self) -> str:
        """Name and target."""
        return f"{self.name}（{WANTED}{self.target}）。"

    @property
    def sentence(self) -> str:
        """The whole."""
        said = "，".join(filter(None, (self.told, self.status)))
        rest = ((CAUSE, self.reason), (REMEDY, self.measure), (BACKED, self.evidence))
        return f"{self.opening}{ended(said)}{''.join(f'{mark}{ended(text)}' for mark, text in rest if text)}"

    def reread(self, text: str) -> "Statement | None":
        """The same statement as a person has changed it; None where it no longer begins with name and target."""
        found = OPENING.fullmatch(text)
        if found is None or not text.startswith(self.name) or text[len(self.name)] != "（":
            return None
        target, told = _cut(text[len(self.name) :])
        parts = {}
        for key, mark in (("evidence", BACKED), ("measure", REMEDY), ("reason", CAUSE)):
            if getattr(self, key) or mark == BACKED:
                told, _, parts[key] = told.partition(f"。{mark}") if f"。{mark}" in told else (told, "", "")
        status = ""
        told = bare(told)
        said, added = told.partition(f"，{self.status}。")[::2] if self.status else ("", "")
        if added:  # written after the end of the sentence: words of the office as well
            told = f"{bare(said)}。{bare(added)}，{self.status}"
        if self.status:
            ending = re.fullmatch(
                rf"(?:(?P<told>.*)[，,])?(?P<status>{re.escape(self.status)}|{STATUS})", told, re.DOTALL
            )
            told, status = (ending["told"] or "", ending["status"]) if ending else (told, "")
        return Statement(self.name, target, bare(told), status, **{key: bare(part) for key, part in parts.items()})


STATUS = r"(?:未|没有|部分|基本|已)?(?:圆满|较好|超额|全部|按期)?地?完成了?年初目标值?"
ANY_STATUS = "完成年初目标"
"""A status that stands for any that :data:`STATUS` knows."""
OPENING = re.compile(rf".+?（{WANTED}.*", re.DOTALL)
ENDS = "。；;，, "


def _cut(text: str) -> tuple[str, str]:
    """``（年初目标值：≥9（人）次）。rest`` → target and rest, by the bracket that closes the first."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign in "（(") - (sign in "）)")
        if not depth:
            return text[len("（" + WANTED) : place], text[place + 1 :].lstrip("。 ")
    return text[len("（" + WANTED) :].partition("）。")[::2]


def bare(text: str) -> str:
    """Words on one line without the full stop at their end."""
    return " ".join(text.split()).rstrip(ENDS)


def ended(text: str) -> str:
    """Words as a sentence; of one that ends with a mark of its own, as it stands."""
    said = bare(text)
    return said if said.endswith(("！", "？", "…")) else f"{said}。"


NO_CAUSE, NO_REMEDY = blank("未完成的原因"), blank("改进措施")


def unmet(before: str, reason: str, measure: str) -> str:
    """The sentence on an indicator that was not met: what it is, its cause and its measure, or places for them."""
    return f"{before}{CAUSE}{ended(reason or NO_CAUSE)}{REMEDY}{ended(measure or NO_REMEDY)}"


REASONED = re.compile(
    rf"(?P<before>.*?){CAUSE}(?P<reason>.*?)[。；;]*\s*(?:{REMEDY}(?P<measure>.*?))?[。；;]*", re.DOTALL
)
"""Such a sentence: ``…：年初目标值：100%，实际完成值：30%。原因：下雨。措施：改期。``"""


# ---- what no page shows

KEPT_PART = "urn:perfeval:paragraphs"
"""Namespace of the part of the file that holds it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file of a report holds beside its pages."""

    unit: str = ""
    year: int | None = None
    title: str = ""
    sources: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    """Entries that the text says in one sentence."""
    rows: tuple[Mapping[str, str], ...] = ()
    """Of each indicator in order: its name, and the columns of :data:`KEPT` that hold anything."""
    statements: tuple[Statement, ...] = ()
    """Of each indicator what the text says of it."""
    written: frozenset[str] = field(default_factory=frozenset)
    """Fingerprints of the paragraphs as they were written."""

    def text(self) -> str:
        """As the part of the file holds it."""
        values: dict[str, Any] = {
            "unit": self.unit,
            "year": self.year,
            "title": self.title,
            "sources": self.sources,
            "organisation": self.organisation,
            "rows": [dict(row) for row in self.rows],
            "statements": [[getattr(one, name) for name in Statement.__slots__] for one in self.statements],
            "written": sorted(self.written),
        }
        return f"{MARK} {json.dumps(values, ensure_ascii=False)}"


def kept(text: str) -> Kept | None:
    """What a file holds; None for one that perfeval did not write, or that is damaged."""
    try:
        mark, _, body = text.strip().partition(" ")
        values = json.loads(body) if mark == MARK else None
        if not isinstance(values, dict):
            return None
        return Kept(
            unit=str(values["unit"]),
            year=values["year"],
            title=str(values["title"]),
            sources=tuple(map(str, values["sources"])),
            organisation=tuple(map(str, values["organisation"])),
            rows=tuple({str(key): str(cell) for key, cell in row.items()} for row in values["rows"]),
            statements=tuple(Statement(*map(str, one)) for one in values["statements"]),
            written=frozenset(values["written"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def fingerprint(text: str) -> str:
    """What tells a paragraph from every other, whatever its number and spaces."""
    return hashlib.sha256(re.sub(r"\s", "", unnumbered(text)).encode()).hexdigest()[:12]


def fingerprint_of_entry(text: str) -> str:
    """Of what stands behind a number of its own: a number that the text itself begins with stays."""
    return fingerprint(f"1．{text}")


def fingerprints(texts: Iterable[str]) -> frozenset[str]:
    """Of all paragraphs."""
    return frozenset(fingerprint(text) for text in texts if text.strip())


def numbered(level: int, number: int) -> str:
    """The number of a heading or of an entry of a list: 一、 （一） 1． （1） ① by level, from 1."""
    if level <= 2:  # noqa: PLR2004  # Chinese numerals
        tens, ones = divmod(number, 10)
        said = ("" if tens < 2 else HAN[tens - 1]) + ("十" if tens else "") + (HAN[ones - 1] if ones else "")  # noqa: PLR2004
        return f"{said}、" if level == 1 else f"（{said}）"
    circled = level > 4 and number <= len(CIRCLED)  # noqa: PLR2004  # levels 1． and （1） come before it
    return f"{number}．" if level == 3 else CIRCLED[number - 1] if circled else f"（{number}）"  # noqa: PLR2004
