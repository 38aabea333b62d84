"""One word, one measure, on finished pages and in the mails made from them: of every word all numbers are equal, and those
of the five verdicts add up to the number of indicators."""

import json
import re
from pathlib import Path

import notebook_cells
import pytest
import stress

from perfeval.model.tally import UNFILLED
from perfeval.model.verdicts import VERDICTS
from perfeval.present import keyfigures, letterpage, letters, style
from perfeval.present.review import REVIEW_TITLE

WORDS = "|".join(sorted((*VERDICTS, UNFILLED), key=len, reverse=True))
AFTER = re.compile(rf"({WORDS})\s?(\d+)项")
BEFORE = re.compile(rf"(\d+)项({WORDS})")
ALL = re.compile(rf"(?:(\d+)项指标|仅有的1项指标)(?:全部)?({WORDS})(?!\d)")
Counts = dict[str, int]


def told(text: str) -> Counts:
    """The words in a text with their numbers, 0 left out; a word with two numbers fails."""
    found: dict[str, set[int]] = {}
    pairs = [(word, count) for word, count in AFTER.findall(text)]
    pairs += [(word, count) for count, word in BEFORE.findall(text)] + [
        (word, count or 1) for count, word in ALL.findall(text)
    ]
    for word, count in pairs:
        found.setdefault(word, set()).add(int(count))
    assert all(len(counts) == 1 for counts in found.values()), (found, text)
    return {word: count for word, (count,) in found.items() if count}


def bare(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def part(page: str, pattern: str) -> str:
    found = re.search(pattern, page, re.DOTALL)
    assert found, pattern
    return found[1]


def totals(page: str) -> Counts:
    """The total row of the table of verdicts by category."""
    table = part(page, r"<caption>各类指标的完成情况（项）</caption>(.*?)</table>")
    heads = [bare(cell) for cell in re.findall(r"<th scope=\"col\".*?>(.*?)</th>", table)]
    last = re.findall(r"<tr.*?</tr>", table, re.DOTALL)[-1]
    cells = [bare(cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", last)]
    row = dict(zip(heads, cells, strict=True))
    return {word: int(row[word]) for word in (*VERDICTS, UNFILLED) if row.get(word, "0") not in ("0", "—")}


def tiles(page: str) -> dict[str, str]:
    figures = part(page, r"<dl class=\"kpi few\">(.*?)</dl>")
    return {bare(name): bare(value) for name, value in re.findall(r"<dt>(.*?)</dt><dd.*?>(.*?)</dd>", figures)}


def check(page: str, figures: dict) -> None:
    """Headline, tiles, legend, table and mail of one report say of every word the same number."""
    words, rows = figures["tally"]["words"], figures["completion"]["overall"]["rows"]
    grave = figures["findings_by_severity"]["P0"]
    assert sum(words.values()) == rows == len(figures["indicators"])
    lead = bare(part(page, r"<p class=\"lead\">(.*?)</p>"))
    assert told(lead) == words, lead
    assert [int(count) for count in re.findall(r"有(\d+)处须核实", lead)] == [grave] * (
        grave > 0 and UNFILLED not in words
    )
    assert told(bare(part(page, r"<p class=\"key\">(.*?)</p>"))) == words
    assert totals(page) == words
    shown = tiles(page)
    unproven = words.get("凭申报完成", 0) + words.get("无法判定", 0)
    if UNFILLED in words:
        assert shown["完成"].startswith("—")
        assert shown["须补证据"].startswith("—")
    else:
        assert shown["完成"].startswith(f"{words.get('完成', 0)} / {rows} ")
        assert shown["须补证据"].startswith(f"{unproven}项")
    assert told(shown["完成"]) | ({"完成": words["完成"]} if "完成" in words else {}) == words
    letter = letters.letter("annual", figures, number="1")
    for said in (letter.subject, letterpage.as_text(letter, []).partition("■")[0]):
        assert told(said).items() <= words.items(), said
        assert {int(count) for count in re.findall(r"(\d+)处须核实", said)} <= {grave}


@pytest.mark.parametrize("name", stress.OFFICES)
def test_every_office_of_the_stress_set(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(style.REPORT, "1")
    result = stress.evaluation(name)
    check(notebook_cells.run("annual", result).page, keyfigures.record(result).figures)


def test_the_finished_pages_of_a_demo_district(command, tmp_path: Path) -> None:
    made = command("demo", "--subdistricts", "3", "--years", "2023-2024", cwd=tmp_path)
    assert made.code == 0, made.err
    place = tmp_path / "data-demo"
    assert command("run", "-r", "annual", cwd=place).code == 0
    pages = sorted((place / "outputs").glob("*/*/annual/annual.html"))
    assert len(pages) == 6
    for page in pages:
        figures = json.loads(page.with_name("result.json").read_text(encoding="utf-8"))
        check(page.read_text(encoding="utf-8"), figures)


def test_a_word_with_two_numbers_is_noticed() -> None:
    with pytest.raises(AssertionError):
        told("完成18项，其中凭申报完成2项；完成37项")
    assert told("39项指标全部完成；0项无法判定") == {"完成": 39}
    assert REVIEW_TITLE, "the reviewer's paper is another report, in the reviewer's words"
