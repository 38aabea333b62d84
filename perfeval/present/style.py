"""The style of everything that cells show: a report's page has it once, a notebook's pieces bring it along.

In JupyterLab, in VS Code and in what stock nbconvert makes of a notebook nothing is known of perfeval, so each piece
carries the sheet itself; its rules reach only what stands inside ``.pe``. While ``perfeval run`` makes a report
(:data:`REPORT` in the environment of its cells) pieces come bare, for the page's template has the sheet.
"""

import os
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from perfeval.model.bidi import straight

SHEETS = Path(__file__).parent / "theme" / "report"
REPORT = "PERFEVAL_REPORT"
"""Set to 1 where cells are run for a report's page."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_OURS = re.compile(r"\.pe(?=[\s,])")
_AROUND = re.compile(r"\s*([{};,>])\s*")


@cache
def sheet() -> str:
    """The sheet as a piece brings it along, without comments and spare space.

    Its rules name ``.pe`` three times over, so that none of a host's own rules for tables and lists outweighs them.
    """
    environment = Environment(loader=FileSystemLoader(SHEETS), autoescape=False, undefined=StrictUndefined)  # noqa: S701  # style sheets
    rules = environment.get_template("pieces.css").render(page=False)
    return minified(_OURS.sub(".pe.pe.pe", rules))


def minified(css: str) -> str:
    """A style sheet without comments and spare space.

    >>> minified("/* a */ .b > i {\\n  color: red;\\n}")
    '.b>i{color:red}'
    """
    return _AROUND.sub(r"\1", _SPACE.sub(" ", _COMMENT.sub("", css))).replace(";}", "}").replace(": ", ":").strip()


def in_report() -> bool:
    """Whether cells are run for a report's page, which has the sheet."""
    return os.environ.get(REPORT) == "1"


LITERAL = "mathjax_ignore tex2jax_ignore"
"""The classes under which JupyterLab and nbconvert leave a text as it is: a ``$`` in a data file begins no formula."""


def standing(markup: str) -> str:
    """A piece as it is shown: bare on a report's page, elsewhere with its sheet."""
    return markup if in_report() else f'<style>{sheet()}</style><div class="pe {LITERAL}">{straight(markup)}</div>'
