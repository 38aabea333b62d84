"""Findings that follow from another are told with it: one fault is one thing to mend, under whichever rules it falls.

Which rule explains which stands in ``rules.toml`` (``explains``); here it is only decided whether both speak of the
same thing: a row in common, the same place, or a fault of the whole document.
"""

from typing import Any

import pandas as pd

from perfeval.analysis.findings.catalog import rules

PAIRED = ("C01", "C02", "C03", "C04", "C05", "C06", "C07")
"""Rules that speak of indicators only beside one another."""
_ROW = "行）"
"""How the place of a row, a goal or an item ends; the place of the whole document does not."""


def folded(found: pd.DataFrame) -> pd.DataFrame:
    """The findings that stand for themselves; the facts of these name what follows from them.

    Takes and gives the columns of :data:`~perfeval.model.results.FINDING_COLUMNS`. Suppressed findings are taken away
    before: what followed from one of them then stands for itself.
    """
    records = found.to_dict("records")
    by_code: dict[str, list[int]] = {}
    for at, record in enumerate(records):
        by_code.setdefault(str(record["code"]), []).append(at)
    parents = _parents(records, by_code)
    following: dict[int, list[str]] = {}
    for at, record in enumerate(records):
        root = _root(parents, at)
        if root != at:
            following.setdefault(root, []).append(f"{record['code']} {record['title']}")
    if not following:
        return found
    facts = [
        f"{record['fact']}{_also(following[at])}" if at in following else record["fact"]
        for at, record in enumerate(records)
    ]
    told = found.assign(fact=pd.Series(facts, index=found.index, dtype=found["fact"].dtype))
    return told[[at not in parents for at in range(len(records))]].reset_index(drop=True)


def _parents(records: list[dict[Any, Any]], by_code: dict[str, list[int]]) -> dict[int, int]:
    """By finding that follows from another: which."""
    parents: dict[int, int] = {}
    explaining: dict[str, list[int]] = {}
    for one in rules():
        for code in one.explains:
            explaining.setdefault(code, []).extend(by_code.get(one.code, ()))
    for code, causes in explaining.items():
        by_row: dict[int, list[int]] = {}
        for cause in causes:
            for row in records[cause]["rows"]:
                by_row.setdefault(int(row), []).append(cause)
        for at in by_code.get(code, ()):
            found = _cause(records, at, causes, by_row)
            if found is not None and _root(parents, found) != at:
                parents[at] = found
    return parents


def _cause(records: list[dict[Any, Any]], at: int, causes: list[int], by_row: dict[int, list[int]]) -> int | None:
    """The finding that explains one: of its place or, both, of the whole document; or that it speaks of no row without.

    Of indicators that are the same or alike, one that is left alone is like nothing.
    """
    record = records[at]
    if record["rows"]:
        left = [row for row in record["rows"] if int(row) not in by_row]
        held = [cause for row in record["rows"] for cause in by_row.get(int(row), ())]
        return min(held) if held and len(left) <= (1 if record["code"] in PAIRED else 0) else None
    whole = _of_whole(record)
    alike = (cause for cause in causes if whole and _of_whole(records[cause]))
    same = (cause for cause in causes if records[cause]["place"] == record["place"])
    return next(same, next(alike, None))


def _root(parents: dict[int, int], at: int) -> int:
    while at in parents:
        at = parents[at]
    return at


def _of_whole(record: dict[Any, Any]) -> bool:
    """Whether a finding is about the whole document."""
    return not record["rows"] and pd.isna(record["row"]) and _ROW not in record["place"]


def _also(titles: list[str]) -> str:
    """``；由此还有：D01 未完成而没有偏差原因``."""
    counted = [
        f"{title}（{titles.count(title)}处）" if titles.count(title) > 1 else title for title in dict.fromkeys(titles)
    ]
    return f"；由此还有：{'、'.join(counted)}"
