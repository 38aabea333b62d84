"""What a program keeps in a Word document beside its text: custom XML parts."""

import io
import zipfile

from perfeval.ingest.containers.guard import root
from perfeval.model.reportform import KEPT_PART

LARGEST = 1 << 24
"""Bytes of a part that is looked into."""


def kept_text(raw: bytes) -> str:
    """The text of the part that perfeval itself wrote into a .docx (that the guard has passed); empty without one."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for member in archive.infolist():
            if member.filename.startswith("customXml/item") and member.file_size < LARGEST:
                part = archive.read(member)
                if KEPT_PART.encode() in part:
                    return "".join(root(part).itertext())
    return ""
