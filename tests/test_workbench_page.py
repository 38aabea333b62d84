"""The workbench as people see it: the file to send, opened in a browser that reaches nobody, driven and compared with pandas."""

import json
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import workbench_frames as example
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

import perfeval as pe
from perfeval.workbench import filters, sharing
from perfeval.workbench.packing import as_json

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
LARGE = (160, 42)
"""Offices and indicators an office-year: 20,160 rows over three years."""
ROWS, MONEY, SCORES = example.frames(LARGE[0], each=LARGE[1])
TRAP = "</script><img src=x onerror='window.caught=1'>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None and os.environ.get("PERFEVAL_REQUIRE_BROWSER"):
        pytest.fail("PERFEVAL_REQUIRE_BROWSER is set and there is no Chromium", pytrace=False)
    if CHROMIUM is None:
        pytest.skip("no Chromium installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@pytest.fixture(scope="module")
def noise() -> list[str]:
    """What pages ask of the network, and what they complain of."""
    return []


@pytest.fixture(scope="module")
def page(browser: Browser, noise: list[str], tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The file of 160 offices over three years, one row with markup in its texts."""
    folder = tmp_path_factory.mktemp("sent")
    rows = ROWS.copy()
    rows.loc[5, ["indicator", "reason"]] = TRAP
    rows.loc[5, ["common", "track"]] = ""
    opened = browser.new_context(
        viewport={"width": 1400, "height": 1200}, offline=True, accept_downloads=True
    ).new_page()
    opened.on("request", lambda asked: asked.url.startswith(("file:", "data:", "blob:")) or noise.append(asked.url))
    opened.on("console", lambda said: said.type in ("error", "warning") and noise.append(said.text))
    opened.on("pageerror", lambda error: noise.append(str(error)))
    opened.goto(pe.Workbench(rows, SCORES, outputs=folder).share(folder / "工作台.html").as_uri())
    opened.locator(".wb-count").wait_for()
    return opened


@pytest.fixture(autouse=True)
def afresh(page: Page) -> None:
    page.evaluate("workbench.open({})")


def count(page: Page) -> str:
    return page.locator(".wb-count").inner_text()


def test_all_rows_are_there_and_the_last_office_is_found_by_searching(page: Page) -> None:
    assert count(page) == "显示20,160行，共20,160行"
    page.get_by_label("全表查找").fill("示例160街道")
    expect(page.locator(".wb-count")).to_have_text("显示126行，共20,160行")
    page.locator(".wb-grid").evaluate("grid => grid.scrollTo(0, grid.scrollHeight)")
    page.locator('.wb-body [aria-rowindex="127"]').wait_for()
    assert page.locator('.wb-body [aria-rowindex="127"] .first').inner_text() == "示例160街道"


def test_the_last_row_of_all_can_be_scrolled_to(page: Page) -> None:
    page.locator(".wb-grid").evaluate("grid => grid.scrollTo(0, grid.scrollHeight)")
    last = page.locator('.wb-body [aria-rowindex="20161"]')
    last.wait_for()
    assert ROWS["name"].iloc[-1] in last.inner_text()
    assert page.locator(".wb-body .wb-line").count() < 60


def choices() -> list[dict[str, Any]]:
    draw = random.Random(7)  # noqa: S311  # the same choices each time
    pool = [
        ("status", "in", ["未完成", "无法判定"]), ("status", "in", ["凭申报完成"]), ("district", "in", ["示例2区"]), ("name", "contains", "07"),
        ("goal", "in", ["公共安全", "社区服务"]), ("attainment", "ge", 0.9), ("attainment", "le", 0.5), ("attainment", "empty", None), ("lost", "ge", 0.01),
        ("year", "in", [2022]), ("year", "ge", 2022), ("indicator", "lacks", "清运"), ("reason", "filled", None), ("goal_no", "eq", 3), ("category", "in", ["成本"]),
        ("subdistrict", "in", ["o003", "o150"]), ("target", "contains", "≥10"), ("indicator", "eq", "不存在的"),
    ]  # fmt: skip
    made = [draw.sample(pool, draw.randint(1, 3)) for _ in range(40)]
    return [
        {
            "filters": [dict(zip(("column", "op", "value"), one, strict=True)) for one in each],
            "search": draw.choice(["", "", "巡查", "区", "03"]),
            "sort": draw.choice([[], [{"column": "attainment", "down": True}], [{"column": "indicator", "down": False}, {"column": "year", "down": True}]]),
        }
        for each in made
    ]  # fmt: skip


def told(page: Page, choice: dict[str, Any]) -> dict[str, Any]:
    script = """choice => {
      workbench.open(choice);
      const { tally, units, offices, budget, executed, known, rate } = workbench.last;
      return { order: workbench.order, verdicts: tally.verdicts, unrated: tally.unrated, low: tally.low, high: tally.high,
               units, offices, budget, executed, known, rate, took: Number(workbench.element.dataset.milliseconds) };
    }"""
    return page.evaluate(script, choice)


def test_what_the_page_counts_and_sums_is_what_pandas_counts_and_sums(page: Page) -> None:
    rows = ROWS.copy()
    rows.loc[5, ["indicator", "reason"]] = TRAP
    keys = ["subdistrict", "year"]
    for choice in choices():
        chosen = filters.select(choice, rows)
        shown = told(page, choice)
        assert shown["order"] == list(chosen.index), choice
        assert page.evaluate("workbench.sentence") == filters.sentence(choice, rows)
        rated = chosen[chosen[keys].merge(SCORES[[*keys, "state"]], on=keys)["state"].eq("已复算").to_numpy()]
        counted = rated["status"].value_counts().reindex(example.VERDICTS, fill_value=0)
        assert shown["verdicts"] == counted.tolist(), choice
        assert shown["unrated"] == len(chosen) - len(rated)
        most = counted[["完成", "凭申报完成", "无法判定"]].sum()
        assert (shown["low"], shown["high"]) == (
            (counted["完成"] / len(rated), most / len(rated)) if len(rated) else (None, None)
        )
        units = SCORES.merge(chosen[keys].drop_duplicates(), on=keys)
        money = units.dropna(subset=["budget", "executed"])
        assert (shown["units"], shown["known"]) == (len(units), len(money))
        assert shown["offices"] == chosen["subdistrict"].nunique()
        assert shown["executed"] == pytest.approx(money["executed"].sum(), rel=1e-12)
        assert shown["rate"] == (
            pytest.approx(money["executed"].sum() / money["budget"].sum(), rel=1e-12) if len(money) else None
        )


def test_medians_and_ranges_beside_offices_are_pandas(page: Page) -> None:
    page.evaluate("workbench.set({ compare: ['o003', 'o004'] })")
    said = page.locator("[aria-label='街道对比'] [role=img]").first.get_attribute("aria-label")
    peers = SCORES.query("year == 2023 and district == '示例2区'")
    from perfeval.present import labels

    rates = peers["execution_rate"]
    own = peers.loc[peers["subdistrict"].eq("o003"), "execution_rate"].iloc[0]
    spread = f"{labels.percent(rates.min())}—{labels.percent(rates.max())}"
    assert (
        said
        == f"示例004街道 执行率{labels.percent(own)}；全区{rates.notna().sum()}个街道中位数{labels.percent(rates.median())}，{spread}"
    )


@pytest.mark.parametrize("ratio", [0, 1, 0.9487, 0.9997, 1.0003, 0.0002, 0.9485, 0.3335, 1.2345, 0.07])
def test_rates_are_rounded_as_everywhere_and_have_equal_decimals_in_a_column(page: Page, ratio: float) -> None:
    from perfeval.present import labels

    bench = "workbench.frame.written('attainment', ratio)"
    assert page.evaluate(f"ratio => {bench}", ratio) == f"{float(labels.percent(ratio).rstrip('%')):.1f}%"


def test_choosing_in_one_view_moves_all_others_and_there_is_a_way_back(page: Page) -> None:
    heat, crumbs = page.locator(".wb-scroll"), page.locator(".wb-path")
    heat.locator("[aria-label='示例2区']").click()
    assert count(page) == "显示10,080行，共20,160行"
    heat.locator("[aria-label='示例004街道']").click()
    assert count(page) == "显示126行，共20,160行"
    drawn = SCORES.query("subdistrict == 'o003' and state == '已复算'")["execution_rate"].count()
    assert f"{drawn}个街道年度（浅色为其余" in page.locator("[aria-label='执行率与完成率'] h2").inner_text()
    assert set(page.locator(".wb-body .first").all_inner_texts()) == {"示例004街道"}
    heat.locator("[role=gridcell][aria-label^='公共安全　示例004街道 2022年']").click()
    wanted = ROWS.query("subdistrict == 'o003' and goal == '公共安全' and year == 2022")
    assert count(page) == f"显示{len(wanted)}行，共20,160行"
    assert crumbs.inner_text().split() == ["全部", "示例2区", "示例004街道", "公共安全", "2022"]
    crumbs.get_by_text("示例004街道").click()
    assert count(page) == "显示126行，共20,160行"
    crumbs.get_by_text("全部").click()
    assert count(page) == "显示20,160行，共20,160行"


def test_a_point_chooses_its_office_and_year(page: Page) -> None:
    known = SCORES.query("subdistrict == 'o100'").dropna(subset=["execution_rate"]).query("state == '已复算'").iloc[0]
    page.locator(f".wb-point[aria-label^='{known['name']}{known['year']}年']").dispatch_event("click")
    assert count(page) == "显示42行，共20,160行"
    assert page.evaluate("workbench.sentence") == f"街道为{known['name']}；年度为{known['year']}"


def test_the_points_are_whole_beside_the_heat_map_in_a_narrow_column(page: Page) -> None:
    before = page.viewport_size
    assert before
    page.set_viewport_size({"width": 960, "height": 1200})
    try:
        plot, drawn = page.locator(".wb-plot").first.bounding_box(), page.locator(".wb-plot svg").first.bounding_box()
        assert plot
        assert drawn
        assert plot["x"] > 400  # it does stand beside the heat map
        assert drawn["width"] <= plot["width"] + 0.5
    finally:
        page.set_viewport_size(before)


def test_down_to_the_sentence_and_the_row_of_the_file_by_keyboard_alone(page: Page) -> None:
    page.get_by_label("全表查找").focus()
    page.keyboard.type("示例007街道")
    expect(page.locator(".wb-count")).to_have_text("显示126行，共20,160行")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "wb-grid":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator(".wb-grid:focus-visible .wb-active").count() == 1
    page.keyboard.press("Enter")
    row = ROWS.query("name == '示例007街道'").iloc[2]
    told = page.locator(".wb-detail").inner_text()
    assert page.evaluate("document.activeElement.className").endswith("wb-detail")
    assert row["derivation"] in told
    assert f"{row['file']} 第{row['row']}行" in told
    assert [
        text[:4] for text in page.locator(".wb-detail table").first.locator("tbody td:first-child").all_inner_texts()
    ] == ["2021", "2022", "2023"]


def test_the_heat_map_and_the_points_are_walked_by_keyboard(page: Page) -> None:
    page.locator(".wb-scroll").focus()
    for key in (*["ArrowLeft"] * 4, "Home", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    assert page.evaluate("workbench.sentence") == "区县为示例2区"
    page.keyboard.press("End")
    assert page.locator(".wb-scroll:focus-visible .wb-active").get_attribute("aria-label") == "示例160街道"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.evaluate("workbench.sentence") == "区县为示例2区；街道为示例160街道；年度为2021"
    page.evaluate("workbench.open({})")
    page.locator("[aria-label^='执行率与完成率'] .wb-plot").focus()
    page.keyboard.press("ArrowRight")
    told = page.locator(".wb-told").inner_text()
    page.keyboard.press("Enter")
    assert page.evaluate("workbench.order.length") == LARGE[1]
    name, year = page.evaluate("[workbench.one('subdistrict'), workbench.one('year')]")
    assert told.startswith(f"{SCORES.loc[SCORES['subdistrict'].eq(name), 'name'].iloc[0]}{year}年：执行率")


def test_a_condition_is_set_in_the_heading_by_keyboard(page: Page) -> None:
    page.get_by_role("button", name="筛选完成程度").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    page.keyboard.press("Tab")
    page.keyboard.type("90")
    page.keyboard.press("Enter")
    wanted = (ROWS["attainment"] >= 0.9).sum()
    assert count(page) == f"显示{wanted:,}行，共20,160行"
    assert page.get_by_role("button", name="筛选完成程度（已筛选）").evaluate(
        "button => button === document.activeElement"
    )
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.locator(".wb-popover").is_hidden()
    page.get_by_role("button", name="筛选完成程度（已筛选）").click()
    page.locator(".wb-popover input").fill("很高")
    page.get_by_role("button", name="应用").click()
    assert "请填一个数" in page.locator(".wb-popover").inner_text()
    page.keyboard.press("Escape")


def test_a_heading_sorts_and_tells_so(page: Page) -> None:
    heading = page.get_by_role("columnheader", name="失分")
    page.get_by_role("button", name="按失分排序").click()
    page.get_by_role("button", name="按失分排序").click()
    assert page.locator("[role=columnheader][aria-sort=descending]").count() == 1
    assert heading.count() == 1
    assert page.evaluate("workbench.frame.value('lost', workbench.order[0])") == ROWS["lost"].max()


def test_a_broken_definition_is_a_row_and_a_break_of_its_own(page: Page) -> None:
    row = int(ROWS.query("subdistrict == 'o001' and year == 2022 and track == 'o001-5b'").index[0])
    page.evaluate("row => workbench.pick(row)", row)
    assert "口径变更" in page.locator(".wb-detail figure").inner_html()
    assert "（口径不同）" in page.locator(".wb-detail table").first.inner_text()


def test_data_never_become_markup(page: Page) -> None:
    page.evaluate("workbench.pick(5)")
    assert TRAP in page.locator(".wb-detail h2").inner_text()
    assert page.locator(".wb-detail").get_by_text("null").count() == 0  # an indicator that no other office has
    assert page.locator("img").count() == 0
    assert page.evaluate("window.caught") is None


def test_csv_and_charts_are_taken_away(page: Page, tmp_path: Path) -> None:
    page.evaluate("workbench.open({ filters: [{ column: 'subdistrict', op: 'in', value: ['o003'] }] })")
    with page.expect_download() as waited:
        page.get_by_role("button", name="CSV").click()
    waited.value.save_as(tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(tmp_path / "a.csv", skiprows=6)
    assert len(frame) == 126
    assert set(frame["街道"]) == {"示例004街道"}
    head = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[:6]
    assert head[0].startswith("示例数据")
    assert head[4:6] == ["筛选：街道为示例004街道", '"行数：126，共20160"'] or head[4:6] == [
        "筛选：街道为示例004街道",
        "行数：126，共20160",
    ]
    for button, name, start in (("热力图存为SVG", "a.svg", b"<svg"), ("执行与完成存为PNG", "a.png", b"\x89PNG")):
        with page.expect_download() as waited:
            page.get_by_role("button", name=button).click()
        waited.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)
    svg = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "示例004街道" in svg
    assert "示例数据" in svg
    assert "计分规则" in svg
    assert "var(" not in svg


def test_a_picture_too_large_to_be_read_is_not_made(page: Page) -> None:
    page.evaluate(
        "workbench.set({ level: 'track', filters: [{ column: 'subdistrict', op: 'in', value: [...workbench.ids.keys()].slice(0, 25) }] })"
    )
    page.get_by_role("button", name="热力图存为PNG").click()
    page.locator(".wb-answer", has_text="热力图").wait_for()
    assert page.locator(".wb-answer").inner_text() == "“热力图”太大，存成PNG看不清：请先筛选，或存为SVG"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.evaluate(
        "workbench.open({ filters: [{ column: 'subdistrict', op: 'in', value: ['o003'] }] }); workbench.pick(workbench.order[0])"
    )
    found = Axe().run(page)
    page.emulate_media(color_scheme="light")
    assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]] == []


SILENT = """
const held = { query: "", views: [], choice: {}, data: new TextEncoder().encode(DATA) }, hears = {};
const model = {
  get: (name) => held[name], set: (name, value) => { held[name] = value; }, save_changes() {}, send() {},
  on: (name, call) => { hears[name] = call; }, off() {},
};
window.answer = (message) => hears["msg:custom"](message);
render({ model, el: document.body });
"""


def test_a_kernel_that_does_not_answer_is_told(browser: Browser, tmp_path: Path) -> None:
    bench = pe.Workbench(ROWS.head(20), SCORES.head(2), outputs=tmp_path)
    opened = browser.new_page()
    opened.clock.install()
    opened.set_content("<body></body>")
    script = SILENT.replace("DATA", json.dumps(as_json(bench.payload())))
    opened.add_script_tag(content=f"(() => {{ {sharing.script()}\n{script} }})()")
    opened.get_by_role("button", name="存为xlsx").click()
    assert opened.locator(".wb-answer").inner_text() == "…"
    opened.clock.fast_forward(6000)
    expect(opened.locator(".wb-answer")).to_have_text("内核还没有答复：正忙的请等一等；重启过的，请重新运行这一格。")
    opened.get_by_role("button", name="存为CSV").click()
    opened.evaluate("answer({ text: '已写入', wrong: false })")
    opened.clock.fast_forward(6000)
    expect(opened.locator(".wb-answer")).to_have_text("已写入")
    opened.close()


@pytest.mark.usefixtures("page")
def test_nothing_was_asked_of_the_network_and_nothing_complained(noise: list[str]) -> None:
    assert json.dumps(noise) == "[]"
