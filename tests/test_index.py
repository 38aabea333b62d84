"""The list of all reports: by district and year, searched by whatever a reader knows, on a phone, without a script."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from perfeval.present.page import index_page
from perfeval.run.outcome import listed

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None and os.environ.get("PERFEVAL_REQUIRE_BROWSER"):
    pytest.fail("PERFEVAL_REQUIRE_BROWSER is set and there is no Chromium", pytrace=False)
NEEDS_BROWSER = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium installed")
SHOWN = ".list tbody tr:visible"
"""Rows a reader sees; waited for from outside, as the page lets nobody evaluate texts in it."""


def row(office: str, period: str, district: str = "甲区", *, report: str = "annual", **figures: object) -> dict:
    unmet = [{"indicator": name} for name in figures.pop("unmet", ["招聘会举办场次"])]
    overall = {"rows": 33, "met": 28, "most": 28}
    made = {
        "name": f"示例市{district}{office}街道办事处", "score": 97.62, "grade": "优", "declared_score": 96.62,
        "synthetic": True, "execution": {"rate": 0.957}, "completion": {"overall": overall}, "unmet": unmet,
    }  # fmt: skip
    return {
        "report": report, "title": {"annual": "年度自评报告", "trend": "历年趋势"}.get(report, "全区总览"),
        "subject": office, "period": period, "status": "完成", "error": "",
        "href": f"{office}/{period}/{report}/{report}.html", "figures": listed(made | figures), "district": district,
        "whole": False,
    }  # fmt: skip


def whole(period: str, district: str, **figures: object) -> dict:
    return row(district, period, district, report="overview", name=f"示例市{district}", **figures) | {"whole": True}


def test_a_total_says_what_it_is_of_where_that_is_not_100_points_of_one_office() -> None:
    text = index_page(
        [row("a", "2024", score=68.0, score_of="满分80分"), whole("2024", "甲区", score_of="各街道中位数")]
    )
    assert "<td>68.00 <small>（满分80分）</small><td>" in text
    assert "<td>97.62 <small>（各街道中位数）</small><td>" in text
    assert "<td>97.62<td>" in index_page([row("a", "2024", score_of="")])


def test_a_form_that_is_not_filled_in_has_met_none_and_missed_none() -> None:
    overall = {"rows": 2, "met": 0, "most": 2}
    waiting = {"unmet": [], "score": None, "completion": {"overall": overall}, "why": "尚未填报完成值，未作评价"}
    page = index_page([row("a", "2024", **waiting)])
    assert "尚未填报完成值，未作评价" in page
    assert "0—2 / 2" not in page


def rows() -> list[dict]:
    """Two districts with offices in two years, trends, and the districts' own reports, as the ledger orders them."""
    offices = [(f"{d}{n}", district) for district, d in (("甲区", "a"), ("乙区", "b")) for n in range(2)]
    found = [row(office, str(year), district) for office, district in offices for year in (2023, 2024)]
    found += [whole(str(year), district) for district in ("甲区", "乙区") for year in (2023, 2024)]
    return found + [row(office, "2023-2024", district, report="trend") for office, district in offices]


def test_a_districts_own_reports_come_first_then_its_years_the_last_before() -> None:
    text = index_page(rows())
    places = [text.index(f">{name}</h2>") for name in ("乙区", "甲区")]
    assert places == sorted(places)
    part = text[places[1] :]
    assert re.findall(r"<summary>(\S+)　", part) == ["全区", "2024年度", "2023年度", "历年（2023—2024）"]
    assert re.findall(r"<td>(20\S+)<td>全区总览", part) == ["2024", "2023"]
    assert ">a0街道办事处</a>" in part, "its district stands above it"
    assert "示例数据</small>" not in text, "all of it is, and the head says so"
    assert "本页所列的报告都由程序虚构" in text


def test_an_unmet_indicator_is_named_once_and_what_is_left_out_is_counted() -> None:
    unmet = ["老年助餐", "老年助餐", "老年助餐", "招聘会", "台账", "窗口", "投诉"]
    assert "<td>老年助餐、招聘会、台账、窗口等五种共七项" in index_page([whole("2024", "甲区", unmet=unmet)])
    assert "<td>甲、乙两项" in index_page([row("a", "2024", unmet=["甲", "乙"])])
    assert "<td>甲一种共两项" in index_page([row("a", "2024", unmet=["甲", "甲"])])
    assert "<td>无\n" in index_page([row("a", "2024", unmet=[])])
    old = listed({"unmet": [{"indicator": name} for name in "甲乙丙丁"]}) | {"unmet_count": 6}
    del old["unmet_kinds"]  # a ledger of an earlier version kept four names and the count
    assert "甲、乙、丙、丁等六项" in index_page([row("a", "2024") | {"figures": old}])


def test_a_group_with_a_failure_says_so_and_is_open() -> None:
    many = [row(f"a{n}", str(year)) for n in range(40) for year in (2023, 2024)]
    many[0] = many[0] | {"figures": {}, "error": "没有预算表", "status": "失败"}
    text = index_page(many)
    assert re.findall(r'<details class="group"( open)?><summary>(\S+)　', text) == [
        (" open", "2024年度"),
        (" open", "2023年度"),
    ]
    assert "1份没有生成</span>" in text
    assert "没有生成：没有预算表" in text


def test_names_and_indicators_are_data() -> None:
    text = index_page([row('a"><b>', "2024", '"><i>', unmet=["<b>甲", '"><b>乙', "丙", "丁", '戊"><b>'])])
    assert "<b>" not in text
    assert "<i>" not in text


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def long_list(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some five hundred reports of three districts, one of which failed."""
    found = [
        row(f"{d}{n}", str(year), f"{name}区", unmet=["招聘会举办场次", "台账", "窗口", "投诉", f"第{n}项巡访率"])
        for d, name in zip("abc", "甲乙丙", strict=True)
        for n in range(40)
        for year in range(2021, 2025)
    ]
    found += [whole(str(year), f"{name}区") for name in "甲乙丙" for year in range(2021, 2025)]
    found[5] = found[5] | {"figures": {}, "error": "单元格“load”出错：" + "budget.csv第2行" * 10}
    file = tmp_path_factory.mktemp("index") / "index.html"
    file.write_text(index_page(found), encoding="utf-8")
    return file


def opened(browser: Browser, file: Path, width: int, *, script: bool = True, dark: bool = False) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=script, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    page.goto(file.as_uri())
    return page


@NEEDS_BROWSER
@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("a7", 4),
        ("A7", 4),
        ("乙区", 164),
        ("b3街道办事处", 4),
        ("甲区a7街道", 4),
        ("示例市丙区c12街道办事处 2024", 1),
        ("第12项巡访率", 12),
        ("甲区 2023 招聘会", 41),
        ("全区总览", 12),
        ("没有这个", 0),
    ],
)
def test_search_finds_id_name_indicator_and_district(browser: Browser, long_list: Path, words: str, count: int) -> None:
    page = opened(browser, long_list, 1280)
    page.fill("#sought", words)
    told = f"找到 {count} 份" if count else "没有符合的报告"
    expect(page.locator("#found")).to_have_js_property("value", told)
    expect(page.locator(SHOWN)).to_have_count(count)
    assert page.input_value("#sought") == words


@NEEDS_BROWSER
def test_clearing_the_search_folds_the_list_as_it_was(browser: Browser, long_list: Path) -> None:
    page = opened(browser, long_list, 1280)
    before = page.locator(SHOWN).count()
    page.fill("#sought", "2022")
    expect(page.locator("#found")).to_have_js_property("value", "找到 123 份")
    page.fill("#sought", "")
    expect(page.locator(SHOWN)).to_have_count(before)
    assert 0 < before < 100


@NEEDS_BROWSER
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_five_hundred_reports_are_readable_on_a_phone(browser: Browser, long_list: Path, script: bool) -> None:
    for width in (390, 320):
        page = opened(browser, long_list, width, script=script)
        assert page.locator("#search").is_visible() == script
        for summary in page.locator("summary").all():
            if summary.evaluate("one => !one.parentNode.open"):
                summary.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        height = page.evaluate("document.documentElement.scrollHeight")
        assert height / 492 < 160, "a few lines a report"
        assert page.locator(SHOWN).count() == 492


@NEEDS_BROWSER
@pytest.mark.parametrize("width", [1280, 860, 700, 390, 320])
def test_no_figure_runs_over_the_next_at_any_width(browser: Browser, tmp_path: Path, width: int) -> None:
    """Those of a district of hundreds of indicators, most of them unproven."""
    overall = {"rows": 12_155, "met": 10_073, "most": 11_118}
    figures = {"completion": {"overall": overall}, "score": 100.0, "declared_score": 108.55}
    partly = row("a", "2025", score=100.51, score_of="满分101分")
    median = whole("2022-2024", "丙区", score_of="各街道中位数", **figures)
    file = tmp_path / "index.html"
    file.write_text(index_page([*rows(), median, partly]), encoding="utf-8")
    page = opened(browser, file, width)
    over = "[...document.querySelectorAll('.list :is(td, th)')].filter(one => one.scrollWidth > one.clientWidth + 1)"
    assert page.evaluate(f"{over}.map(one => one.textContent)") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@NEEDS_BROWSER
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_stands_in_the_way_of_a_reader(browser: Browser, long_list: Path, dark: bool) -> None:
    page = opened(browser, long_list, 1280, dark=dark)
    page.fill("#sought", "a7")
    expect(page.locator("#found")).to_have_js_property("value", "找到 4 份")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
