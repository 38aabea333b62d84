"""Pieces of several offices: names that lead to annual reports, and the word that all of it is made up."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from markupsafe import Markup

from perfeval.model import asked
from perfeval.model.columns import records
from perfeval.model.peers import Peers
from perfeval.model.verdicts import NOT_FILLED
from perfeval.present import consequences as of
from perfeval.present import labels, narrative, style
from perfeval.present.pieces import Html, html

OPEN = 12
"""Cards that are open; a district has some ten offices, a city has hundreds."""


def offices(peers: Peers) -> Callable[[Any], str]:
    """How an office's id is written: as its name, on a report's page as a link to its annual report.

    To be given to ``show.table(..., formats={"subdistrict": show.offices(peers)})``. Where an office has no report, and
    in a notebook that stands alone, it is the name; an id that is none of the district's stays as it is.
    """
    names = {name: result.name for name, result in peers.evaluations.items()}
    for frame in (peers.failed, peers.unevaluated):
        names |= dict(zip(frame["subdistrict"], frame["name"], strict=True))

    def written(subdistrict: Any) -> str:
        name = labels.one_line(names.get(subdistrict, subdistrict))
        if subdistrict not in peers.evaluations or not style.in_report():
            return name
        return Markup('<a href="../../../{}/{}/annual/annual.html">{}</a>').format(subdistrict, peers.year, name)

    return written


def banner(frame: pd.DataFrame) -> Html | None:
    """That some of a public frame's rows are made up, where they are (its column ``synthetic``); else None."""
    if not frame["synthetic"].any():
        return None
    return Html(str(Markup('<p class="synthetic" role="note">{}</p>').format(narrative.SYNTHETIC)), narrative.SYNTHETIC)


@asked.takes(
    told=["subdistrict", "name", "state", "repeated", "unexplained", "low", "sums", "unmet", "score"],
    repeated=["subdistrict", "indicator", "row", "times"],
    missed=["subdistrict", "indicator", "row"],
)
def consequences(
    told: pd.DataFrame,
    repeated: pd.DataFrame,
    missed: pd.DataFrame,
    written: Callable[[Any], Any] | None = None,
    empty: str = "没有可以评价的街道。",
) -> Html:
    """A card an office, in the order given: what it failed at, its money, its totals, and its form in one line.

    ``told`` and ``repeated`` are ``pe.consequences`` and ``pe.repeated_failures``, ``missed`` the rows of the year that
    are 未完成 or 部分完成, ``written`` how an id is shown (:func:`offices`). The first :data:`OPEN` cards are open, the
    others folded; offices with nothing to answer for are named in one sentence.
    """
    rows = [row for row in records(told) if row["state"] != NOT_FILLED]
    if not rows:
        return Html(str(Markup('<p class="none">{}</p>').format(empty)), empty)
    loud = [row for row in rows if not of.quiet(row)]
    again, unmet = _by_office(repeated), _by_office(missed)
    cards = [_card(row, again, unmet, written) for row in loud]
    plain = [text for _, text in cards]
    parts = [Markup('<div class="cards">{}</div>').format(Markup("").join(made for made, _ in cards[:OPEN]))]
    if len(cards) > OPEN:
        more = Markup("").join(made for made, _ in cards[OPEN:])
        summary = f"其余{len(cards) - OPEN}个街道"
        parts.append(
            Markup('<details><summary>{}</summary><div class="cards">{}</div></details>').format(summary, more)
        )
    said = of.blameless(rows)
    if said:
        parts.append(Markup("<p>{}</p>").format(said))
        plain.append(said)
    return html(*parts, plain=tuple(plain))


def _by_office(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in records(frame):
        found.setdefault(row["subdistrict"], []).append(row)
    return found


def _card(
    row: dict[str, Any],
    repeated: dict[str, list[dict[str, Any]]],
    missed: dict[str, list[dict[str, Any]]],
    written: Callable[[Any], Any] | None,
) -> tuple[Markup, str]:
    office = row["subdistrict"]
    told = of.lines(row, repeated.get(office, []), missed.get(office, []))
    name = written(office) if written else labels.one_line(row["name"])
    said = Markup("").join(
        Markup('<p class="nums">{}</p>').format(text)
        if heading == of.HYGIENE
        else Markup("<p><b>{}</b>　{}</p>").format(heading, text)
        for heading, text in told
    )
    made = Markup('<section class="card{}"><h4>{}</h4><p class="nums">{}</p>{}</section>').format(
        " no" if of.grave(row) else "", name, of.figures(row), said
    )
    plain = [f"{labels.one_line(row['name'])}　{of.figures(row)}", *(f"  {heading}：{text}" for heading, text in told)]
    return made, "\n".join(plain)
