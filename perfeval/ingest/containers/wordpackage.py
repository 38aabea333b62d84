"""The parts of a Word document's package: the main one, notes, headers and footers."""

import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from perfeval.ingest.containers.drawings import text_in
from perfeval.ingest.containers.guard import root as root_of
from perfeval.ingest.containers.numbering import value


def main_part(archive: zipfile.ZipFile) -> str:
    """The part the package names as its document."""
    if "_rels/.rels" in archive.namelist():
        for relation in root_of(archive.read("_rels/.rels")):
            if value(relation, "Type").endswith("/officeDocument"):
                target = value(relation, "Target").lstrip("/")
                if target in archive.namelist():
                    return target
    return "word/document.xml"


def read_part(archive: zipfile.ZipFile, name: str) -> Element | None:
    """The root of a part the document can be read without; None where it is missing or broken."""
    if name not in archive.namelist():
        return None
    try:
        return root_of(archive.read(name))
    except ParseError:
        return None


def read_notes(part: Element | None) -> dict[str, str]:
    """The texts of footnotes or endnotes by their ids."""
    return {value(note, "id"): text_in(note) for note in (part if part is not None else ())}


def edges(archive: zipfile.ZipFile, folder: str) -> Iterator[str]:
    """The texts of headers and footers."""
    for name in archive.namelist():
        if re.fullmatch(rf"{re.escape(folder)}(?:header|footer)[0-9]*\.xml", name):
            part = read_part(archive, name)
            if part is not None:
                yield text_in(part)
