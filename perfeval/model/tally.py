"""One word, one measure: how many indicators are met, missed, unproven, and how many statements do not hold together.

Every page, mail and document that says one of these words takes its number from a :class:`Tally`, so that headline,
tiles, legend, tables and mail of one report cannot differ. Which row is what, :mod:`perfeval.model.verdicts` says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from perfeval.model.schema import MET, MISSED, PARTLY, UNDECIDED
from perfeval.model.verdicts import CLAIMED, COUNTS

UNFILLED, UNPROVEN, GRAVE = "尚未填报", "须补证据", "须核实"
DEFINED = {
    MET: "实际值达到目标值，有数据可核",
    PARTLY: "实际值只达到目标的一部分，或单位自己写明部分完成",
    MISSED: "实际值没有达到目标值，或单位自己写明未完成",
    CLAIMED: "单位写明已完成，而目标值、实际值不足以判定",
    UNDECIDED: "没有写结果，或目标值、实际值不能比较",
    UNFILLED: "只有目标值，完成情况一项都没有写",
    UNPROVEN: "凭申报完成和无法判定的指标，合计",
    GRAVE: "材料自相矛盾或不能成立的地方，核实之前得分不能采用",
}
"""What each word means. The first five are of indicators and add up to all of them; 尚未填报 takes the place of
无法判定 where a form has nothing but targets; 须核实 counts findings (处), not indicators (项)."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of one office and year, of a goal, of a district: ``rows`` is the sum of the five, always."""

    met: int = 0
    partly: int = 0
    missed: int = 0
    declared: int = 0
    undecided: int = 0
    grave: int = 0
    """Findings that must be cleared up first (P0)."""
    filled: bool = True
    """Whether anything but targets was filled in."""

    @property
    def rows(self) -> int:
        """All indicators."""
        return self.met + self.partly + self.missed + self.declared + self.undecided

    @property
    def unmet(self) -> int:
        """未完成 and 部分完成 together: what a cause and a measure are asked for."""
        return self.partly + self.missed

    @property
    def unproven(self) -> int:
        """须补证据: met or not, nobody can tell."""
        return self.declared + self.undecided

    @property
    def most(self) -> int:
        """How many can have been met at most."""
        return self.met + self.unproven

    @property
    def words(self) -> dict[str, int]:
        """The words for indicators that are used of these, with their numbers; they add up to ``rows``.

        >>> Tally(met=18, missed=2, declared=19).words
        {'完成': 18, '未完成': 2, '凭申报完成': 19}
        >>> Tally(undecided=6, filled=False).words
        {'尚未填报': 6}
        """
        if not self.filled:
            return {UNFILLED: self.rows} if self.rows else {}
        return {word: count for name, word in COUNTS.items() if (count := getattr(self, name))}


def tally(known: Iterable[str], grave: int = 0, *, filled: bool = True) -> Tally:
    """Some rows' verdicts counted; ``ValueError`` for a word that is none.

    尚未填报 for all of them says that nothing is filled in.

    >>> tally(["完成", "凭申报完成", "未完成", "无法判定"]).unproven
    2
    """
    counts = dict.fromkeys(COUNTS.values(), 0)
    for one in known:
        if one == UNFILLED:
            one, filled = UNDECIDED, False  # noqa: PLW2901  # what it is until it is filled in
        if one not in counts:
            raise ValueError(f"不认识的结论：{one}")
        counts[one] += 1
    return Tally(**{name: counts[word] for name, word in COUNTS.items()}, grave=grave, filled=filled)


def counted(row: Mapping[Any, Any], grave: int = 0, *, filled: bool = True) -> Tally:
    """The tally of what is counted already: a row of ``pe.scores`` or ``pe.completion``, or a report's figures.

    It has the columns met, partly, missed, declared, undecided and, as a check, rows: ``ValueError`` where they do not
    add up.

    >>> counted({"rows": 3, "met": 1, "partly": 0, "missed": 0, "declared": 2, "undecided": 0}).unproven
    2
    """
    found = Tally(**{name: int(row[name]) for name in COUNTS}, grave=grave, filled=filled)
    if "rows" in row and found.rows != int(row["rows"]):
        raise ValueError(f"五种结论的项数之和{found.rows}与指标数{int(row['rows'])}不符")
    return found
