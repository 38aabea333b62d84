"""What mail programs support, from the caniemail data set, and what a mail uses of it.

``caniemail.json`` beside this file was derived from the npm package ``caniemail`` (MIT licence, named in the file)::

    npm pack caniemail && tar xzf caniemail-*.tgz
    python tests/caniemail.py package/dist/data/caniemail.json package/LICENSE > tests/caniemail.json
"""

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

FILE = Path(__file__).with_name("caniemail.json")
CLIENTS = {
    "Gmail web": ("gmail", "desktop-webmail"),
    "Gmail iOS": ("gmail", "ios"),
    "Gmail Android": ("gmail", "android"),
    "Outlook Windows": ("outlook", "windows"),
    "Apple Mail macOS": ("apple-mail", "macos"),
    "Apple Mail iOS": ("apple-mail", "ios"),
}


def derive(source: Path, licence: Path) -> str:
    """The newest support of every CSS and HTML feature in these clients (y, a: partly, n, u), and the licence."""
    data = json.loads(source.read_text(encoding="utf-8"))
    features = {
        feature["slug"]: "".join(
            _newest(feature["stats"].get(family, {}).get(place)) for family, place in CLIENTS.values()
        )
        for feature in data["data"]
        if feature["category"] in ("css", "html", "image")
    }
    head = {
        "source": "https://www.caniemail.com (npm package caniemail); made by tests/caniemail.py",
        "updated": data["last_update_date"],
        "licence": licence.read_text(encoding="utf-8"),
        "clients": list(CLIENTS),
        "features": features,
    }
    return json.dumps(head, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def _newest(versions: dict[str, str] | None) -> str:
    return list(versions.values())[-1][0] if versions else "u"


def support() -> dict[str, dict[str, str]]:
    """Feature → client → y, a, n or u."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    return {slug: dict(zip(data["clients"], marks, strict=True)) for slug, marks in data["features"].items()}


class Uses(HTMLParser):
    """The tags, attributes and style properties of a page, each with where it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.styles: set[tuple[str, str, str]] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add((tag, name))
            if name == "style":
                for declaration in filter(None, map(str.strip, (value or "").split(";"))):
                    key, _, found = declaration.partition(":")
                    self.styles.add((tag, key.strip(), re.sub(r"\s+", " ", found).strip()))


if __name__ == "__main__":
    sys.stdout.write(derive(*map(Path, sys.argv[1:3])))
