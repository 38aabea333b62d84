"""Tables → template workbook → import → the tables on file: nothing changes on the way."""

import tempfile
from decimal import Decimal
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import perfeval as pe
from perfeval.ingest import importing
from perfeval.ingest.document import Document
from perfeval.ingest.template import write_filled
from perfeval.model.schema import BUDGET, CATEGORIES, DIRECTIONS, INDICATORS

OFFICE = "示例街道办事处"
WORDS = (
    st.text("甲乙丙丁办件率数量完成及时012%≥≤，。“”（）ab-+=@&<>", min_size=1, max_size=12).map(str.strip).filter(bool)
)
NAMES = st.text("甲乙丙丁戊己办理网格宣传活动次数覆盖率", min_size=2, max_size=10)
TARGETS = st.sampled_from(
    ["≥95%", "100%", "完成", "12次", "≤3.5万元", "2022年12月底前", "00012", "—", "有效控制", "530元/人·月"]
)
MONEY = st.decimals(min_value=0, max_value=99999, places=2)
POINTS = st.decimals(min_value=0, max_value=100, places=1)


def indicators(name: str) -> st.SearchStrategy[dict]:
    """One row of the indicator table."""
    return st.fixed_dictionaries(
        {
            "goal_no": st.just(1),
            "goal": st.just("年度工作"),
            "category": st.sampled_from(CATEGORIES),
            "indicator": st.just(name),
            "target": TARGETS,
            "actual": st.one_of(TARGETS, WORDS),
            "direction": st.sampled_from(["", *DIRECTIONS]),
            "weight": POINTS,
            "declared_score": POINTS,
            "reason": st.one_of(st.just(""), WORDS),
            "measure": st.one_of(st.just(""), WORDS),
        }
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A filled form: two halves and their sum, one to six indicators with distinct names."""
    basic, project = draw(MONEY), draw(MONEY)
    spent = [draw(MONEY), draw(MONEY)]
    budget = pd.DataFrame(
        [
            {"item": "部门整体支出", "adjusted": basic + project, "executed": sum(spent, Decimal(0))},
            {"item": "基本支出", "adjusted": basic, "executed": spent[0]},
            {"item": "项目支出", "adjusted": project, "executed": spent[1]},
        ]
    )
    rows = [draw(indicators(name)) for name in draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))]
    return Document(
        "",
        "",
        1.0,
        unit=OFFICE,
        year=2022,
        budget=_shaped(budget, BUDGET),
        indicators=_shaped(pd.DataFrame(rows), INDICATORS),
    )


def _shaped(frame: pd.DataFrame, table) -> pd.DataFrame:
    """All columns of the table: what is not given is empty, of the column's kind."""
    columns = {}
    for column in table.columns:
        empty = None if column.kind in ("money", "points", "count") else ""
        columns[column.name] = list(frame[column.name]) if column.name in frame else [empty] * len(frame)
    return pd.DataFrame(columns, dtype=object)


@given(documents())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_tables_survive_the_template_and_the_import(document: Document) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        (data / "subdistricts.csv").write_text(f"id,name\nexample,{OFFICE}\n", encoding="utf-8")
        form = write_filled(Path(folder) / "form.xlsx", document)
        found = importing.import_files([form], data_dir=data)
        assert [problem for one in found for problem in one.problems if problem.severity == "错误"] == []
        (outcome,) = importing.write(found, data)
        assert outcome.status == importing.WRITTEN, outcome.problems
        loaded = pe.load(data, subdistrict="example", years=2022)
    for table, sent, kept in (
        (BUDGET, document.budget, loaded.budget),
        (INDICATORS, document.indicators, loaded.indicators),
    ):
        names = [name for name in table.names if name != "source"]
        for name in names:
            assert [_plain(value) for value in kept[name]] == [_plain(value) for value in sent[name]], name


def _plain(value: object) -> object:
    """Equal numbers are equal however many zeros they carry; nothing is nothing."""
    if value is None or value is pd.NA or value == "":
        return ""
    return value.normalize() if isinstance(value, Decimal) else value
