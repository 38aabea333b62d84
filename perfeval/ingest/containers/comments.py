"""Comments that readers of a document wrote beside it: never part of what it says, but never passed over in silence."""

import re
import zipfile
from xml.etree.ElementTree import Element, ParseError

from perfeval.ingest.containers.guard import root as root_of
from perfeval.ingest.containers.markedtext import quoted
from perfeval.ingest.problems import problem
from perfeval.model.errors import Problem

PARTS = re.compile(r"(?:word/comments|xl/(?:comments/)?comments?[0-9]*)\.xml")
"""Where Word and spreadsheet programs keep them."""
OURS = "perfeval"
"""Who writes the comments of a workbook of problems: those are no person's."""
QUOTED = 3


def unread_comments(archive: zipfile.ZipFile, file: str) -> list[Problem]:
    """The problem (N613) that comments were not read, with the first of them; none where there are none."""
    found = [text for name in sorted(archive.namelist()) if PARTS.fullmatch(name) for text in _texts(archive, name)]
    if not found:
        return []
    more = "等" if len(found) > QUOTED else ""
    message = f"有{len(found)}处批注没有读取：{'、'.join(map(quoted, found[:QUOTED]))}{more}"
    return [problem("N613", message, file=file)]


def _texts(archive: zipfile.ZipFile, name: str) -> list[str]:
    """The comments of a part; none of one that is broken."""
    try:
        part = root_of(archive.read(name))
    except ParseError:
        return []
    writers = ["".join(one.itertext()) for one in part.iter() if _is(one, "author")]
    comments = [one for one in part.iter() if _is(one, "comment") and _writer(one, writers) != OURS]
    texts = ("".join(text.text or "" for text in one.iter() if _is(text, "t")).strip() for one in comments)
    return [text for text in texts if text]


def _writer(comment: Element, writers: list[str]) -> str:
    at = comment.get("authorId", "")
    return writers[int(at)] if at.isdigit() and int(at) < len(writers) else ""


def _is(element: Element, name: str) -> bool:
    return str(element.tag).rpartition("}")[2] == name
