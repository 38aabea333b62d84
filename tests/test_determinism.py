"""Same inputs, same bytes: whoever makes them, wherever, whenever; pages, figures, Word, workbooks, the store of rows."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKE = """
import os, sys
from pathlib import Path
os.umask(int(sys.argv[1], 8))
import perfeval as pe
from perfeval.deliver.officialword import write_report
from perfeval.deliver.reviewsheet import write_review_sheet
from perfeval.deliver.yearbook import write_yearbook
from perfeval.run import project, run_report
out = Path("outputs/taken"); out.mkdir(parents=True)
result = pe.evaluate(pe.load("data", subdistrict="ronghua", years=2022))
write_report(out / "a.docx", result)
write_review_sheet(out / "review.xlsx", result)
write_yearbook(out / "year.xlsx", result)
pe.rows("data").to_csv(out / "rows.csv")
pe.stored("data")
bench = pe.Workbench(pe.rows("data"), pe.scores("data"))
bench.share(out / "bench.html")
bench.export(out / "bench.xlsx")
for report in ("annual", "review"):
    made = run_report(report, subdistrict="ronghua", year=2022, where=project.find())
    assert not made.error, made.error
"""
OURS = (".perfeval", "ledger", "sent.jsonl")
"""Files that say when and by whom: not what anybody reads."""


def made(folder: Path, mask: str, environment: dict[str, str]) -> dict[str, str]:
    """Everything that is made in a folder, by its path, as hashes."""
    folder.mkdir(parents=True)
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "perfeval.toml", folder)
    Path(environment["HOME"]).mkdir()
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("LANG", "LC_ALL", "TZ", "PYTHONHASHSEED", "PYTHONUTF8")
    }
    done = subprocess.run(
        [sys.executable, "-c", MAKE, mask], cwd=folder, env=kept | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True, text=True, encoding="utf-8", timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {
        path.relative_to(folder / "outputs").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "outputs").rglob("*"))
        if path.is_file() and not path.name.startswith(OURS)
    }


@pytest.mark.skipif(sys.platform == "win32", reason="umask and TZ are POSIX's")
def test_two_environments_leave_the_same_bytes(tmp_path: Path) -> None:
    one = made(tmp_path / "a", "022", {
        "HOME": str(tmp_path / "home"), "TZ": "UTC", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "1",
    })  # fmt: skip
    other = made(tmp_path / "另一个 folder" / "很深" / "b", "077", {
        "HOME": str(tmp_path / "家"), "TZ": "Pacific/Kiritimati", "LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "4242", "USER": "somebody", "COLUMNS": "40", "MPLCONFIGDIR": str(tmp_path / "家"),
    })  # fmt: skip
    assert set(one) == set(other)
    assert [name for name in one if one[name] != other[name]] == []
    kinds = {Path(name).suffix for name in one}
    assert kinds >= {".html", ".json", ".ipynb", ".docx", ".xlsx", ".csv", ".parquet"}
