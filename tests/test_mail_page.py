"""A mail as its reader meets it: received, taken apart, and shown in a browser at a desk's and a phone's width."""

import base64
import io
import os
import re
import shutil
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from test_message import FIGURES, HOSTILE, written

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
DARK = ["--enable-features=WebContentsForceDark"]
"""What Gmail's app and Outlook do to every mail at night: turn its colours round."""
DESK, PHONE = {"width": 720, "height": 900}, {"width": 375, "height": 812}
READABLE = 4.5
"""Least contrast of text (WCAG 2.1, AA)."""

if CHROMIUM is None and os.environ.get("PERFEVAL_REQUIRE_BROWSER"):
    pytest.fail("PERFEVAL_REQUIRE_BROWSER is set and there is no Chromium", pytrace=False)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium installed")


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield started
    started.close()


def shown(browser: Browser, figures: dict, viewport: dict, *, images: bool = True) -> tuple[Page, list[str]]:
    """The mail's HTML with its image put in (or blocked), and everything it asked for."""
    message = written(figures)
    image = next(part for part in message.walk() if part.get_content_type() == "image/png")
    data = base64.b64encode(image.get_payload(decode=True)).decode()
    page_html = message.get_body(("html",)).get_content()
    page_html = re.sub(r'"cid:[^"]+"', f'"data:image/png;base64,{data}"' if images else '""', page_html)
    page = browser.new_context(viewport=viewport, java_script_enabled=True).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if not request.url.startswith("data:") else None)
    page.set_content(page_html)
    return page, asked


@pytest.mark.parametrize("figures", [FIGURES, HOSTILE], ids=["example", "hostile"])
@pytest.mark.parametrize("images", [True, False], ids=["images", "no images"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_fits_the_screen_and_asks_for_nothing(browser: Browser, figures: dict, viewport: dict, images: bool) -> None:
    page, asked = shown(browser, figures, viewport, images=images)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert asked == []
    assert figures["said"]["headline"][:10] in page.locator("body").inner_text()


def test_a_long_word_does_not_make_it_scroll(browser: Browser) -> None:
    figures = FIGURES | {"name": "W" * 60, "said": {**FIGURES["said"], "headline": "9" * 500}}
    page, _ = shown(browser, figures, PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_chart_shrinks_with_the_screen_and_says_its_figures_without_it(browser: Browser) -> None:
    desk, _ = shown(browser, FIGURES, DESK)
    phone, _ = shown(browser, FIGURES, PHONE)
    widths = [page.locator("img").bounding_box()["width"] for page in (desk, phone)]
    assert widths[0] == 360
    assert 280 < widths[1] < 340
    blocked, _ = shown(browser, FIGURES, DESK, images=False)
    alt = blocked.locator("img").get_attribute("alt")
    assert re.search(r"堆叠条形图.*\d", alt)


def test_at_night_every_text_stays_readable(playwright: Playwright) -> None:
    started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET + DARK)
    page, _ = shown(started, FIGURES | {"synthetic": True}, PHONE)
    picture = page.screenshot(full_page=True)
    pairs = page.evaluate(
        """() => [...document.querySelectorAll('td')].filter(td => td.innerText.trim()).map(td => {
            const style = getComputedStyle(td); return [style.color, style.backgroundColor] })"""
    )
    started.close()
    assert darkness(picture) > 0.6, "the page did turn dark"
    for colour, ground in pairs:  # both are always given: turned round together they keep their contrast
        assert ground != "rgba(0, 0, 0, 0)"
        assert contrast(colour, ground) >= READABLE, (colour, ground)


def contrast(one: str, other: str) -> float:
    """Between two CSS colours (WCAG 2.1)."""
    values = sorted(map(luminance, (one, other)), reverse=True)
    return (values[0] + 0.05) / (values[1] + 0.05)


def luminance(colour: str) -> float:
    shares = [int(value) / 255 for value in re.findall(r"\d+", colour)[:3]]
    linear = [share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def darkness(picture: bytes) -> float:
    """The share of dark pixels."""
    grey = np.asarray(Image.open(io.BytesIO(picture)).convert("L"))
    return float((grey < 90).mean())
