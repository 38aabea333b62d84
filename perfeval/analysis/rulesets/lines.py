"""Where a key stands in a TOML text: tomllib tells values, not lines, and a user needs the line."""

import re

Place = tuple[str | int, ...]
"""A key's way from the top: ``("blocks", 1, "points")``, ``("levels", "完成")``, ``("execution",)``."""

_HEADING = re.compile(r"^\s*\[{1,2}\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r'^\s*(?:"([^"]*)"|\'([^\']*)\'|([\w-]+))\s*=')


def line_of(text: str, place: Place) -> int | None:
    """The line (from 1) of the deepest part of ``place`` that has one; None where nothing of it is there."""
    known = _lines(text)
    for depth in range(len(place), 0, -1):
        if place[:depth] in known:
            return known[place[:depth]]
    return None


def _lines(text: str) -> dict[Place, int]:
    """The line of every heading, of every key below one, and of every ``[[heading]]`` by its number."""
    known: dict[Place, int] = {}
    section: Place = ()
    counts: dict[str, int] = {}
    for line, content in enumerate(text.splitlines(), 1):
        heading, key = _HEADING.match(content), _KEY.match(content)
        if heading:
            name = heading[1].strip("\"'")
            section = (name,)
            known.setdefault(section, line)
            if content.lstrip().startswith("[["):
                section = (name, counts.get(name, 0))
                counts[name] = counts.get(name, 0) + 1
            known.setdefault(section, line)
        elif key:
            known.setdefault((*section, next(part for part in key.groups() if part is not None)), line)
    return known
