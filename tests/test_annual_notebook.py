"""The annual report cell by cell: what each shows on full, empty and hostile data, that its sums are checked, and that
what an analyst changes is what is shown."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import example
import findings_office
import notebook_cells
import pandas as pd
import pytest
import stress

import perfeval as pe
from perfeval.analysis.completion import completion
from perfeval.model.results import FINDING_COLUMNS, Evaluation
from perfeval.present import style

VOID = {"br", "img", "meta", "path", "use", "rect"}
EVALUATIONS: dict[str, Callable[[], Evaluation]] = {
    "full": example.evaluation,
    "empty": example.empty,
    "hostile": example.hostile,
    "reviewed": lambda: findings_office.office({"消防安全培训场次": {"reviewed_score": "8"}}),
}
every_evaluation = pytest.mark.parametrize("result", EVALUATIONS.values(), ids=EVALUATIONS)
every_notebook = pytest.mark.parametrize("notebook", ["annual", "review"])


@pytest.fixture(autouse=True)
def report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces without the style sheet, as a report's page has them."""
    monkeypatch.setenv(style.REPORT, "1")


class Strict(HTMLParser):
    """Reads HTML strictly: every tag closed in order; gathers tags and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


# ---- any data


@every_evaluation
@every_notebook
def test_every_cell_shows_something_proper_on_any_data(notebook: str, result: Callable[[], Evaluation]) -> None:
    ran = notebook_cells.run(notebook, result())
    page = Strict(ran.page)
    assert not page.tags & {"script", "img", "iframe", "form"}
    assert not [name for name in page.attributes if name.startswith("on") or name == "src"]
    assert not re.findall(r"\bnan\b|\bNone\b|<NA>|\bNaT\b|\binf\b", page.text)
    assert repr(ran.shown["header"]).endswith({"annual": "自评报告", "review": "复核底稿"}[notebook])


@every_notebook
def test_the_same_data_gives_the_same_page(notebook: str) -> None:
    first, second = (notebook_cells.run(notebook, example.evaluation()).page for _ in range(2))
    assert first == second


@every_notebook
def test_a_hostile_name_stays_text(notebook: str) -> None:
    page = Strict(notebook_cells.run(notebook, example.hostile()).page)
    assert page.text.count("alert('x')") > 20


# ---- our own arithmetic is checked, the document's is not


@every_evaluation
@every_notebook
def test_sums_that_agree_stop_nothing(notebook: str, result: Callable[[], Evaluation]) -> None:
    assert notebook_cells.run(notebook, result(), only=("check",)).shown["check"] is None


@pytest.mark.parametrize(
    ("notebook", "frame", "column", "said"),
    [
        ("annual", "scores", "score", "各项得分与执行、其他得分之和与复算得分差-0.4963"),
        ("annual", "scores", "met", "五种结论的项数之和与指标数差+0.5000；完成的行数与完成数差-0.5000"),
        ("annual", "scores", "execution_rate", "执行数÷预算数与执行率差-0.5000"),
        ("annual", "parts", "points", "从满分逐步减去失分与复算得分差+"),
        ("review", "again", "score", "复算各行之和与复算总分差"),
        ("review", "scores", "p1", "各级问题数之和与问题数差+0.5000"),
    ],
)
def test_a_sum_of_ours_that_differs_stops_the_report_and_says_which(
    notebook: str, frame: str, column: str, said: str
) -> None:
    result = findings_office.office()
    names = notebook_cells.run(notebook, result, only=("check",)).names
    wrong = names[frame].astype({column: "float64"})
    wrong[column] += 0.5
    changed = {frame: wrong, "one": names["one"] if frame != "scores" else wrong.iloc[0]}
    with pytest.raises(AssertionError) as caught:
        notebook_cells.run(notebook, result, only=("check",), **changed)
    assert said in str(caught.value)


def test_a_finding_of_a_row_that_is_not_there_stops_the_paper() -> None:
    result = findings_office.office({"消防隐患整治率": {"reason": ""}})
    lost = pe.findings(result).assign(row=pd.array([999] * len(result.findings), "Int64"))
    with pytest.raises(AssertionError, match="所指的行不存在的问题数与0差"):
        notebook_cells.run("review", result, only=("check",), findings=lost)


def test_a_printed_sum_that_is_wrong_is_a_finding_and_stops_nothing() -> None:
    wrong = findings_office.office({"消防安全培训场次": {"declared_score": "3"}})
    assert {"P02", "P03"} & set(wrong.findings["code"])
    notebook_cells.run("annual", wrong, only=("check",))


# ---- what is said


def test_the_answer_stands_first_then_four_figures_in_the_colour_of_their_meaning() -> None:
    ran = notebook_cells.run("annual", example.evaluation(), only=("conclusion", "cards", "missed"))
    assert list(ran.shown) == ["load", "conclusion", "cards", "missed"]
    assert '<strong class="miss">未完成2项（背街小巷整治、隐患整改率）' in ran.html("conclusion")
    assert repr(ran.shown["cards"]).splitlines() == [
        "复算得分：81.04（自评81.0分，复算等级良）",
        "预算执行率：95.2%（1,190.00 / 1,250.00 万元）",
        "完成：3 / 8（部分完成1项、未完成2项、凭申报完成1项、无法判定1项）",
        "须补证据：2项（凭申报完成1项、无法判定1项）",
    ]
    tones = re.findall(r"<dd(?: class=\"(\w+)\")?>", ran.html("cards"))
    assert tones == ["", "", "bad", "doubt"], "95.2 % is no shortfall; what was missed is red, what is unknown amber"
    assert re.findall(r"<h4>.*?</i> (.*?) <small>", ran.html("missed")) == [
        "背街小巷整治", "隐患整改率", "政务公开",
    ], "what was missed before what was met in part"  # fmt: skip


def test_a_target_read_from_the_name_is_shown_as_read() -> None:
    ran = notebook_cells.run("annual", example.evaluation(), only=("missed", "verdicts", "unmet", "appendix"))
    for cell in ("missed", "unmet", "appendix"):
        assert "95%（见指标名称）" in ran.html(cell), cell


def test_rates_below_the_line_are_red() -> None:
    low = replace(example.execution(), rate=0.85, executed=1062.5)
    ran = notebook_cells.run("annual", example.evaluation(execution=low), only=("cards",))
    assert '<dd class="bad">85%' in ran.html("cards")


def test_only_what_must_be_looked_into_first_is_in_the_answer() -> None:
    rows = [
        (code, level, "题", "处", "事", "改", 0.9, "高", 1, 2, (2,)) for code, level in (("A09", "P0"), ("T01", "P1"))
    ]
    found = pd.DataFrame(rows, columns=list(FINDING_COLUMNS))
    both = notebook_cells.run("annual", example.evaluation(findings=found), only=("conclusion",))
    assert '<strong class="miss">有1处须核实</strong>' in both.html("conclusion")
    less = notebook_cells.run("annual", example.evaluation(findings=found.iloc[1:]), only=("conclusion",))
    assert "须核实" not in less.html("conclusion")


def test_every_indicator_is_in_the_grid_the_table_and_the_appendix() -> None:
    result = findings_office.office()
    ran = notebook_cells.run("annual", result)
    assert ran.html("overview").count('role="img"') == len(result.indicators)
    for cell in ("goals", "appendix"):
        assert [name for name in result.indicators["indicator"] if name not in ran.html(cell)] == []


def test_far_above_the_target_means_more_of_what_should_be_more() -> None:
    changes = {"消防安全培训场次": {"actual": "40场"}, "居民办事平均等候时间": {"actual": "5分钟"}}
    said = repr(notebook_cells.run("annual", findings_office.office(changes), only=("over",)).shown["over"])
    assert said.startswith("完成程度达到130%的共一项，其中一项没有写原因。")
    assert "消防安全培训场次" in said
    assert "等候时间" not in said, "a third of the waiting time is no excess"
    none = repr(notebook_cells.run("annual", findings_office.office(), only=("over",)).shown["over"])
    assert none == "能算出完成程度的8项越多越好的指标中，没有达到130%的。"


def test_rule_sets_that_agree_are_told_in_a_table_and_not_drawn() -> None:
    base = example.evaluation()
    assert "<figure" in notebook_cells.run("annual", base, only=("rulesets",)).html("rulesets")
    near = base.alternatives.assign(declared=[81.02, 81.04, 81.03])
    shown = notebook_cells.run("annual", replace(base, alternatives=near), only=("rulesets",)).html("rulesets")
    assert "<figure" not in shown
    assert "81.02" in shown


def test_goals_are_drawn_worst_first_and_never_more_than_twelve() -> None:
    one = example.indicators().iloc[[3]]
    many = pd.concat([one.assign(goal_no=n, goal=f"第{n}项", row=n) for n in range(1, 21)], ignore_index=True)
    result = example.evaluation(indicators=many, completion=completion(many))
    shown = notebook_cells.run("annual", result, only=("verdicts",)).html("verdicts")
    assert "20个目标中，0个指标全部完成；画出前12个" in shown
    assert len(re.findall(r">目标\d+ 第\d+项<", shown)) == 12


# ---- what is long is capped, with a link to all of it

LINK = re.compile(r'<a href="#([^"]+)">')


def test_of_many_missed_five_are_shown_and_the_rest_is_a_link_to_a_heading_of_the_page() -> None:
    ran = notebook_cells.run("annual", stress.evaluation("many"))
    assert ran.html("missed").count('<section class="card') == 5
    assert "另有19项，见" in ran.html("missed")
    headings = {line.lstrip("# ").replace(" ", "-") for line in notebook_cells.headings("annual")}
    links = [unquote(target) for cell in ran.shown for target in LINK.findall(ran.html(cell))]
    assert len(links) >= 4
    assert set(links) <= headings
    assert '<td class="n">12</td>' in ran.html("unmet"), "reasons that are alike stand together, counted"
    assert "逐项见" in ran.html("goals"), "120 rows are not told twice"
    assert ran.html("appendix").count('<tr class="why">') == 120


def test_of_more_decisions_than_three_the_rest_is_folded() -> None:
    more = pe.office_decisions(stress.evaluation("repeated"))
    every = pd.concat([more, more.assign(matter="再一项")])
    shown = pe.show.decisions(every, most=3).text
    assert shown.count("<li>") == 2 * len(more)
    assert f"<summary>另有{2 * len(more) - 3}项</summary>" in shown


CODES = re.compile(r"\b[A-Z]\d{1,2}\b|\.csv|口径|sha256|perfeval|需要核实|能判定完成|nan|None")


@pytest.mark.parametrize("name", stress.OFFICES)
def test_codes_files_and_terms_stand_in_the_appendices_only(name: str) -> None:
    ran = notebook_cells.run("annual", stress.evaluation(name))
    body = [cell for cell in ran.shown if cell not in notebook_cells.below("annual", "part-appendix")]
    said = Strict("".join(map(ran.html, body))).text
    assert "结论" in "".join(notebook_cells.headings("annual"))
    assert not CODES.findall(said)
    for shown in stress.OFFICES[name].shown:
        assert shown in said


# ---- an analyst changes a cell


def changed(source: str, result: Evaluation, after: str) -> object:
    """What a cell of the annual report shows when an analyst writes another one after it."""
    ran = notebook_cells.run("annual", result)
    assert after in ran.shown
    return eval(source, ran.names)  # noqa: S307  # the analyst's line


def test_an_analyst_sorts_filters_and_draws_without_opening_the_library() -> None:
    result = findings_office.office()
    by_name = changed('show.table(rows.sort_values("indicator"), ["indicator", "status"])', result, "goals")
    assert repr(by_name).splitlines()[1].startswith("便民事项按期办结率")
    near = changed('show.missed(rows[rows["attainment"] < 1.0])', result, "missed")
    assert "消防隐患整治率" in repr(near)
    chart = changed(
        'plot.bars(rows.nlargest(3, "lost"), "indicator", "lost", title="失分最多的三项")', result, "scores"
    )
    assert "失分最多的三项" in chart._repr_mimebundle_()[0]["text/html"]
