"""Verdicts: what is known of an indicator row, defined once for every count, chart and sentence.

The completion of one office is a census: every row is there, so nothing is estimated. What remains open is only what a
row's target and actual do not decide, and that is told as bounds: as if all of it were missed, as if all were met.

- 完成: target and actual decide it (a number, a date, words that can be compared).
- 部分完成, 未完成: target and actual decide it, or the office itself says so (an admission).
- 凭申报完成: rests on the office's word alone: printed as met with nothing to compute from, or words such as
  达成预期指标 against a number or a date.
- 无法判定: nothing decides.
"""

from collections.abc import Iterable

from perfeval.model.schema import MET, MISSED, PARTLY, STATUSES, UNDECIDED

COMPUTED, WORD, NOTHING = "computed", "declared", "none"
BASES = (COMPUTED, WORD, NOTHING)
"""What a row's status rests on: target and actual, the office's word, nothing."""
CLAIMED = "凭申报完成"
VERDICTS = (MET, PARTLY, MISSED, CLAIMED, UNDECIDED)
OPEN = (CLAIMED, UNDECIDED)
"""Verdicts of rows that may have been met or not."""
COUNTS = {"met": MET, "partly": PARTLY, "missed": MISSED, "declared": CLAIMED, "undecided": UNDECIDED}
"""Columns that count rows, and the verdict each counts."""
MOST = tuple(name for name, one in COUNTS.items() if one in (MET, *OPEN))
"""Those that add up to how many rows can have been met at most."""


def verdict(status: str, basis: str) -> str:
    """What is known of a row, from its status and what that rests on. ``ValueError`` for a word that is neither.

    >>> verdict("完成", "computed"), verdict("完成", "declared"), verdict("未完成", "declared")
    ('完成', '凭申报完成', '未完成')
    """
    if status not in STATUSES or basis not in BASES:
        raise ValueError(f"不认识的结论或依据：{status}、{basis}")
    if status != MET:
        return status
    return {COMPUTED: MET, WORD: CLAIMED, NOTHING: UNDECIDED}[basis]


def counts(known: Iterable[str]) -> dict[str, int]:
    """Some rows' verdicts counted: rows, the columns of :data:`COUNTS`, and most.

    >>> counts(["完成", "凭申报完成", "未完成"])
    {'rows': 3, 'met': 1, 'partly': 0, 'missed': 1, 'declared': 1, 'undecided': 0, 'most': 2}
    """
    held = list(known)
    found = {name: held.count(one) for name, one in COUNTS.items()}
    return {"rows": len(held), **found, "most": sum(found[name] for name in MOST)}
