"""Whole pages: where the report's template is, and the page that lists all reports."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from perfeval.present import labels

THEME = Path(__file__).parent / "theme"
"""Folder that holds the nbconvert template ``report`` and the page templates."""
MANY = 1000
"""Rows from which on the list is laid out group by group as it is scrolled, and names one unmet indicator a row."""
GROUP = 100
"""Rows of a group: some screens high, so that few groups are laid out at a time."""
NAMED, NAMED_OF_MANY = 4, 1
"""How many unmet indicators a row names."""

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
    """The page that lists all reports, as HTML, in the order given.

    Each row has report, title (of the report), subject, period, status, error, href (relative; empty where there is
    no page) and figures (the report's ``show.record`` or what :func:`perfeval.run.outcome.listed` keeps of it, empty
    where there is none). What is missing is shown as ``—``. Its one script (search) is allowed by its hash only;
    without it the page is the whole list.
    """
    given = list(rows)
    many = len(given) > MANY
    shown = [_row(row, NAMED_OF_MANY if many else NAMED) for row in given]
    script = (THEME / "index_page.js").read_text(encoding="utf-8").replace("\r\n", "\n")
    environment = Environment(
        loader=FileSystemLoader([THEME, THEME / "report"]),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.get_template("index_page.html.j2").render(
        rows=shown,
        summary=_summary(shown),
        many=many,
        grouped=GROUP,
        script=Markup(script),  # noqa: S704  # our own file
        allowed=f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}",
        synthetic=any(row["synthetic"] for row in shown),
    )


def _summary(rows: list[dict[str, Any]]) -> str:
    failed = sum(row["failed"] for row in rows)
    if not rows:
        return "还没有报告。"
    return f"共{len(rows)}份报告，{f'{failed}份没有生成，原因见表。' if failed else '全部生成。'}"


def _row(row: Mapping[str, Any], named: int) -> dict[str, Any]:
    figures = row.get("figures") or {}
    overall = figures.get("completion", {}).get("overall", {})
    unmet = [labels.one_line(found["indicator"]) for found in figures.get("unmet", [])]
    return {
        "name": labels.one_line(figures.get("name") or row.get("subject")),
        "period": labels.text(row.get("period")),
        "report": labels.one_line(row.get("title") or row.get("report")),
        "failed": not figures,
        "synthetic": bool(figures.get("synthetic")),
        "href": row.get("href") or "",
        "error": labels.one_line(row.get("error") or row.get("status")),
        "score": labels.points(figures.get("score")),
        "grade": labels.text(figures.get("grade")),
        "declared": labels.score(figures.get("declared_score")),
        "execution": labels.percent(figures.get("execution", {}).get("rate")),
        "met": f"{labels.span(overall['met'], overall.get('most', overall['met']), '')} / {overall['rows']}"
        if overall.get("rows")
        else labels.NONE,
        "missed": _missed(unmet, figures.get("unmet_count", len(unmet)), named),
    }


def _missed(unmet: list[str], count: int, named: int) -> str:
    """``甲、乙两项``; of the indicators beyond those given only the number is known."""
    return labels.listing(unmet + [""] * (count - len(unmet)), named) or "无"
