"""The page of problem codes."""

from pathlib import Path

from perfeval.ingest.problem_page import problem_page
from perfeval.ingest.problems import kinds


def test_the_page_is_up_to_date(root: Path) -> None:
    page = (root / "docs" / "problems.md").read_text(encoding="utf-8")
    assert page == problem_page(), "python -m perfeval.ingest.problem_page docs/problems.md"


def test_every_code_has_one_row() -> None:
    rows = [line for line in problem_page().splitlines() if line.startswith("| ") and line[2] in "EWN"]
    assert sorted(row.split(" | ")[0].removeprefix("| ") for row in rows) == sorted(kinds())
    assert all(row.replace("\\|", "").count("|") == 5 for row in rows)
