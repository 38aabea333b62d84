"""One word, one measure, on finished pages and in the mails made from them: of every word all numbers are equal, and those
of the five verdicts add up to the number of indicators."""

import json
import re
from pathlib import Path

import notebook_cells
import pytest
import stress

from perfeval.model.tally import GRAVE, UNFILLED, UNPROVEN, Tally, counted
from perfeval.model.verdicts import CLAIMED, EVALUATED, NOT_FILLED, VERDICTS
from perfeval.present import keyfigures, labels, letterpage, letters, style
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


def rows_of(page: str, caption: str) -> list[dict[str, str]]:
    """The rows of a table under their headings, units left out."""
    table = part(page, rf"<caption>{caption}</caption>(.*?)</table>")
    heads = [bare(cell).partition("（")[0] for cell in re.findall(r"<th scope=\"col\".*?>(.*?)</th>", table)]
    found = [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", line) for line in re.findall(r"<tr.*?</tr>", table, re.DOTALL)[1:]]
    return [dict(zip(heads, map(bare, cells), strict=True)) for cells in found]


def summed(rows: list[dict[str, str]], column: str) -> int:
    return sum(int(row[column].replace("—", "0")) for row in rows if row[next(iter(row))] != "合计")


def held(figures: dict) -> Tally:
    """The counts a report leaves; its unmet rows and its mail say of every word the same."""
    found = counted(figures["completion"]["overall"], filled=figures.get("state") != NOT_FILLED)
    of_unmet = [row["status"] for row in figures["unmet"]]
    assert (of_unmet.count("未完成"), of_unmet.count("部分完成")) == (found.missed, found.partly)
    return found


def check_mail(report: str, figures: dict, known: Tally) -> None:
    letter = letters.letter(report, figures, number="1")
    grave = figures["findings_by_severity"]["P0"]
    for said in (letter.subject, letterpage.as_text(letter, []).partition("■")[0]):
        assert told(said).items() <= known.words.items(), said
        assert {int(count) for count in re.findall(r"(\d+)处须核实", said)} <= {grave}, said
    assert told(letter.subject) == {word: count for word, count in known.words.items() if word != "完成"}


def check_trend(page: str, figures: dict) -> None:
    known = held(figures)
    check_mail("trend", figures, known)
    for row, year in zip(rows_of(page, "各年的执行、完成和得分"), figures["summary"], strict=True):
        of_year = counted(year)
        assert int(row["指标数"]) == of_year.rows
        if year["state"] == EVALUATED:
            assert row["完成的范围"] == labels.span(of_year.met, of_year.most)
    assert counted(figures["summary"][-1], filled=known.filled) == known


def check_overview(page: str, figures: dict) -> None:
    known = held(figures)
    check_mail("overview", figures, known)
    judged = [row for row in figures["consequences"] if row["order"] is not None]
    sums = [sum(row[name] for row in judged) for name in ("unmet", "unverified", "rows")]
    assert sums == [known.unmet, known.unproven, known.rows]
    captions = re.findall(r"各街道未完成和部分完成的(\d+)项", page)
    assert len(captions) > 1
    assert {int(count) for count in captions} == {known.unmet}
    table = rows_of(page, r"各街道未完成和部分完成的\d+项，底色越深越多")
    (total,) = [row for row in table if row["街道"] == "合计"]
    kinds = [int(count) for name, count in total.items() if name not in ("街道", UNPROVEN, "指标数")]
    assert (sum(kinds), int(total[UNPROVEN]), int(total["指标数"])) == (known.unmet, known.unproven, known.rows)
    assert summed(table, UNPROVEN) == known.unproven
    names = {row["name"] for row in judged}
    doubtful = [row for row in rows_of(page, r"\d+个街道的数据有待补正") if row["街道"] in names]
    assert summed(doubtful, CLAIMED) == known.declared
    assert summed(doubtful, "无法判定") == known.undecided
    assert summed(rows_of(page, r"\d+个街道的数据有待补正"), GRAVE) == figures["findings_by_severity"]["P0"]
    for row in judged:
        shown = re.findall(rf"{row['name']}.*?未完成和部分完成(\d+)/(\d+)项", bare(page))
        assert (not row["unmet"] and not shown) or (str(row["unmet"]), str(row["rows"])) in shown


def check_district(page: str, figures: dict) -> None:
    known = held(figures)
    check_mail("district", figures, known)
    last = next(row for row in figures["totals"] if row["year"] == figures["year"])
    assert (last["rows"], last["met"], last["most"]) == (known.rows, known.met, known.most)
    lead = bare(part(page, r"<p class=\"lead\">(.*?)</p>"))
    assert f"{known.rows}项指标合计完成{labels.span(known.met, known.most)}" in lead
    row = next(row for row in rows_of(page, "各年合计") if row["年度"] == str(figures["year"]))
    assert [int(row[name]) for name in ("指标数", "完成", "最多完成")] == [known.rows, known.met, known.most]


def check_review(page: str, figures: dict) -> None:
    known = held(figures)
    check_mail("review", figures, known)
    shown = re.findall(r"<dt>(.*?)</dt><dd.*?>(.*?)</dd>", page)
    values = {bare(name): bare(value) for name, value in shown}
    assert values["须核实（P0）"].startswith(f"{figures['findings_by_severity']['P0']}处")
    assert values["有数有据"].split()[2] == str(known.rows)


def test_the_pages_of_many_years_and_offices_and_their_mails(command, tmp_path: Path) -> None:
    """With offices that have no score, that rest on their word, and that miss the same year after year."""
    place = stress.project(tmp_path, "half", "claimed", "repeated", "targets", "undecided", "nonemet", "silent")
    checks = {"trend": check_trend, "overview": check_overview, "district": check_district, "review": check_review}
    assert command("run", *(f"-r{name}" for name in checks), cwd=place).code == 0
    for name, check_one in checks.items():
        pages = sorted((place / "outputs").glob(f"*/*/{name}/{name}.html"))
        assert pages, name
        for page in pages:
            figures = json.loads(page.with_name("result.json").read_text(encoding="utf-8"))
            check_one(page.read_text(encoding="utf-8"), figures)


def test_a_word_with_two_numbers_is_noticed() -> None:
    with pytest.raises(AssertionError):
        told("完成18项，其中凭申报完成2项；完成37项")
    assert told("39项指标全部完成；0项无法判定") == {"完成": 39}
    assert REVIEW_TITLE, "the reviewer's paper is another report, in the reviewer's words"
