"""A table of hostile texts through every text of an evaluation to page, mail, Word, workbook, CSV, terminal and path:
each stays text. The pages are opened in a browser with the reports' content policy and without it.
"""

import csv
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import docx
import example
import findings_office
import notebook_cells
import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import Browser, sync_playwright
from test_message import written

import perfeval as pe
from perfeval.cli.terminal import visible
from perfeval.deliver.extract import write_csv, write_xlsx
from perfeval.deliver.message import file_name
from perfeval.deliver.officialword import write_report
from perfeval.deliver.reviewsheet import write_review_sheet
from perfeval.deliver.yearbook import write_yearbook
from perfeval.ingest.directory import valid
from perfeval.present import show

HIT = "window.hit=1"
HOSTILE = {
    "script": f"甲乙<script>{HIT}</script><img src=x onerror={HIT}><svg/onload={HIT}>",
    "attribute": f"甲乙\" onmouseover='{HIT}' autofocus onfocus=\"{HIT}\" x=\"",
    "closing": f"甲乙</title></style></textarea></td></table>--><script>{HIT}</script>]]>",
    "address": f"甲乙 javascript:{HIT} <a href=javascript:{HIT}>x</a> [x](javascript:{HIT}) <iframe srcdoc='<script>{HIT}</script>'>",
    "entities": f"甲乙&lt;script&gt;{HIT}&lt;/script&gt;&#60;script&#62;{HIT}&#x3c;/script>",
    "markdown": "甲乙 **b** `c` # h | a | b |\n---|---\n![x](http://192.0.2.1/x.png) <http://192.0.2.1> $$\\require{x}$$",
    "formula": "=HYPERLINK(\"http://192.0.2.1\",\"甲乙\")",
    "command": "@SUM(1)+cmd|' /C calc'!A0 甲乙",
    "minus": "-1+1 甲乙",
    "plus": "+1+1\t甲乙",
    "mathtext": "甲乙 $\\frac{1}{0}$ $x_{ \\invalid $ \\$5 ^_{}~",
    "separators": "甲乙,\"a\";b\tc|d\r\ne,f",
    "ansi": "甲乙\x1b[2J\x1b]0;PWNED\x07\x9b31m\x08\x7f",
    "turned": "甲乙\u202egnp.exe\u2066\u2069\u200b\u200f\ufeff\u00ad\u2028\u2029",
    "controls": "甲乙\x00\x01\x0b\x0c\x1f\ufffe\uffff",
    "surrogate": "甲乙\ud800\udcff",
    "path": "../../甲乙/..\\C:\\NUL CON:aux.txt*?<>|",
    "header": "甲乙\r\nBcc: all@example.cn\r\n\r\n<b>",
    "template": "甲乙{{ 7*7 }}{% for x in range(9) %}x{% endfor %}{{ ''.__class__ }}%(name)s{0}${HOME}",
    "field": "甲乙 HYPERLINK \"http://192.0.2.1\" \\o { DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe \"/k calc\" } _x0008_",
    "xml": "甲乙]]></w:t></w:r><w:r><w:instrText>DDE</w:instrText></w:r><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "long": "甲乙" + "长" * 6000 + "W" * 600,
}  # fmt: skip
"""By what it is after. Each holds 甲乙 where it can be looked for; none may do anything but be read."""
each = pytest.mark.parametrize("kind", HOSTILE)
NOT_READ = ("surrogate", "controls")
"""Texts that no file brings in, for they are refused or mended when it is read; file names and arguments may."""
GROUPS = {
    "markup": ("script", "attribute", "closing", "address", "entities"),
    "languages": ("markdown", "mathtext", "template", "field", "xml", "formula"),
    "signs": ("separators", "ansi", "turned", "path", "header"),
    "long": ("long",),
}
"""Texts that go through one evaluation together, where it does not matter with which sign a cell begins."""
together = pytest.mark.parametrize("group", GROUPS)
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""That of every report's page (``theme/report/index.html.j2``)."""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None and os.environ.get("PERFEVAL_REQUIRE_BROWSER"):
    pytest.fail("PERFEVAL_REQUIRE_BROWSER is set and there is no Chromium", pytrace=False)


@cache
def evaluation(kind: str) -> pe.Evaluation:
    """Of one text, or of all those of a group."""
    return example.hostile("；".join(HOSTILE[one] for one in GROUPS.get(kind, [kind])))


@cache
def plain() -> pe.Evaluation:
    return example.evaluation()


@cache
def shown(kind: str) -> str:
    """What the cells of the annual report show, in JupyterLab as in the page."""
    return notebook_cells.run("annual", evaluation(kind)).page


# ---- pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


PROBE = """() => {
    const fire = name => document.querySelectorAll('body *').forEach(one => one.dispatchEvent(new Event(name)));
    ['mouseover', 'focus', 'click', 'error', 'load'].forEach(fire);
    const all = [...document.querySelectorAll('body *')];
    return {
        hit: window.hit ?? null,
        active: all.filter(one => /^(script|iframe|object|embed|form|base|link|meta)$/i.test(one.tagName)).length,
        handlers: all.filter(one => [...one.attributes].some(a => /^on/i.test(a.name))).length,
        addresses: all.flatMap(one => ['href', 'src', 'action', 'srcdoc', 'xlink:href'].map(a => one.getAttribute(a)))
            .filter(a => a && !/^(#|data:image\\/(png|svg))/.test(a)),
        text: document.body.textContent,
    };
}"""


@together
def test_hostile_text_is_text_wherever_it_is_shown(group: str, browser: Browser) -> None:
    for policy in (POLICY, ""):
        context = browser.new_context()
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("dialog", lambda dialog, asked=asked: (asked.append("dialog"), dialog.dismiss()))
        head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if policy else ""
        body = shown(group).encode("utf-8", "replace").decode()
        page.set_content(f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>")
        found = page.evaluate(PROBE)
        assert (found["hit"], found["active"], found["handlers"], found["addresses"]) == (None, 0, 0, [])
        assert [url for url in asked if not url.startswith("data:")] == []
        assert found["text"].count("甲乙") > 30
        context.close()


def test_every_text_that_a_file_may_bring_goes_through_the_pages() -> None:
    assert {kind for kinds in GROUPS.values() for kind in kinds} | {*NOT_READ, "command", "minus", "plus"} == set(
        HOSTILE
    )


def test_the_policy_is_that_of_the_reports() -> None:
    template = Path(pe.__file__).parent / "present" / "theme" / "report" / "index.html.j2"
    assert f'http-equiv="Content-Security-Policy" content="{POLICY}"' in template.read_text(encoding="utf-8")


def test_the_canary_sings_where_text_is_not_escaped(browser: Browser) -> None:
    page = browser.new_page()
    for kind in ("script", "closing"):
        page.set_content(f"<body><table><tr><td>{HOSTILE[kind]}</td></tr></table></body>")
        found = page.evaluate(PROBE)
        assert found["hit"] == 1
        assert found["active"]
    page.set_content(f'<body><p title="{HOSTILE["attribute"]}">x</p></body>')
    assert page.evaluate(PROBE)["handlers"] == 1
    page.close()


# ---- mail ------------------------------------------------------------------------------------------------------------


@together
def test_a_mail_has_no_header_address_or_tag_of_the_datas(group: str) -> None:
    message, usual = written(show.record(evaluation(group)).figures), written(show.record(plain()).figures)
    assert message.keys() == usual.keys()
    assert message["To"] == usual["To"]
    assert message["Bcc"] is None
    assert not message.defects
    assert len([*message.walk()]) == len([*usual.walk()])
    assert "甲乙" in str(message["Subject"])
    page = message.get_body(("html",)).get_content()
    assert not re.search(
        r"<(script|iframe|svg)|<img(?![^>]*src=\"cid:)|<[^>]*\son\w+\s*=|<[^>]*\shref=[\"']?(?!#|mailto:)",
        page,
        re.IGNORECASE,
    )
    for part in message.iter_attachments():
        assert re.fullmatch(r"[^/\\:*?\"<>|\x00-\x1f]+", part.get_filename() or "x")


# ---- Word and workbooks ----------------------------------------------------------------------------------------------


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@together
def test_word_opens_and_has_neither_field_nor_link_of_the_datas(group: str, tmp_path: Path) -> None:
    made, usual = write_report(tmp_path / "a.docx", evaluation(group)), write_report(tmp_path / "b.docx", plain())
    found = docx.Document(str(made))
    assert sum("甲乙" in paragraph.text for paragraph in found.paragraphs) > 3
    fields = []
    for path in (made, usual):
        parts = parts_of(path)
        for name, part in parts.items():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(part)  # noqa: S314  # our own file
        body = parts["word/document.xml"].decode()
        fields.append((body.count("w:instrText>"), body.count("<w:fldSimple"), body.count("<w:hyperlink")))
        assert b"192.0.2.1" not in b"".join(part for name, part in parts.items() if name.endswith(".rels"))
        assert "DDE" not in "".join(re.findall(r"<w:instrText[^>]*>(.*?)</w:instrText>", body))
    assert fields[0] == fields[1]


def formulas(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.hyperlink is not None and not (cell.hyperlink.location or "")]
    return [cell.value if isinstance(cell.value, str) else "array" for cell in cells if cell.data_type == "f"]


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind != "surrogate"])  # which no frame can hold
@pytest.mark.parametrize("write", [write_review_sheet, write_yearbook])
def test_workbooks_open_and_have_no_formula_of_the_datas(kind: str, write, tmp_path: Path) -> None:
    base, text = findings_office.office(), HOSTILE[kind]
    told = [
        name
        for name in ("indicator", "actual", "reason", "measure", "evidence", "narrative", "file")
        if name in base.indicators
    ]
    spoilt = replace(base, name=text, district=text, indicators=base.indicators.assign(**dict.fromkeys(told, text)))
    kept = spoilt if write is write_yearbook else evaluation(kind)
    made = formulas(write(tmp_path / "a.xlsx", kept))
    assert not [one for one in made if re.search(r"HYPERLINK|cmd|192\.0\.2\.1|甲乙\"", one)]
    for name, part in parts_of(tmp_path / "a.xlsx").items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(part)  # noqa: S314  # our own file
            assert b"192.0.2.1" not in part or not name.endswith(".rels")


@each
def test_what_is_taken_away_as_a_table_is_inert(kind: str, tmp_path: Path) -> None:
    frame, titles = (
        pd.DataFrame({"indicator": [HOSTILE[kind].encode("utf-8", "replace").decode()] * 2}),
        {"indicator": "指标"},
    )
    write_csv(tmp_path / "a.csv", frame, titles, [HOSTILE[kind].encode("utf-8", "replace").decode()])
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(line.replace("\0", "") for line in file) for cell in row if cell]
    assert sum("甲乙" in cell for cell in cells) >= 3
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    write_xlsx(tmp_path / "a.xlsx", frame, titles, ["一"])
    assert formulas(tmp_path / "a.xlsx") == []


# ---- terminal and path -----------------------------------------------------------------------------------------------


@each
def test_a_terminal_gets_no_order_and_a_path_no_way_out(kind: str) -> None:
    text = HOSTILE[kind]
    told = visible(text)
    told.encode("utf-8")
    assert not [sign for sign in told if not sign.isprintable() and sign not in "\n\t \u200b\ufeff\xad\ufffe\uffff"]
    name = file_name(text)
    assert not re.search(r"[/\\:*?\"<>|\x00-\x1f\ud800-\udfff]", name)
    assert name not in ("", ".", "..")
    assert not name.startswith(".")
    assert len(name.encode("utf-8")) < 255
    assert not valid(text), "no id of an office, so no folder"
