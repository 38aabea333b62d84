"""Tables → Word report → import → the tables on file: nothing changes, and what a person changes in Word is shown."""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import docx
import findings_office
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import perfeval as pe
from perfeval.deliver.officialword import write_report
from perfeval.ingest import importing
from perfeval.ingest.checks import typed
from perfeval.ingest.document import Document
from perfeval.ingest.wordreport import FAMILY, read_issue, read_stage, read_survey
from perfeval.ingest.writing import narrative_bytes, table_bytes
from perfeval.model import reportform as form
from perfeval.model.data import Data
from perfeval.model.folding import legible
from perfeval.model.schema import BUDGET, CATEGORIES, DIRECTIONS, INDICATORS, Issue, Narrative, Stage, Survey, Table

OFFICE = "示例街道办事处"
WORDS = Narrative(
    title="示例街道2022年度自评",
    declared_score=Decimal("96.50"),
    declared_grade="优",
    basis="《关于开展自评的通知》（示财〔2023〕8号）",
    summary=("新建口袋公园3个", "办理12345热线1,024件"),
    key_tasks=tuple(f"第{number}项任务" for number in range(1, 53)),
    problems=(
        Issue("指标过多", "每个项目都设"),
        Issue("没有原因的问题"),
        Issue("1．以数字开头的问题", "（1）以数字开头的原因"),
    ),
    measures=("精减指标",),
    budget_linkage=("压减低效项目",),
    stages=(
        Stage("准备（一）", "2022-12-28", "2023-01-05", ("成立小组", "制定方案（初稿）：讨论")),
        Stage("实施", "2023-03-01", "2023-03-01"),
        Stage("核对", "2023-03-02", ""),
        Stage("提交", "", "2023-03-31", ("提交报告",)),
        Stage("归档"),
    ),
    organisation=("成立自评工作小组", "指定联系人；分工到科室"),
    surveys=(
        Survey("居民满意度", 200, 176, "2022-11-08", "入户"),
        Survey("办事群众满意度"),
        Survey("商户满意度", None, None, "2022-12-01"),
    ),
    last_year=("调整了两个项目的指标",),
    other_evidence=("签到册在案备查",),
    sources=("年度自评表", "财政系统导出的支出明细"),
)


def table(records: list[dict[str, str]], schema: Table) -> pd.DataFrame:
    """Texts by column as a typed table."""
    text = pd.DataFrame(records, columns=schema.names, dtype="str").fillna("")
    text.index = pd.Index(range(2, len(text) + 2), name="row")
    return typed(text, schema, "")[0]


def on_file(data: Path, budget: pd.DataFrame, indicators: pd.DataFrame, words: Narrative) -> Data:
    """The tables as a data folder holds them, loaded."""
    folder = data / "example/2022"
    folder.mkdir(parents=True)
    (data / "subdistricts.csv").write_text(f"id,name\nexample,{OFFICE}\n", encoding="utf-8")
    (folder / "budget.csv").write_bytes(table_bytes(budget, BUDGET))
    (folder / "indicators.csv").write_bytes(table_bytes(indicators, INDICATORS))
    (folder / "narrative.toml").write_bytes(narrative_bytes(words))
    return pe.load(data, subdistrict="example", years=2022)


def came_back(report: Path, before: Data, subdistrict: str) -> None:
    """Import the report into an empty folder; every column of both tables and every word is what it was."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        found = importing.import_files([report], subdistrict=subdistrict, data_dir=data)
        assert [str(problem) for one in found for problem in one.problems if problem.severity != "提示"] == []
        assert [one.family for one in found] == [FAMILY]
        (outcome,) = importing.write(found, data)
        assert outcome.status == importing.WRITTEN, outcome.problems
        after = pe.load(data, subdistrict=subdistrict, years=2022)
    for name in ("budget", "indicators"):  # the file's name alone differs: it is another folder
        old, new = (getattr(one, name).drop(columns="file") for one in (before, after))
        pd.testing.assert_frame_equal(new, old)
    assert after.narratives == before.narratives


def test_ronghua_comes_back_whole(root: Path, fresh: Path) -> None:
    came_back(fresh, pe.load(root / "data", subdistrict="ronghua", years=2022), "ronghua")
    found = importing.import_files([fresh], data_dir=root / "data")
    (outcome,) = importing.write(found, root / "data", dry_run=True)
    assert (outcome.status, len(outcome.differences)) == (importing.SAME, 0)


NASTY = "=1+1\n甲\t<b>&乙</b>“丙”\\n  两个空格 ${x}  𠮷 —— 目标3"


def test_a_synthetic_office_comes_back_whole(tmp_path: Path) -> None:
    rows = [dict(zip(findings_office.HEAD, row, strict=True)) for row in findings_office.ROWS]
    rows[0] |= dict.fromkeys(("reason", "measure", "evidence", "narrative", "source", "review_note"), NASTY)
    rows[1] |= {"goal": NASTY, "unit": "%", "direction": "反向", "reviewed_actual": "97%", "reviewed_score": "9.90"}
    rows[2] |= {"goal_no": "", "goal": "", "declared_met": "圆满完成", "subcategory": "目标"}
    rows[3] |= {"goal_no": "3", "goal": "", "actual": "很长" * 2000}
    rows[4] |= {"actual": "—", "target": "无", "indicator": "12"}
    money = [
        {"item": "基本支出", "opening": "0.00", "executed": "1234567.891234", "weight": "10", "declared_score": "9.50"},
        {"item": "=SUM(A1)", "goal_no": "2", "adjusted": "-3.5", "executed": "0.07"},
        {"item": "没有金额"},
    ]
    before = on_file(tmp_path / "data", table(money, BUDGET), table(rows, INDICATORS), WORDS)
    report = write_report(tmp_path / "annual.docx", pe.evaluate(before))
    came_back(report, before, "example")


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn", "Cf"), max_codepoint=0x9FFF), max_size=12
).map(lambda text: legible(text).strip())
NUMBERS = st.decimals(min_value=0, max_value=99999, places=2).map(lambda number: f"{number:f}")
ROW = st.fixed_dictionaries(
    {
        "goal_no": st.sampled_from(["", "1", "2", "17"]),
        "goal": st.text('甲乙街道经费12<>&"$= ', max_size=8).map(str.strip),  # charts show it
        "category": st.sampled_from(CATEGORIES),
        "target": TEXT,
        "actual": TEXT,
        "direction": st.sampled_from(["", *DIRECTIONS]),
        "weight": st.one_of(st.just(""), NUMBERS),
        "declared_met": st.sampled_from(["", "完成", "未完成年初目标"]),
        "reason": TEXT,
        "source": TEXT,
    }
)


@given(st.lists(ROW, min_size=1, max_size=5), st.lists(NUMBERS, min_size=1, max_size=4))
@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.reuse, Phase.generate])
def test_whatever_the_tables_hold_comes_back(rows: list[dict[str, str]], amounts: list[str]) -> None:
    named = [row | {"indicator": f"指标{number}"} for number, row in enumerate(rows)]
    money = [{"item": f"项目{number}", "executed": amount} for number, amount in enumerate(amounts)]
    with tempfile.TemporaryDirectory() as folder:
        before = on_file(Path(folder) / "data", table(money, BUDGET), table(named, INDICATORS), Narrative())
        report = write_report(Path(folder) / "annual.docx", pe.evaluate(before))
        came_back(report, before, "example")


# ---- what a person changes in Word


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, ronghua: pe.Evaluation) -> Path:
    return write_report(tmp_path_factory.mktemp("word") / "annual.docx", ronghua)


@pytest.fixture
def edited(tmp_path: Path, fresh: Path) -> Callable[[Callable[..., None]], Path]:
    """The report of the source office after a change."""

    def change(how: Callable[..., None]) -> Path:
        path = tmp_path / "annual.docx"
        document = docx.Document(str(fresh))
        how(document)
        document.save(str(path))
        return path

    return change


def row_of(document, caption: str, first: str):
    """The row of the table under a caption that begins with a text."""
    place = form.TABLES.index(caption)
    return next(row for row in document.tables[place].rows if row.cells[0].text == first)


def paragraph(document, start: str):
    return next(one for one in document.paragraphs if one.text.startswith(start))


def changed(path: Path, root: Path) -> list[tuple[str, ...]]:
    found = importing.import_files([path], data_dir=root / "data")
    return [tuple(row) for row in importing.differences(found, root / "data").itertuples(index=False)]


def test_a_corrected_actual_and_score_are_shown_and_nothing_else(edited, root: Path, command) -> None:
    def correct(document) -> None:
        row = row_of(document, form.INDICATOR_TABLE, "16")
        assert (row.cells[2].text, row.cells[4].text) == ("信访积案化解率", "30%")
        row.cells[4].text = "35%"
        line = paragraph(document, "“2022年度武汉市硚口区人民政府荣华街道办事处部门整体”")
        line.text = line.text.replace("98分", "97.5分")

    path = edited(correct)
    assert changed(path, root) == [
        ("indicators.csv", "4｜基层公共安全经费｜产出｜信访积案化解率", "actual", "30%", "35%"),
        ("narrative.toml", "declared_score", "", "98", "97.5"),
    ]
    done = command("import", str(path), "--dry-run")
    assert done.code == 0
    assert ("30%" in done.out, "35%" in done.out, "97.5" in done.out) == (True, True, True)
    refused = importing.write(importing.import_files([path], data_dir=root / "data"), root / "data")
    assert [outcome.status for outcome in refused] == [importing.REFUSED]


def test_words_are_read_from_their_sections(edited, root: Path) -> None:
    def rewrite(document) -> None:
        paragraph(document, "2．消防隐患有2处未完成整改").text = "2．消防隐患有1处未完成整改。原因：等待施工。"
        paragraph(document, "（4）信访积案涉及").insert_paragraph_before("新增的措施")
        paragraph(document, "无。").text = "满意度问卷汇总表。"
        line = paragraph(document, "成立绩效自评工作小组；")
        line.text = line.text.replace("确定自评流程", "确定流程")
        paragraph(document, "根据《").text = "根据《新的通知》要求，开展部门整体绩效自评工作。"

    shown = changed(edited(rewrite), root)
    old = "1处因2022年未纳入老旧改造工程，后期须单独整改；1处因居民与业委会的矛盾纠纷延期整改"
    assert (
        "narrative.toml",
        "problems[2]",
        "",
        f"消防隐患有2处未完成整改｜{old}",
        "消防隐患有1处未完成整改｜等待施工",
    ) in shown
    assert [row[1:] for row in shown if row[1].startswith("measures")] == [
        ("measures[4]", "", "信访积案涉及资金缺口过大，开展思想教育和调解", "新增的措施"),
        ("measures[5]", "", "消防隐患整改：加快实施进度", "信访积案涉及资金缺口过大，开展思想教育和调解"),
        ("measures[6]", "", "（无）", "消防隐患整改：加快实施进度"),
    ]
    others = ("other_evidence", "organisation", "basis")
    assert [row[4] for row in shown if row[1].startswith(others)] == [
        "《新的通知》",
        "确定流程，制定工作方案",
        "满意度问卷汇总表",
    ]


def test_sentences_that_follow_from_the_tables_are_not_read_but_named(edited, root: Path) -> None:
    def meddle(document) -> None:
        paragraph(document, "2022年度部门整体支出").text = "2022年度部门整体支出执行率为1%。"
        line = paragraph(document, "④信访积案化解率")
        line.text = line.text.replace("年初目标值：100%", "年初目标值：99%")
        row_of(document, form.BUDGET_TABLE, "项目支出").cells[-1].text = "9%"

    path = edited(meddle)
    assert changed(path, root) == []
    (document,) = importing.import_files([path], data_dir=root / "data")
    told = [(problem.code, problem.value) for problem in document.problems]
    assert told == [("W730", "2022年度部门整体支出执行率为1%。"), ("W731", "99%"), ("N705", "")]


@pytest.mark.parametrize(
    ("start", "old", "new", "column", "value"),
    [
        ("④信访积案化解率", "信访积案化解率为30%", "化解10件中的3件", "narrative", "化解10件中的3件"),
        ("②网格案结率", "网格案结率100%，完成年初目标。", "当年已结案件512件，全部办结，完成年初目标。", "narrative", "当年已结案件512件，全部办结"),
        ("②网格案结率", "完成年初目标。", "完成年初目标。佐证材料：网格台账。", "evidence", "网格台账"),
        ("①城市新增就业人数", "城市新增就业人数，完成", "城市新增就业1,200人，完成", "narrative", "城市新增就业1,200人"),
    ],
)  # fmt: skip
def test_a_sentence_on_an_indicator_that_was_edited_is_taken(
    edited, root: Path, start: str, old: str, new: str, column: str, value: str
) -> None:
    def rewrite(document) -> None:
        line = paragraph(document, start)
        assert old in line.text
        line.text = line.text.replace(old, new)

    path = edited(rewrite)
    shown = changed(path, root)
    assert [(row[2], row[4]) for row in shown] == [(column, value)]
    (document,) = importing.import_files([path], data_dir=root / "data")
    assert [problem.code for problem in document.problems] == ["N730", "N705"]


def test_a_narrative_beside_its_value_is_taken_without_it(tmp_path: Path) -> None:
    rows = [
        {
            "goal_no": no,
            "category": "产出",
            "indicator": "清运次数",
            "target": "10次",
            "actual": actual,
            "narrative": said,
        }
        for no, actual, said in (("1", "12次", "每月一次"), ("2", "12次", ""), ("3", "", ""))
    ]
    money = table([{"item": "合计", "adjusted": "1", "executed": "1"}], BUDGET)
    before = on_file(tmp_path / "data", money, table(rows, INDICATORS), Narrative())
    report = write_report(tmp_path / "annual.docx", pe.evaluate(before))
    document = docx.Document(str(report))
    for old, new in (
        ("实际完成值：12次。每月一次", "实际完成值：12次。每月至少一次"),
        ("实际完成值：12次，完成", "全年清运十二次，完成"),
        ("【请填写：实际完成情况，是否完成年初目标】", "尚未开始"),
    ):
        line = next(
            one for one in document.paragraphs if old in one.text and form.WANTED in one.text and "原因" not in one.text
        )
        line.text = line.text.replace(old, new)
    document.save(str(report))
    (found,) = importing.import_files([report], data_dir=tmp_path / "data")
    assert list(found.indicators["narrative"]) == ["每月至少一次", "全年清运十二次", "尚未开始"]
    assert list(found.indicators["actual"]) == ["12次", "12次", ""]


def test_a_copy_that_lost_what_no_page_shows_is_read_from_its_pages(tmp_path: Path, fresh: Path, root: Path) -> None:
    with zipfile.ZipFile(fresh) as whole, zipfile.ZipFile(tmp_path / "b.docx", "w") as bare:
        for name in whole.namelist():
            if name != "customXml/item9.xml":
                bare.writestr(name, whole.read(name))
    (found,) = importing.import_files([tmp_path / "b.docx"], data_dir=root / "data")
    assert (found.family, found.year, found.subdistrict) == (FAMILY, 2022, "ronghua")
    assert [one.code for one in found.problems] == ["W732", "N705"]
    lost = changed(tmp_path / "b.docx", root)
    assert {row[2] for row in lost if row[0] == "indicators.csv"} == {"narrative", "source"}
    narratives = [row[3:] for row in lost if row[2] == "narrative"]
    assert narratives == [("城市新增就业人数完成年初目标值。", "城市新增就业人数")]
    assert [row[1] for row in lost if row[0] == "narrative.toml"] == []


def test_an_untouched_report_names_nothing(edited, root: Path) -> None:
    (document,) = importing.import_files([edited(lambda _: None)], data_dir=root / "data")
    assert [problem.code for problem in document.problems] == ["N705"]
    account = document.account
    assert account.cells == account.used + account.named + len(account.left)
    assert min(account.used, account.named) > 0


@pytest.fixture(scope="module")
def unreasoned(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A folder with the data of an office that gives no reasons, and its report ``a.docx``."""
    folder = tmp_path_factory.mktemp("unreasoned")
    shutil.copytree(root / "data", folder / "data")
    table = folder / "data" / "ronghua" / "2022" / "indicators.csv"
    frame = pd.read_csv(table, dtype="str", keep_default_na=False)
    frame[["reason", "measure"]] = ""
    frame.to_csv(table, index=False)
    write_report(folder / "a.docx", pe.evaluate(pe.load(folder / "data"), subdistrict="ronghua", year=2022))
    return folder


def test_a_reason_written_into_the_text_is_taken(tmp_path: Path, unreasoned: Path) -> None:
    path = tmp_path / "a.docx"
    document = docx.Document(str(unreasoned / "a.docx"))
    lines = [one for one in document.paragraphs if f"{form.CAUSE}{form.NO_CAUSE}" in one.text]
    assert len(lines) == 2, "an unmet row without a reason offers a place for it"
    lines[0].text = lines[0].text.replace(f"{form.CAUSE}{form.NO_CAUSE}", f"{form.CAUSE}汛期停工；材料涨价")
    lines[1].text = (
        lines[1].text.replace("实际", "真的").replace(f"{form.REMEDY}{form.NO_REMEDY}", f"{form.REMEDY}逐户走访")
    )
    paragraph(document, "2．完成的绩效目标").insert_paragraph_before("补写的一句话。")
    document.add_paragraph("末尾补写的一句话。")
    document.save(str(path))
    (found,) = importing.import_files([path], data_dir=unreasoned / "data")
    rows = found.indicators
    assert [text for text in rows["reason"] if text] == ["汛期停工；材料涨价"]
    assert [text for text in rows["measure"] if text] == ["逐户走访"]
    codes = [one.code for one in found.problems]
    assert codes.count("N730") == 2
    assert [one.value[:6] for one in found.problems if one.code == "W730"] == [
        "补写的一句话",
        lines[1].text[:6],
        "末尾补写的一",
    ]


def test_a_reason_in_the_text_that_is_not_the_table_s_is_named(edited, root: Path) -> None:
    def meddle(document) -> None:
        line = next(one for one in document.paragraphs if form.CAUSE in one.text and form.REMEDY in one.text)
        before, _, after = line.text.partition(form.CAUSE)
        line.text = f"{before}{form.CAUSE}另一个原因。{form.REMEDY}{after.partition(form.REMEDY)[2]}"

    (document,) = importing.import_files([edited(meddle)], data_dir=root / "data")
    assert [one.value for one in document.problems if one.code == "W731"] == ["另一个原因"]


def test_a_note_mark_beside_a_value_is_left_out_and_named_at_its_cell(edited, root: Path) -> None:
    def meddle(document) -> None:
        run = row_of(document, form.INDICATOR_TABLE, "16").cells[4].paragraphs[0].add_run("1")
        run.font.superscript = True

    path = edited(meddle)
    assert changed(path, root) == []
    (document,) = importing.import_files([path], data_dir=root / "data")
    (found,) = [problem for problem in document.problems if problem.code == "W610"]
    assert (found.column, found.sheet[:1], found.row is not None) == ("E", "表", True)
    assert "“1”" in found.message


def test_a_row_put_in_by_hand_is_a_new_indicator_of_its_goal(edited, root: Path) -> None:
    def add(document) -> None:
        row = row_of(document, form.INDICATOR_TABLE, "16")
        copy = docx.table._Row(row._tr.__deepcopy__({}), row._parent)
        row._tr.addnext(copy._tr)
        for cell, text in zip(copy.cells[:5], ("", "产出", "新指标", "10次", "12次"), strict=True):
            cell.text = text

    shown = changed(edited(add), root)
    assert ("indicators.csv", "4｜基层公共安全经费｜产出｜新指标", "", "（无）", "有这一行") in shown
    assert len([row for row in shown if row[0] == "indicators.csv" and row[1]]) == 1


def problems_of(path: Path, root: Path) -> dict[str, str]:
    (document,) = importing.import_files([path], data_dir=root / "data")
    assert document.family == FAMILY
    return {problem.code: str(problem) for problem in document.problems}


def test_a_table_taken_out_is_missed(edited, root: Path) -> None:
    found = problems_of(
        edited(lambda document: setattr(paragraph(document, form.BUDGET_TABLE), "text", "资金情况")), root
    )
    assert form.BUDGET_TABLE in found["E705"]


def test_numbers_that_do_not_fit_are_named(edited, root: Path) -> None:
    def renumber(document) -> None:
        for first, other in (("18", "180"), ("17", "16"), ("5", "6")):
            row_of(document, form.INDICATOR_TABLE, first).cells[0].text = other

    found = importing.import_files([edited(renumber)], data_dir=root / "data")[0].problems
    told = [problem.message for problem in found if problem.code == "W710"]
    assert any("序号180写出报告时没有" in message for message in told)
    assert any("序号16有两行" in message for message in told)
    assert any("没有序号18（消防隐患整治率99%）" in message for message in told)
    assert any("序号6的指标是“家教大讲堂线下课程”" in message for message in told)


def test_what_cannot_be_read_is_said_with_its_place(edited, root: Path) -> None:
    def spoil(document) -> None:
        row_of(document, form.BUDGET_TABLE, "项目支出").cells[3].text = "约三千万"
        row_of(document, form.INDICATOR_TABLE, "16").cells[1].text = "产出效果"
        paragraph(document, "“2022年度武汉市硚口区人民政府荣华街道办事处部门整体”").text = "自评结果良好。"
        paragraph(document, "1．前期准备").text = "1．六月上旬开始准备。"

    found = problems_of(edited(spoil), root)
    assert "［表1］ 第3行 列“executed（全年执行数）” 值“约三千万”" in found["E203"]
    assert "［表2］" in found["E205"]
    assert "六月上旬" in found["W711"] or "自评得分" in found["W711"]


def test_a_full_stop_alone_is_no_change(tmp_path: Path) -> None:
    rows = [{"goal_no": "1", "category": "产出", "indicator": "清运次数", "target": "10次", "actual": "12次"}]
    words = Narrative(measures=("精减指标。",), problems=(Issue("指标过多；", "都设了\n指标。"),))
    data = tmp_path / "data"
    before = on_file(data, table([{"item": "合计", "executed": "1"}], BUDGET), table(rows, INDICATORS), words)
    report = write_report(tmp_path / "annual.docx", pe.evaluate(before))
    (outcome,) = importing.write(importing.import_files([report], data_dir=data), data)
    assert outcome.status == importing.SAME, outcome.differences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "准备（2023年6月5日—2023年6月9日）：开会；定方案",
            Stage("准备", "2023-06-05", "2023-06-09", ("开会", "定方案")),
        ),
        ("准备(2023年6月5日至2023年6月9日):开会", Stage("准备", "2023-06-05", "2023-06-09", ("开会",))),
        ("提交（2023年7月15日前）", Stage("提交", "", "2023-07-15")),
        ("提交（2023年7月1日起）", Stage("提交", "2023-07-01", "")),
        ("归档（—）", Stage("归档")),
        ("归档（六月）", None),
        ("归档（2023年2月30日）", None),
    ],
)
def test_a_stage_is_read_as_it_is_written(text: str, expected: Stage | None) -> None:
    assert read_stage(text) == expected


def test_a_problem_is_cut_before_its_cause() -> None:
    assert read_issue("指标过多。原因：都设了。原因：没有人看") == Issue("指标过多", "都设了。原因：没有人看")
    assert read_issue("指标过多。") == Issue("指标过多")


def test_other_evidence_is_no_survey() -> None:
    assert read_survey("居民满意度的调查：入户，2022年11月8日，200人答卷") == Survey(
        "居民满意度", 200, None, "2022-11-08", "入户"
    )
    assert read_survey("关于满意度的调查：另见附件") is None


def test_other_documents_are_left_to_their_own_readers(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(f"请按{form.FORM}填写")
    document.save(str(tmp_path / "a.docx"))
    (found,) = importing.import_files([tmp_path / "a.docx"], data_dir=tmp_path)
    assert isinstance(found, Document)
    assert (found.family, [problem.code for problem in found.problems]) == ("", ["E720"])


SAID = st.text(st.sampled_from("甲乙丙0，；（）9%“”、"), min_size=1, max_size=12).map(form.bare).filter(bool)


@given(SAID, SAID, SAID, st.sampled_from(["", "完成年初目标", "未完成年初目标", "圆满地完成了年初目标"]), SAID, SAID)
def test_a_statement_that_nobody_changed_reads_the_same(
    name: str, target: str, told: str, status: str, reason: str, evidence: str
) -> None:
    balanced = target.count("（") == target.count("）") and not name.endswith("（") and "（" not in name
    one = form.Statement(name, target, told, status, reason=reason, evidence=evidence)
    if balanced and "）" not in target.partition("（")[0]:
        assert one.reread(one.sentence) == one


@given(
    st.builds(
        form.Kept,
        unit=st.text(),
        year=st.none() | st.integers(1990, 2100),
        title=st.text(),
        sources=st.tuples(st.text()),
        organisation=st.lists(st.text()).map(tuple),
        rows=st.lists(st.dictionaries(st.text(), st.text())).map(tuple),
        statements=st.lists(st.builds(form.Statement, *[st.text()] * len(form.Statement.__slots__))).map(tuple),
        written=st.frozensets(st.text()),
    )
)
def test_what_no_page_shows_comes_back_as_it_was(kept: form.Kept) -> None:
    assert form.kept(kept.text()) == kept


@pytest.mark.parametrize(
    "values",
    ["", "{", "3", "null", '["unit"]', "{}", '{"sources": 3}', '{"rows": ["甲"]}', '{"rows": 3}', '{"statements": [3]}',
     '{"statements": [["甲"]]}', '{"written": 3}', '{"written": [[]]}'],
)  # fmt: skip
def test_what_no_page_shows_is_nothing_where_it_is_damaged(values: str) -> None:
    whole = form.Kept().text().partition(" ")[2]
    given_ = json.dumps(json.loads(whole) | json.loads(values)) if '": ' in values else values
    assert form.kept(f"{form.MARK} {given_}") is None
    assert form.kept(f"perfeval-report-1 {whole}") is None
    assert form.kept(whole) is None


@pytest.mark.parametrize("lost", json.loads(form.Kept().text().partition(" ")[2]))
def test_what_no_page_shows_is_nothing_where_a_part_of_it_is_lost(lost: str) -> None:
    values = json.loads(form.Kept().text().partition(" ")[2])
    del values[lost]
    assert form.kept(f"{form.MARK} {json.dumps(values)}") is None
