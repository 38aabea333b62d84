"""The site of docs/: it builds without a warning, its links lead somewhere, it asks nobody, and Chinese is found in it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

import perfeval as pe
from perfeval.cli.commands import PLACES
from perfeval.model.columns import FRAMES
from perfeval.run.project import SETTINGS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
MOST_BYTES = 100_000
SCREEN = 52
"""Lines a recipe has at most."""
LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}

if CHROMIUM is None and os.environ.get("PERFEVAL_REQUIRE_BROWSER"):
    pytest.fail("PERFEVAL_REQUIRE_BROWSER is set and there is no Chromium", pytrace=False)


def build(source: Path, into: Path) -> subprocess.CompletedProcess[str]:
    """``make docs``."""
    command = [sys.executable, "-m", "sphinx", "-q", "-E", "-W", "--keep-going", "-b", "html"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return subprocess.run(
        [*command, "-d", str(into / "doctrees"), str(source), str(into / "site")],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as ``make docs`` builds it: a warning is an error."""
    into = tmp_path_factory.mktemp("docs")
    done = build(DOCS, into)
    assert done.returncode == 0, done.stderr
    return into / "site"


class Page(HTMLParser):
    """What a page links to, loads, and can be linked to."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.places |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in LOADS and LOADS[tag] in given and given.get("rel") not in ("index", "search", "next", "prev"):
            self.loads.append(given[LOADS[tag]])


@cache
def read(file: Path) -> Page:
    return Page(file)


def astray(site: Path) -> list[str]:
    """Links of the built pages that lead nowhere, and what they load that is not theirs."""
    found = []
    for file in sorted(site.rglob("*.html")):
        page = read(file)
        found += [f"{file.name}: loads {one}" for one in page.loads if re.match(r"(\w+:)?//", one)]
        for link in [*page.links, *page.loads]:
            if re.match(r"\w+:", link):
                continue
            path, _, place = link.partition("#")
            target = (file.parent / unquote(path.partition("?")[0])).resolve() if path else file
            if not target.exists() or (
                place and target.suffix == ".html" and unquote(place) not in read(target).places
            ):
                found.append(f"{file.name}: {link}")
    return found


def test_every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    assert len(list(site.rglob("*.html"))) > 30
    assert astray(site) == []


def test_no_page_has_an_error_or_words_of_the_theme_in_english(site: Path) -> None:
    for file in site.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        for words in ("ERROR:", "Toggle", ">Next<", ">Previous<", "Skip to content", "On this page", "Made with"):
            assert words not in text, file.name


def test_a_line_end_between_chinese_signs_is_no_space(site: Path) -> None:
    assert "写明每一分的依据" in (site / "index.html").read_text(encoding="utf-8")


def test_a_link_astray_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<p id="there"><a href="a.html#there"></a><a href="a.html#gone"></a><a href="b.html"></a>'
        '<script src="https://example.org/x.js"></script>',
        encoding="utf-8",
    )
    assert astray(tmp_path) == ["a.html: loads https://example.org/x.js", "a.html: a.html#gone", "a.html: b.html"]


def test_styles_and_scripts_ask_nobody(site: Path) -> None:
    for file in [*site.rglob("*.css"), *site.rglob("*.js")]:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"@import\s+(url\()?[\"']?https?:|url\([\"']?https?:", text), file.name


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("# 一\n\n[没有这一页](instal.md)\n", "instal.md"),
        ("# 一\n\n[没有这一节](#没有)\n", "没有"),
        ("# 一\n\n![没有这张图](pictures/none.png)\n", "none.png"),
    ],
)
def test_what_is_not_there_stops_the_build(tmp_path: Path, page: str, said: str) -> None:
    source = tmp_path / "docs"
    shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns("*.md", "*.png"))
    (source / "index.md").write_text(page, encoding="utf-8")
    done = build(source, tmp_path)
    assert done.returncode != 0
    assert said in done.stderr


def test_the_reference_has_everything_there_is(site: Path) -> None:
    def page(name: str) -> str:
        return (site / "reference" / f"{name}.html").read_text(encoding="utf-8")

    for frame, columns in FRAMES.items():
        assert f'id="{frame.replace("_", "-")}"' in page("columns")
        for column in columns:
            assert column.meaning[:6] in page("columns")
    for section, settings in SETTINGS.items():
        assert f"[{section}]" in page("settings")
        for name in settings:
            assert f">{name}<" in page("settings"), name
    for name, place in PLACES.items():
        assert (f"perfeval {name}<" in page("commands")) == bool(place.summary), name
    for name in pe.__all__:
        if name not in ("plot", "show", "words", "thresholds"):
            assert f'id="perfeval.{name}"' in page("api"), name


def test_pictures_are_small_and_shown() -> None:
    there = sorted((DOCS / "pictures").glob("*.png"))
    assert there
    texts = "".join(file.read_text(encoding="utf-8") for file in DOCS.rglob("*.md"))
    for picture in there:
        assert picture.stat().st_size < MOST_BYTES, picture.name
        assert f"pictures/{picture.name})" in texts, picture.name
    for alt in re.findall(r"!\[([^\]]*)\]\([^)]*pictures/", texts):
        assert "示例数据" in alt


@pytest.mark.parametrize("page", sorted((DOCS / "recipes").glob("*.md")), ids=lambda page: page.stem)
def test_a_recipe_is_one_screen(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) <= SCREEN


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("预算执行率", "各表的列"),
        ("漏斗图", "几个年度、许多街道"),
        ("离线", "离线安装"),
        ("T01", "自评质量检查规则"),
        ("subdistrict", "各表的列"),
        ("率", "得分怎样算"),
    ],
)
def test_chinese_is_found_from_disk_and_nobody_is_asked(browser: Browser, site: Path, asked: str, page: str) -> None:
    window, noise = browser.new_page(), []
    window.on("request", lambda one: None if one.url.startswith(("file:", "data:")) else noise.append(one.url))
    window.on("console", lambda message: noise.append(message.text))
    window.on("pageerror", lambda error: noise.append(str(error)))
    window.goto(f"{(site / 'search.html').as_uri()}?q={asked}")
    window.wait_for_selector(".search li, .search-summary:not(:empty)")
    window.wait_for_function("Search.output.children.length > 0 && Search.status.innerText !== ''")
    assert page in window.locator("ul.search").inner_text()
    assert noise == []
    window.close()


def test_what_is_nowhere_is_not_found(browser: Browser, site: Path) -> None:
    window = browser.new_page()
    window.goto(f"{(site / 'search.html').as_uri()}?q=量子纠缠")
    window.wait_for_selector(".search-summary:not(:empty)")
    assert window.locator("ul.search li").count() == 0
    window.close()


OF_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}


def test_no_accessibility_finding_on_any_page(browser: Browser, site: Path) -> None:
    window, found = browser.new_page(), []
    for file in sorted(site.rglob("*.html")):
        window.goto(file.as_uri())
        for scheme, options in (("light", None), ("dark", OF_COLOURS)):
            window.emulate_media(color_scheme=scheme)
            said = Axe().run(window, options=options).response["violations"]
            found += [f"{file.name}, {scheme}: {one['id']}" for one in said]
    window.close()
    assert found == []


def test_a_phone_shows_every_page_whole(browser: Browser, site: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    window, wide = context.new_page(), []
    for file in sorted(site.rglob("*.html")):
        window.goto(file.as_uri())
        if window.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(file.relative_to(site).as_posix())
    context.close()
    assert wide == []
