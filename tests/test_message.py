"""Messages: what is in them, that nothing in a data file reaches a header, and that mail programs can show them."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import caniemail
import example
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfeval.deliver.message import MOST, MailError, Recipient, compose, file_name, message_id
from perfeval.deliver.sending import Source
from perfeval.model.mailing import MailSettings
from perfeval.present import letters, show

WHEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HERE = MailSettings(sender="robot@office.example.cn", sender_name="绩效办", domains=("example.cn",))
TO = Recipient("张三", "主要领导", "zhang@example.cn")
FIGURES = show.record(example.evaluation()).figures
HOSTILE = show.record(example.hostile()).figures
PAGE = "<p>完整报告</p>".encode()
LEGAL = {"from", "to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress", "mime-version"}
LEGAL |= {"content-type"}
NASTY = [
    "甲\r\nBcc: victim@example.org",
    "甲\nX-Evil: 1\n\nbody",
    "甲\u2028Bcc: victim@example.org",
    "甲\u2029Bcc: x",
    "甲\x85Bcc: x",
    "甲\x0bBcc: x\x0c\x00",
    "=?utf-8?q?Bcc=3A_x=0D=0A?=",
    "=?utf-8?b?DQpCY2M6IHhAeS5jbg0K?=",
    '" <evil@example.org>, "',
    "evil@example.org>,<x",
    "\u202egnp.exe",
    "甲" * 5000,
    "\ud800",
]


def written(figures: dict, to: Recipient = TO, *, pdf: bytes | None = None, **others: object) -> EmailMessage:
    """The message as it arrives."""
    found = replace(HERE, **others)
    source = Source("annual", "shifan", "2022", figures, PAGE, pdf)
    letter = letters.letter("annual", figures, number=source.run_key)
    own = message_id(source.run_key, to.address, found.sender)
    message = compose(letter, to, found, source.attachments(), when=WHEN, own_id=own)
    return message_from_bytes(message.as_bytes(), policy=default)


def html(message: EmailMessage) -> str:
    return message.get_body(("html",)).get_content()


def test_everything_is_in_its_place() -> None:
    message = written(FIGURES, pdf=b"%PDF-")
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "text/html",
        "application/pdf",
    ]
    assert {name.lower() for name in message} == LEGAL
    assert message["From"].addresses[0].display_name == "绩效办"
    assert [(one.display_name, one.addr_spec) for one in message["To"].addresses] == [("张三", "zhang@example.cn")]
    assert message["Date"].datetime == WHEN
    assert message["Auto-Submitted"] == "auto-generated"
    digest = hashlib.sha256(PAGE).hexdigest()[:16]
    own = hashlib.sha256(f"annual/shifan/2022/{digest}\0zhang@example.cn".encode()).hexdigest()[:32]
    assert message["Message-ID"] == f"<{own}@office.example.cn>"
    names = [part.get_filename() for part in message.iter_attachments()]
    assert names == [f"{FIGURES['name']}2022年度部门整体绩效自评报告.{kind}" for kind in ("html", "pdf")]
    assert next(message.iter_attachments()).get_payload(decode=True) == PAGE
    image = next(part for part in message.walk() if part.get_content_type() == "image/png")
    assert f"cid:{image['Content-ID'].strip('<>')}" in html(message)
    assert image.get_payload(decode=True).startswith(b"\x89PNG")
    assert all(len(line) <= 998 for line in message.as_bytes().splitlines())


def test_subject_and_both_bodies_carry_the_same_figures() -> None:
    # The example: 81.04 points; 3 of 8 rows not met (2 未完成, 1 部分完成), one only declared, one open; findings none.
    message = written(FIGURES)
    subject, plain, page = str(message["Subject"]), message.get_body(("plain",)).get_content(), html(message)
    missed = [row["status"] for row in FIGURES["unmet"]]
    counts = f"{missed.count('未完成')}项未完成、{missed.count('部分完成')}项部分完成"
    told = f"{counts}、1项凭申报完成、1项无法判定"
    assert subject == f"{FIGURES['name']}2022年度绩效自评：复算81.04分，{told}，没有须核实的问题"
    for body in (plain, page):
        for fact in ("81.04", "3 / 8", counts, "95.2%", FIGURES["said"]["headline"]):
            assert fact in body, fact
        for row in FIGURES["said"]["unmet_rows"]:
            assert all(row[name] in body for name in ("name", "figures", "reason", "measure"))


def test_the_same_letter_is_the_same_bytes() -> None:
    assert written(FIGURES).as_bytes() == written(FIGURES).as_bytes()


def test_synthetic_data_are_said_to_be() -> None:
    assert "示例数据" not in written(FIGURES).as_string()
    message = written(FIGURES | {"synthetic": True})
    assert str(message["Subject"]).startswith("【示例数据】")
    for body in (message.get_body(("plain",)).get_content(), html(message)):
        assert "示例数据：由程序虚构，不反映任何真实单位" in body


@pytest.mark.parametrize("nasty", NASTY)
def test_no_text_from_the_data_becomes_a_header(nasty: str) -> None:
    figures = FIGURES | {"name": nasty, "grade": nasty, "said": {**FIGURES["said"], "headline": nasty, "title": nasty}}
    message = written(figures, replace(TO, name=nasty), sender_name=nasty)
    assert {name.lower() for name in message} == LEGAL
    assert [one.addr_spec for one in message["To"].addresses] == ["zhang@example.cn"]
    assert [one.addr_spec for one in message["From"].addresses] == ["robot@office.example.cn"]
    raw = message.as_bytes()
    assert not re.search(rb"(?im)^(bcc|cc|x-evil):", raw)
    for part in message.walk():
        assert "bcc" not in {name.lower() for name in part}
        assert not re.search(r"[\x00-\x1f\u2028\u2029\u202e/\\]", part.get_filename() or "")
    assert "\n" not in str(message["Subject"])


@given(name=st.text(max_size=60), office=st.text(max_size=60))
@settings(max_examples=60)
def test_no_text_at_all_becomes_a_header(name: str, office: str) -> None:
    message = written(FIGURES | {"name": office, "indicators": []}, replace(TO, name=name))
    assert {header.lower() for header in message} == LEGAL
    assert [one.addr_spec for one in message["To"].addresses] == ["zhang@example.cn"]


@pytest.mark.parametrize(
    "address",
    [
        "a@b@example.cn",
        "a@example.cn\r\nBcc: x@y.cn",
        "a@例子.cn, b@y.cn",
        "<a@example.cn>",
        "",
        "a b@example.cn",
        "a@-x.cn",
    ],
)
def test_what_is_no_address_is_not_written_to(address: str) -> None:
    with pytest.raises(MailError, match="不是邮箱地址"):
        written(FIGURES, Recipient("", "", address))


def test_a_domain_in_chinese_goes_out_in_ascii() -> None:
    assert written(FIGURES, Recipient("", "", "a@政务.中国"))["To"].addresses[0].addr_spec == "a@xn--zfr164b.xn--fiqs8s"


def test_attachment_names_in_ascii_where_wanted() -> None:
    message = written(FIGURES, ascii_names=True)
    assert [part.get_filename() for part in message.iter_attachments()] == ["shifan-2022-annual.html"]
    assert "shifan-2022-annual.html" in html(message)


@pytest.mark.parametrize("name", ["../../etc/passwd", "con:x", "a/b\\c", "  ", "x" * 300])
def test_file_names_are_legal_everywhere(name: str) -> None:
    found = file_name(name)
    assert found
    assert len(found) <= 60
    assert not re.search(r'[\\/:*?"<>|\s]', found)
    assert not found.startswith(".")


def test_the_longest_letter_is_not_clipped() -> None:
    row = {"status": "未完成"} | dict.fromkeys(("name", "goal", "figures", "reason", "measure"), "<&\"'" * 500)
    finding = {"severity": "P0"} | dict.fromkeys(("code", "title", "fact", "place"), "&" * 3000)
    said = {
        "headline": "<" * 9000,
        "unmet": "&" * 900,
        "findings": '"' * 900,
        "title": "&" * 900,
        "unmet_rows": [row] * 99,
    }
    figures = FIGURES | {"name": "&" * 900, "findings": [finding] * 99, "unmet": [row] * 99, "said": said}
    page = html(written(figures))
    assert len(page.encode()) <= MOST == 95_000
    assert "以下未列出的94项见附件" in page, "99 rows, 5 of them listed"


@pytest.mark.parametrize("figures", [FIGURES, HOSTILE], ids=["example", "hostile"])
def test_nothing_is_left_that_mail_programs_drop_or_fetch(figures: dict) -> None:
    page = html(written(figures))
    assert not re.search(r"<(style|script|link|svg|form|iframe|object|base)\b", page)
    assert {name for _, name in caniemail.Uses(page).attributes}.isdisjoint({"class", "id", "href", "background"})
    assert not re.search(r'(?:src|href|background)="(?!cid:)', page)
    assert "data:" not in page
    shown = re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL)
    assert all("bgcolor" in more for more in re.findall(r"<(?:td|body)\b([^>]*)", shown))
    assert all(
        "background-color" in more and "color:" in more for more in re.findall(r"<td\b([^>]*)", page) if "style" in more
    )


PARTLY = {
    "css-max-width": "Outlook takes it on tables only: the image has a width attribute as well",
    "css-width": "Outlook takes it on cells: the image has a width attribute as well",
    "css-height": "auto says what is so anyway",
    "css-line-height": "px, with room to spare",
    "css-padding": "on cells only",
    "css-margin": "only 0",
    "css-font-size": "px only",
    "css-font-weight": "bold only",
    "css-text-align": "left and center only",
    "css-border": "on cells only, thinner than 8 px",
    "css-word-break": "a bug that breaks like break-all is what is wanted of a long word",
    "html-width": "px on images, percent on tables",
    "html-body": "a div with the same colour is as good",
}
"""Features that some client supports in part, and why that is enough here; the next test holds the reasons."""
UNLISTED = {
    *("color", "font-family"),
    *("html", "head", "meta", "title", "tbody", "tr", "td", "br"),
    *("bgcolor", "border", "alt", "src", "charset", "name", "content", "cellpadding"),
}
"""What the data set has no entry for: older than any mail program."""
SLUGS = {
    **{f"border-{side}": "css-border" for side in ("left", "top")},
    "h1": "html-h1-h6",
    "h2": "html-h1-h6",
}


@pytest.mark.parametrize(
    "figures", [FIGURES, HOSTILE, FIGURES | {"synthetic": True}], ids=["plain", "hostile", "synthetic"]
)
def test_gmail_outlook_and_apple_mail_support_all_that_is_used(figures: dict) -> None:
    uses, known = caniemail.Uses(html(written(figures))), caniemail.support()
    names = [(key, "css") for _, key, _ in uses.styles] + [(tag, "html") for tag in uses.tags]
    names += [(name, "html") for _, name in uses.attributes if name != "style"]
    poor = {}
    for name, kind in set(names):
        slug = SLUGS.get(name, f"{kind}-{name}")
        if slug not in known:
            assert name in UNLISTED, f"nobody knows whether mail programs show {name}"
        elif slug not in PARTLY:
            poor |= {f"{slug} in {client}": mark for client, mark in known[slug].items() if mark not in "yu"}
        else:
            assert "n" not in known[slug].values(), slug
    assert poor == {}
    assert known["image-png"]["Outlook Windows"] == "y"


def test_what_is_supported_in_part_is_used_only_as_far() -> None:
    for tag, key, value in caniemail.Uses(html(written(HOSTILE))).styles:
        if key in ("padding", "border", "border-left", "border-top") and value != "0":
            assert tag == "td", (tag, key)
        if key in {"width", "max-width"}:
            assert tag in ("td", "table", "img")
        if key == "margin":
            assert value == "0"
        if key in ("font-size", "line-height"):
            assert re.fullmatch(r"\d+px", value)
        if key.startswith("border-") and value[0].isdigit():
            assert int(value.partition("px")[0]) <= 8
        if key == "font-weight":
            assert value == "bold"
        if key == "text-align":
            assert value in ("left", "center")


def test_the_lint_can_fail() -> None:
    uses = caniemail.Uses('<div style="display: flex; position:absolute"><svg></svg></div>')
    known = caniemail.support()
    assert {key for _, key, _ in uses.styles} == {"display", "position"}
    assert known["css-display-flex"]["Outlook Windows"] == known["html-svg"]["Gmail web"] == "n"
