"""What has been read of a paragraph of a Word document while its runs go by: pieces with marks, and open fields."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from perfeval.ingest.containers.marks import Piece, joined, quoted
from perfeval.ingest.document import Doubt


@dataclass(slots=True)
class Field:
    """An open field: between its begin and its end."""

    data: Element | None
    shown: bool
    """Whether it stands where text is shown: not in the instruction of another."""
    stale: bool
    at: int
    """Pieces of the line before its result."""
    instruction: str = ""
    dropped: str = ""
    """Text in the instruction, which nobody sees."""
    result: bool = False


@dataclass(slots=True)
class Line:
    """What has been read of a paragraph, or of several that run on into each other."""

    table: str = ""
    style: str = ""
    """Ids of the styles of the table and of the paragraph."""
    pieces: list[Piece] = field(default_factory=list)
    doubts: dict[Doubt, None] = field(default_factory=dict)
    """In order, each once."""
    boxes: list[Element] = field(default_factory=list)
    """Contents of text boxes."""
    drawings: list[str] = field(default_factory=list)
    """Pictures, charts and the like, by what a reader calls them."""
    inline: bool = False
    """Whether one of them stands in the line like a letter."""
    fields: list[Field] = field(default_factory=list)
    runs_on: bool = False
    """Whether the next paragraph goes on in it."""
    mark: str = ""
    font: str = ""
    """Of the run that is read."""

    def put(self, text: str) -> None:
        """Add text with the mark of its run."""
        if self.fields and not (self.fields[-1].shown and self.fields[-1].result):
            self.fields[-1].dropped += text
        elif text:
            self.pieces.append((text, self.mark))

    def say(self, code: str, message: str) -> None:
        """Note a doubt, unless what it is about is not shown."""
        if not self.fields or self.fields[-1].result:
            self.doubts[code, message] = None


def finished(line: Line) -> tuple[str, list[Doubt]]:
    """The text of a line and its doubts, once its paragraph has ended."""
    while line.fields:
        open_field = line.fields.pop()
        lost = open_field.dropped if open_field.shown and not open_field.result else ""
        if lost.strip():
            line.say("W614", f"域没有结束，其中的文字没有读取：{quoted(lost)}")
    if not any(mark for _, mark in line.pieces):
        return "".join(text for text, _ in line.pieces), [*line.doubts]
    text, doubts = joined(line.pieces)
    return text, [*line.doubts, *doubts]
