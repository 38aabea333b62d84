"""Whole pages: where the report's template is, and the page that lists all reports."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from perfeval.model.bidi import straight
from perfeval.present import labels

THEME = Path(__file__).parent / "theme"
"""Folder that holds the nbconvert template ``report`` and the page templates."""
MANY = 1000
"""Rows from which on the list is laid out group by group as it is scrolled, and names one unmet indicator a row."""
GROUP = 100
"""Rows of a group: some screens high, so that few groups are laid out at a time."""
NAMED, NAMED_OF_MANY = 4, 1
"""How many unmet indicators a row names."""
FEW = 60
"""Up to so many reports every group is open; of more, the first of each district, and where something failed."""
OWN, REST = "全区", "其他"
"""What the group of a district's own reports is called, and the one of offices without a district."""

_WAY_BACK = re.compile(rb'<p class="up">.*?</p>', re.DOTALL)
_BESIDE = re.compile(rb'<a href="\.\./[^"]*">(.*?)</a>', re.DOTALL)


def alone(page: bytes) -> bytes:
    """A report's page as it leaves its folder: without the link to the list of all reports and those to other reports,
    which stay behind.

    >>> alone(b'<p class="up"><a href="../index.html">..</a></p><h1><a href="../a/a.html">A</a><a href="#b">B</a>')
    b'<h1>A<a href="#b">B</a>'
    """
    return _BESIDE.sub(rb"\1", _WAY_BACK.sub(b"", page, count=1))


def index_page(rows: Iterable[Mapping[str, Any]]) -> str:
    """The page that lists all reports, as HTML: by district, its own reports first, then its offices' by year.

    Each row has report, title (of the report), subject, period, status, error, href (relative; empty where there is
    no page), figures (the report's ``show.record`` or what :func:`perfeval.run.outcome.listed` keeps of it, empty where
    there is none), and may have name (of an office without figures), district (whose it is; empty for everything on
    file) and whole (whether it is of the district itself). Within a group the order is the one given. What is missing
    is shown as ``—``. Its one script (search) is allowed by its hash only; without it the page is the whole list.
    """
    given = list(rows)
    many = len(given) > MANY
    shown = [_row(row, NAMED_OF_MANY if many else NAMED, many=many) for row in given]
    script = (THEME / "index_page.js").read_text(encoding="utf-8").replace("\r\n", "\n")
    environment = Environment(
        loader=FileSystemLoader([THEME, THEME / "report"]),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    synthetic = [row["synthetic"] for row in shown if not row["failed"]]
    page = environment.get_template("index_page.html.j2").render(
        districts=_districts(shown),
        rows=shown,
        summary=_summary(shown),
        many=many,
        grouped=GROUP,
        script=Markup(script),  # noqa: S704  # our own file
        allowed=f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}",
        synthetic=any(synthetic),
        mixed=any(synthetic) and not all(synthetic),
    )
    return straight(page)


def _districts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows by district, those of everything first: each with its own reports, and its offices' by period."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in rows:
        group = OWN if row["whole"] else row["period"]
        found.setdefault(row["district"], {}).setdefault(group, []).append(row)
    for groups in found.values():
        groups.get(OWN, []).sort(key=lambda row: _newest(row["period"]), reverse=True)
    return [
        {
            "name": name or (REST if len(found) > 1 else ""),
            "count": sum(map(len, groups.values())),
            "groups": [
                {
                    "name": _group(group),
                    "rows": groups[group],
                    "failed": (failed := sum(row["failed"] for row in groups[group])),
                    "open": bool(place == 0 or failed or len(rows) <= FEW),
                }
                for place, group in enumerate(sorted(groups, key=_newest, reverse=True))
            ],
        }
        for name, groups in sorted(found.items(), key=lambda item: (item[0] != "", item[0]))
    ]


def _newest(group: str) -> tuple[int, int, str]:
    """The district's own reports before single years before spans of years; later ones first."""
    return (2, 0, "") if group == OWN else (int(group.isdecimal()), len(group), group)


def _group(group: str) -> str:
    return group if group == OWN else f"{group}年度" if group.isdecimal() else f"历年（{group.replace('-', '—')}）"


def _summary(rows: list[dict[str, Any]]) -> str:
    failed = sum(row["failed"] for row in rows)
    if not rows:
        return "还没有报告。"
    return f"共{len(rows)}份报告，{f'{failed}份没有生成，原因见表。' if failed else '全部生成。'}"


def _row(row: Mapping[str, Any], named: int, *, many: bool) -> dict[str, Any]:
    figures = row.get("figures") or {}
    overall, spent = figures.get("completion", {}).get("overall", {}), figures.get("execution", {})
    unmet = list(dict.fromkeys(labels.one_line(found["indicator"]) for found in figures.get("unmet", [])))
    count = figures.get("unmet_count", len(figures.get("unmet", [])))
    kinds = figures.get("unmet_kinds", count if "unmet_count" in figures else len(unmet))
    whole = labels.one_line(figures.get("name") or row.get("name") or row.get("subject"))
    district = str(row.get("district") or "")
    name = whole if row.get("whole") else whole.rpartition(district)[2] or whole if district else whole
    sought = [] if many or whole == name else [whole]
    return {
        "name": name,
        "district": district,
        "whole": bool(row.get("whole")),
        "period": labels.text(row.get("period")),
        "report": labels.one_line(row.get("title") or row.get("report")),
        "failed": not figures,
        "synthetic": bool(figures.get("synthetic")),
        "href": row.get("href") or "",
        "error": labels.one_line(row.get("error") or row.get("status")),
        "score": labels.points(figures.get("score")),
        "of": _of(figures.get("score_of")),
        "grade": labels.text(figures.get("grade")),
        "declared": labels.score(figures.get("declared_score")),
        "execution": labels.percent(spent.get("rate")) + _of(spent.get("basis")),
        "met": f"{labels.span(overall['met'], overall.get('most', overall['met']), '')} / {overall['rows']}"
        if overall.get("rows") and not figures.get("why")
        else labels.NONE,
        "missed": labels.one_line(figures.get("why") or _missed(unmet, kinds, count, named)),
        "sought": " ".join(sought + ([] if many else unmet[named:])),
    }


def _of(what: str | None) -> str:
    """What a total is of where that is not 100 points of one office; figures of an older edition do not say it."""
    return f"（{labels.one_line(what)}）" if what else ""


def _missed(names: list[str], kinds: int, count: int, shown: int) -> str:
    """``甲、乙两项``, each name once; where offices share some, ``甲、乙等七种共九项``."""
    if kinds == count:
        return labels.listing(names + [""] * (count - len(names)), shown) or "无"
    listed = "、".join(names[:shown])
    return f"{listed}{'等' if kinds > shown else ''}{labels.several(kinds, '种')}共{labels.several(count)}"
