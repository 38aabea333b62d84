"""A money column more in the schema is a column more everywhere, and changes no figure."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent
PROGRAM = """
import dataclasses, sys
from pathlib import Path

import perfeval.model.schema as schema

first, *rest = schema.BUDGET.columns
schema.BUDGET = dataclasses.replace(
    schema.BUDGET, columns=(first, schema.Column("reserved", "预留数", "money"), *rest)
)
schema.AMOUNTS = {one.name: one.title for one in schema.BUDGET.columns if one.kind == "money"}
schema.TABLES["budget"] = schema.BUDGET

import openpyxl
from several_years import evaluated, row
from perfeval.analysis.evaluation import history
from perfeval.deliver.officialword import write_report
from perfeval.deliver.yearbook import write_yearbook

made = {year: evaluated(year, [row("植树", "≥3棵", "4棵")], reserved="7.5", executed="90") for year in (2021, 2022)}
one = made[2021]
print(one.execution.rate, one.execution.budget, one.execution.items["reserved"].tolist())
print(history(made).decomposition["execution"].tolist())
print(len(one.findings[one.findings["title"].str.contains("预留数")]))
folder = Path(sys.argv[1])
write_report(folder / "a.docx", one)
write_yearbook(folder / "a.xlsx", one)
sheet = openpyxl.load_workbook(folder / "a.xlsx")["预算"]
lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
heads = next(line for line in lines if "预留数" in line)
print(lines[lines.index(heads) + 1][heads.index("预留数")])
"""


def test_a_new_money_column_is_in_the_schema_alone(tmp_path: Path) -> None:
    """In a process of its own: tables are read when modules are imported."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (TESTS, TESTS.parent))), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n") == ["0.9 100.0 [7.5]", "[0.0]", "0", "7.5", ""]
