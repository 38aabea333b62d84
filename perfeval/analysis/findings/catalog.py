"""The rules as data: what ``rules.toml`` says of each, which of them to run, and their pages.

Codes are a letter for the subject (see :data:`SUBJECTS`) and two digits, and are never given to another rule.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from perfeval.model.errors import ParameterError, nearest

SEVERITIES = {"P0": "致命：结果不能成立", "P1": "重要：须改正或说明", "P2": "形式：建议改正"}
SUBJECTS = {
    "T": "目标值",
    "A": "完成值",
    "C": "前后一致",
    "D": "偏差与说明",
    "E": "依据",
    "S": "指标结构",
    "P": "得分",
    "M": "资金",
    "X": "文字",
}
HIGH, MEDIUM = 0.85, 0.6
"""From which confidence on it is 高, and 中; below that 低."""
EVERYTHING = "ALL"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as its page tells it."""

    code: str
    title: str
    severity: str
    looks: str
    """What it looks at."""
    why: str
    """Why reviewers care."""
    source: str
    """The document or criterion behind it."""
    mend: str
    """What the office should do."""
    confidence: float
    default: bool = True
    """Whether it speaks without being asked for by its full code."""
    explains: tuple[str, ...] = ()
    """Rules whose findings follow from its own, where both speak of the same thing."""

    @property
    def subject(self) -> str:
        """The heading its code begins with."""
        return SUBJECTS[self.code[0]]


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of ``rules.toml``."""
    table = tomllib.loads(resources.files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"))
    return tuple(
        Rule(code=code, **{**entry, "explains": tuple(entry.get("explains", ()))}) for code, entry in table.items()
    )


def rule(code: str) -> Rule:
    """The rule of that code, in either case; :class:`ParameterError` with the nearest code where there is none."""
    known = {one.code: one for one in rules()}
    found = known.get(code.strip().upper())
    if found is None and code.strip().upper() in SEVERITIES:
        raise ParameterError(f"“{code}”是级别，不是检查规则的编号；编号如“{rules()[0].code}”")
    if found is None:
        raise ParameterError(f"没有编号为“{code}”的检查规则{nearest(code.upper(), known)}")
    return found


def chosen(select: Iterable[str] | None = None, ignore: Iterable[str] | None = None) -> tuple[Rule, ...]:
    """The rules to run: those named by ``select`` (by default all that are on) without those named by ``ignore``.

    A name is a code (``T01``; this also asks for rules that are off), a subject's letter (``T``: those of it that are
    on) or ``ALL`` (everything, also what is off). :class:`ParameterError` where a name is none of these.
    """
    wanted = _codes(select) if select is not None else {one.code for one in rules() if one.default}
    unwanted = _codes(ignore, off=True) if ignore is not None else set()
    return tuple(one for one in rules() if one.code in wanted - unwanted)


def _codes(names: Iterable[str], *, off: bool = False) -> set[str]:
    """The codes that names stand for; ``off`` includes rules that are off in a subject."""
    found: set[str] = set()
    for name in names:
        text = name.strip().upper()
        if text == EVERYTHING:
            found |= {one.code for one in rules()}
        elif text in SUBJECTS:
            found |= {one.code for one in rules() if one.code[0] == text and (one.default or off)}
        else:
            found.add(rule(text).code)
    return found


def sureness(confidence: float) -> str:
    """A confidence as a word: 高, 中 or 低."""
    return "高" if confidence >= HIGH else "中" if confidence >= MEDIUM else "低"


def page(one: Rule) -> str:
    """What ``perfeval explain CODE`` prints."""
    lines = [
        f"{one.code}  {one.title}",
        f"级别    {one.severity} {SEVERITIES[one.severity]}",
        f"看什么  {one.looks}",
        f"为什么  {one.why}",
        f"依据    {one.source}",
        f"怎么改  {one.mend}",
        f"把握    {sureness(one.confidence)}（{one.confidence:.2f}）",
        f"启用    {'默认启用' if one.default else f'默认关闭：容易误报，须用 --select {one.code} 指明才检查'}",
    ]
    if one.explains:
        lines.append(f"由此还有 {'、'.join(one.explains)}：同一处的并入这一条，不另列")
    lines += ["保留    确认属实而不改的，写进该年度的文件夹里的 suppressions.toml：", *suppression(one.code)]
    return "\n".join(lines)


def suppression(code: str) -> list[str]:
    """An entry of ``suppressions.toml``, as lines to copy."""
    return [
        "[[suppress]]",
        f'code = "{code}"',
        "goal_no = 3            # 可省略：不写则对所有目标有效",
        'indicator = "网格结案率"   # 可省略：不写则对所有指标有效',
        'reason = "内部管理项目，没有服务对象"   # 理由，必填',
    ]


def reference() -> str:
    """``docs/findings.md``: every rule, generated from ``rules.toml``."""
    lines = [
        "# 自评质量检查规则",
        "",
        "`perfeval lint` 按下列规则检查自评表和自评报告，`perfeval explain 编号` 显示其中一条。",
        "本页由 `perfeval/analysis/findings/rules.toml` 生成，请勿直接修改：",
        "`python -m perfeval.analysis.findings docs/findings.md`。",
        "",
        *(f"- **{severity}** {meaning}" for severity, meaning in SEVERITIES.items()),
        "",
        f"把握是规则与复核人员意见一致的可能：{HIGH:.2f}以上为高，{MEDIUM:.2f}以上为中，其余为低；",
        "个别位置证据较弱的，在清单里会低于这里所列的数。默认关闭的规则容易误报，须用 `--select` 指明才检查。",
        "",
        "一处差错引出的其他问题并入这一条（“由此还有：……”），不另列，也不另计。",
        "",
        "确认属实而不改的，写入该年度的文件夹（`data/<街道>/<年度>/`）里的 `suppressions.toml`，每条须写理由：",
        "",
        "```toml",
        *suppression("S03"),
        "```",
        "",
        "## 一览",
        "",
        "| 编号 | 规则 | 级别 | 把握 | 默认 |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| [{one.code}](#{one.code.lower()}) | {one.title} | {one.severity} | {sureness(one.confidence)} "
            f"| {'启用' if one.default else '关闭'} |"
            for one in rules()
        ),
    ]
    for letter, subject in SUBJECTS.items():
        lines += ["", f"## {subject}"]
        for one in (one for one in rules() if one.code[0] == letter):
            lines += [
                "",
                f'<a id="{one.code.lower()}"></a>',
                "",
                f"### {one.code} {one.title}",
                "",
                f"- 级别：{one.severity}（{SEVERITIES[one.severity].split('：')[0]}）；把握：{sureness(one.confidence)}"
                f"（{one.confidence:.2f}）；{'默认启用' if one.default else '默认关闭'}",
                f"- 看什么：{one.looks}",
                f"- 为什么：{one.why}",
                f"- 依据：{one.source}",
                f"- 怎么改：{one.mend}",
                *([f"- 由此还有：{'、'.join(one.explains)}，同一处的并入这一条，不另列"] if one.explains else []),
            ]
    return "\n".join(lines) + "\n"
