"""The names of the elements of a Word document, and of each what it is to a reader: a closed list.

Names are those of ECMA-376 part 1 (17, 22.1) with Microsoft's later ones. What is not here is not known, and whoever
meets it says so.
"""

from functools import lru_cache
from xml.etree.ElementTree import Element

SEPARATORS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
"""Elements of a run that stand for a character."""

_LAYOUT = "hyperlink ins moveTo smartTag sdtContent customXml ruby rubyBase dir bdo conflictIns m:oMathPara"
LAYOUT = frozenset(_LAYOUT.split())
"""Containers to go through."""

GONE = frozenset({"del", "moveFrom", "conflictDel"})
"""What is gone once the revisions are accepted."""

_INVISIBLE = """
    pPr rPr tblPr tblGrid tblPrEx trPr tcPr sectPr sdtPr sdtEndPr smartTagPr customXmlPr rubyPr rt fldData ffData
    proofErr permStart permEnd bookmarkStart bookmarkEnd softHyphen lastRenderedPageBreak annotationRef footnoteRef
    endnoteRef separator continuationSeparator commentReference commentRangeStart commentRangeEnd
    moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd customXmlInsRangeStart customXmlInsRangeEnd
    customXmlDelRangeStart customXmlDelRangeEnd customXmlMoveFromRangeStart customXmlMoveFromRangeEnd
    customXmlMoveToRangeStart customXmlMoveToRangeEnd customXmlConflictInsRangeStart customXmlConflictInsRangeEnd
    customXmlConflictDelRangeStart customXmlConflictDelRangeEnd delText delInstrText instrText pgNum
    background docGrid cnfStyle m:oMathParaPr
"""
INVISIBLE = frozenset(_INVISIBLE.split())
"""What shows nothing of its own, or (``pgNum``, the page's number) nothing that is part of the text."""

COMPUTED = {"dayShort": "日", "dayLong": "日", "monthShort": "月", "monthLong": "月", "yearShort": "年",
            "yearLong": "年"}  # fmt: skip
"""Parts of today's date, which Word writes when the document is opened."""

UNREAD = {"altChunk": "嵌入的另一份文档", "subDoc": "子文档", "contentPart": "墨迹", "control": "控件"}
"""What is shown and not read, by the name that a reader knows it by."""

BLOCKS = frozenset({"p", "tbl", "tr", "tc"})
"""Paragraphs, tables, rows and cells: read where they belong."""

_READ = """
    t r sym symEx fldChar fldSimple sdt AlternateContent drawing pict object footnoteReference endnoteReference m:oMath
"""
READ = frozenset(_READ.split())
"""What :mod:`~perfeval.ingest.containers.wordruns` has a way of its own for."""

PREFIXES = (("/math", "m:"), ("drawingml", "a:"), ("office/drawing/", "a:"), ("schemas-microsoft-com:vml", "v:"),
            ("schemas-microsoft-com:office:", "o:"))  # fmt: skip
WORD = ("wordprocessingml", "office/word/", "markup-compatibility")


@lru_cache(maxsize=4096)
def short(tag: str) -> str:
    """A tag by its short name: Word's own bare, those of equations ``m:``, of drawings ``a:``, others ``?:``.

    Transitional and strict documents, and Word's later additions, differ only in the namespace.
    """
    space, _, name = tag.rpartition("}")
    if not space or any(part in space for part in WORD):
        return name
    return next((prefix for part, prefix in PREFIXES if part in space), "?:") + name


def has_text(element: Element) -> bool:
    """Whether there is any text in an element."""
    return any(part.strip() for part in element.itertext())


def known(name: str) -> bool:
    """Whether a short name is in the list."""
    lists = (SEPARATORS, LAYOUT, GONE, INVISIBLE, COMPUTED, UNREAD, BLOCKS, READ)
    return any(name in names for names in lists)
