"""A Word document in the layout of official documents as it grows: title, numbered headings, sentences, lists."""

import math
import re
from collections.abc import Iterator, Sequence

from perfeval.deliver import wordstyle
from perfeval.deliver.wordstyle import clean
from perfeval.model import reportform as form
from perfeval.model.reportform import Heading, blank, numbered
from perfeval.model.results import Evaluation
from perfeval.present import labels, narrative, official

ON_A_LINE = 19
"""Characters of a title on one line."""


class Report:
    """The document of one evaluation; counts headings."""

    def __init__(self, result: Evaluation, *title: str) -> None:
        self.result = result
        self.document = wordstyle.opened("".join(title), narrative.SYNTHETIC if result.synthetic else "")
        self._numbers = [0, 0, 0, 0]
        for line in title:
            self.document.add_paragraph(clean(_broken(line)), style="Title")
        self.document.add_paragraph()

    def heading(self, heading: Heading) -> None:
        """A heading with its number; those below it begin anew."""
        place = heading.level - 1
        self._numbers[place:] = [self._numbers[place] + 1, *[0] * (3 - place)]
        number = numbered(heading.level, self._numbers[place])
        self.document.add_paragraph(clean(number + heading.text), style=f"Heading {heading.level}")

    def say(self, *sentences: str) -> None:
        """Sentences as paragraphs; what is to be filled in stands out."""
        for sentence in sentences:
            wordstyle.write(self.document.add_paragraph(), sentence)

    def lead(self, sentence: str) -> None:
        """A paragraph that stays on the page of the next."""
        self.say(sentence)
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True

    def listed(self, level: int, sentences: Sequence[str], missing: str = "") -> None:
        """Sentences as a list numbered for its level; one alone has no number; of none what is to be filled in."""
        if not sentences:
            self.say(f"{blank(missing)}。")
        elif len(sentences) == 1 and not form.ITEM.match(sentences[0]):
            self.say(*sentences)
        else:
            self.say(*(f"{numbered(level, place)}{one}" for place, one in enumerate(sentences, start=1)))

    def annexed(self, title: str) -> None:
        """An annex on pages that lie across, under its title."""
        wordstyle.turned(self.document)
        self.document.add_paragraph(form.ANNEX.text, style=wordstyle.ANNEX_MARK)
        self.document.add_paragraph(clean(title), style="Title")

    def signed(self, *lines: tuple[str, int]) -> None:
        """Lines at the right, each so many characters off the edge, on one page."""
        for place, (line, indent) in enumerate(lines):
            paragraph = self.document.add_paragraph(style=wordstyle.SIGNED)
            wordstyle.write(paragraph, line)
            wordstyle.indented_right(paragraph, indent)
            paragraph.paragraph_format.keep_with_next = place < len(lines) - 1


def _broken(line: str) -> str:
    """A line of the title that is too long for one, broken where the office's own name begins, and into equal ones."""
    if labels.width(line) <= ON_A_LINE:
        return line
    before, found, after = line.partition(official.GOVERNMENT)
    parts = [before + found, after] if found and after else [line]
    return "\n".join(piece for part in parts for piece in _equal(part))


def _equal(line: str) -> Iterator[str]:
    """As few lines as hold a text, of nearly equal length; what is no Chinese character stays with its neighbours."""
    signs = re.findall(r"[!-~]+|.", line, re.DOTALL)
    for left in range(math.ceil(labels.width(line) / ON_A_LINE), 0, -1):
        size, piece = sum(map(labels.width, signs)) / left, ""
        while signs and (left == 1 or labels.width(piece) < size):
            piece += signs.pop(0)
        yield piece
