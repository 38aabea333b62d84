"""Pieces of several offices: names that lead to annual reports, and the word that all of it is made up."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from markupsafe import Markup

from perfeval.model.peers import Peers
from perfeval.present import labels, narrative, style
from perfeval.present.pieces import Html


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
