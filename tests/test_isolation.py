"""Forked processes beside ordinary kernels: nothing leaks from one report to the next, and the notebooks are the same."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import light
import nbformat
import papermill
import pytest
from cells import COLD, FORKED, executed, run

from perfeval.run import Batch, processes, project, run_batch
from perfeval.run.processes import Conditions

pytestmark = pytest.mark.skipif(not processes.FORKS, reason="no safe fork here")

STATE = """
import os, sys, json, signal, decimal, multiprocessing, warnings, locale, tempfile, random, threading
import numpy, pandas, matplotlib, perfeval
from perfeval import show
print(json.dumps({
    "names": sorted(name for name in globals() if name == "leaked"),
    "environment": {name: value for name, value in os.environ.items() if name != "JPY_PARENT_PID"},
    "folder": os.getcwd(),
    "path": [place for place in sys.path if "perfeval-" not in place],
    "argv0": os.path.basename(sys.argv[0]),
    "options": {name: repr(pandas.get_option(name)) for name in
                ("display.max_rows", "display.precision", "mode.copy_on_write", "future.infer_string")},
    "rc": {name: repr(value) for name, value in matplotlib.rcParams.items() if name != "backend"},
    "backend": matplotlib.rcParams["backend"],
    "decimal": repr(decimal.getcontext()),
    "warnings": sorted({repr(entry[:3]) for entry in warnings.filters}),
    "patched": [hasattr(json, "leaked"), pandas.DataFrame.sum.__name__, perfeval.evaluate.__name__],
    "signals": [str(signal.getsignal(number)) for number in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGTERM)],
    "leader": os.getpid() == os.getpgid(0) == os.getsid(0),
    "starts": multiprocessing.get_start_method(),
    "worker": (multiprocessing.current_process().name, multiprocessing.current_process().daemon),
    "main": sys.modules["__main__"].__dict__ is globals(),
    "isatty": (sys.stdout.isatty(), sys.stdout.encoding, sys.stdin.read()),
    "umask": next(line for line in open("/proc/self/status") if line.startswith("Umask")),
    "locale": locale.setlocale(locale.LC_ALL),
    "temporary": tempfile.gettempdir(),
    "daemons": sorted(thread.name for thread in threading.enumerate() if thread.name == "MainThread"),
}))
"""
RANDOM = """
import random, uuid, numpy
print(json.dumps([random.random(), numpy.random.rand(), numpy.random.default_rng().random(), uuid.uuid4().hex]))
"""
LEAK = """
import os, json, decimal, warnings, random, signal, numpy, pandas, matplotlib, perfeval
leaked = 1
os.environ["LEAKED"] = "1"
os.chdir("/")
os.umask(0)
pandas.set_option("display.max_rows", 3); pandas.set_option("display.precision", 1)
matplotlib.rcParams["font.size"] = 33
decimal.getcontext().prec = 5
warnings.filterwarnings("error", message="leaked")
json.leaked = 1
pandas.DataFrame.sum = lambda self: "leaked"
perfeval.evaluate = lambda *_: "leaked"
random.seed(1); numpy.random.seed(1)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
"""


def told(folder: Path, *sources: str, conditions: Conditions = FORKED) -> list[Any]:
    """What such cells print as JSON, in a process of their own of either kind."""
    cells = [cell for cell in executed(run(folder, *sources, conditions=conditions)).cells if cell.id[:4] == "cell"]
    return printed(cells)


def printed(cells: Sequence[Any]) -> list[Any]:
    """What cells have printed as JSON."""
    wrong = [output for cell in cells for output in cell.outputs if output.output_type == "error"]
    assert not wrong, wrong
    texts = ("".join(o.text for o in cell.outputs if o.get("name") == "stdout") for cell in cells)
    return [json.loads(text or "null") for text in texts]


@pytest.fixture(scope="module", autouse=True)
def no_server_stays() -> Iterator[None]:
    yield
    processes.close()


def test_a_forked_process_is_as_fresh_as_a_cold_one_whatever_others_have_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIVEN", "here")
    monkeypatch.setenv("PERFEVAL_SMTP_PASSWORD", "secret")
    (cold,) = told(tmp_path, STATE, conditions=COLD)
    before, first, _, changed = told(tmp_path, STATE, RANDOM, LEAK, STATE)
    after, second = told(tmp_path, STATE, RANDOM)
    same = {name for name in before if before[name] == changed[name]}
    assert not {"names", "environment", "folder", "options", "rc", "decimal", "warnings", "patched", "umask"} & same
    assert after == before, "something leaked"
    assert before["environment"]["GIVEN"] == "here"
    assert "PERFEVAL_SMTP_PASSWORD" not in before["environment"]
    for name, found in cold.items():
        if name != "warnings":
            assert before[name] == found, name
    assert set(map(tuple, cold["warnings"])) <= set(map(tuple, before["warnings"]))
    assert all(one != other for one, other in zip(first, second, strict=True)), "equal random states"


def test_a_report_leaves_the_home_of_who_makes_it_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    profile = "import json; print(json.dumps(get_ipython().profile_dir.location))"
    (forked,) = told(tmp_path, profile)
    assert not (home / ".ipython").exists()
    (cold,) = told(tmp_path, profile, conditions=COLD)
    assert not [place for place in (forked, cold) if place.startswith(str(home))]


ANNUAL = """
import sys
from pathlib import Path
import nbformat
from cells import last_value
from perfeval import preload
preload.prepare("data", rehearsed=True)
before = set(sys.modules)
names = {}
for cell in nbformat.read("notebooks/annual.ipynb", as_version=4).cells:
    if cell.cell_type == "code":
        shown = last_value(cell.source, names)
        if hasattr(shown, "_repr_mimebundle_"):
            shown._repr_mimebundle_()
print(*sorted(name for name in set(sys.modules) - before if not name.startswith("tests")))
"""


def test_a_server_has_all_that_the_annual_report_imports(tmp_path: Path) -> None:
    paths = os.pathsep.join([str(light.ROOT), str(light.ROOT / "tests")])
    for name in ("data", "notebooks"):
        (tmp_path / name).symlink_to(light.ROOT / name)
    (tmp_path / "perfeval.toml").touch()
    run_ = subprocess.run(
        [sys.executable, "-c", ANNUAL], cwd=tmp_path, env={**os.environ, "PYTHONPATH": paths, processes.REPORT: "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (run_.returncode, run_.stdout.split()) == (0, []), run_.stderr


def test_no_open_file_of_the_client_reaches_a_process(tmp_path: Path) -> None:
    listing = """
import json, os
held = [f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd")]
print(json.dumps([os.readlink(name) for name in held if os.path.lexists(name)]))
"""
    with (tmp_path / "of-the-client.txt").open("w") as mine:
        (held,) = told(tmp_path, listing)
    assert held
    assert mine.name not in held


@pytest.mark.parametrize("once", ["alone", "of two"])
def test_a_report_that_the_command_itself_makes_is_as_fresh(tmp_path: Path, once: str) -> None:
    place = light.project(tmp_path / "project", range(2022, 2024))
    notebook = nbformat.read(place / "notebooks" / "light.ipynb", as_version=4)
    files = '[os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd") if os.path.lexists(f"/proc/self/fd/{n}")]'
    for source in (STATE, f"print(json.dumps({files}))", "print(os.getppid())"):
        notebook.cells.append(nbformat.v4.new_code_cell(source, id=f"cell{len(notebook.cells)}"))
    nbformat.write(notebook, place / "notebooks" / "light.ipynb")

    def made(*options: str) -> list[Any]:
        command = light.driver(place, "--force", *options)
        _, wrong = command.communicate(timeout=300)
        assert command.returncode == 0, wrong
        report = nbformat.read(place / "outputs" / "ronghua" / "2022" / "light" / "light.ipynb", as_version=4)
        return [*printed(report.cells[-3:]), command.pid]

    cold, *_ = made("--isolated", "-y", "2022")
    found, held, parent, command = made(*(["-y", "2022"] if once == "alone" else []))
    assert (parent == command) == (once == "alone")
    for name in cold:
        if name != "warnings":
            assert found[name] == cold[name], name
    assert not [name for name in held if "project" in name], "files of the command's own"


# ---- whole reports


@pytest.fixture(scope="module")
def three_ways(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Batch, Batch]:
    """Two offices' annual reports: from forked processes, and from interpreters of their own."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(root / "data", folder / "data")
    shutil.copytree(root / "notebooks", folder / "notebooks")
    shutil.copytree(folder / "data" / "ronghua", folder / "data" / "example")
    with (folder / "data" / "subdistricts.csv").open("a", encoding="utf-8") as listed:
        listed.write("example,示例街道办事处,示例区,示例市,\n")
    place = project.find(folder)
    forked = run_batch("annual", where=place)
    apart = run_batch("annual", where=place.with_folders(outputs=folder / "apart"), isolated=True)
    assert not forked.failed + apart.failed
    return folder, forked, apart


def test_ordinary_kernels_and_forked_processes_leave_the_same_bytes(three_ways: tuple[Path, Batch, Batch]) -> None:
    _, forked, apart = three_ways
    for one, other in zip(forked.reports, apart.reports, strict=True):
        for name in ("annual.ipynb", "result.json", "annual.html"):
            assert (one.folder / name).read_bytes() == (other.folder / name).read_bytes(), name


def test_executed_notebooks_equal_those_of_plain_papermill(
    three_ways: tuple[Path, Batch, Batch], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, forked, _ = three_ways
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PERFEVAL_REPORT", "1")  # elsewhere what cells show brings its style along
    parameters = {"subdistrict": "example", "year": 2022, "ruleset": "hubei", "data_dir": "data"}
    plain = papermill.execute_notebook(
        "notebooks/annual.ipynb", str(tmp_path / "plain.ipynb"), parameters, progress_bar=False
    )
    ours = nbformat.read(next(one for one in forked.reports if one.subject == "example").notebook, as_version=4)
    assert [cell.source for cell in ours.cells] == [cell.source for cell in plain.cells]
    for cell, other in zip(ours.cells, plain.cells, strict=True):
        assert cell.get("outputs") == other.get("outputs"), cell.id
        assert cell.get("execution_count") == other.get("execution_count")
    assert ours.metadata.kernelspec == plain.metadata.kernelspec
    charts = [str(found).count("<svg ") for found in (ours, plain)]
    assert charts[0] == charts[1] > 4


def test_what_a_report_has_cost_is_known_of_either_kind(three_ways: tuple[Path, Batch, Batch]) -> None:
    _, forked, apart = three_ways
    for report in (*forked.reports, *apart.reports):
        assert 0.05 < report.cpu_seconds < 60
        assert 50 < report.peak_mb < 1000


# ---- what the server reads ahead


def test_the_list_of_sub_districts_is_read_once_for_all_processes_until_it_changes(root: Path, tmp_path: Path) -> None:
    data = shutil.copytree(root / "data", tmp_path / "data")
    listed = data / "subdistricts.csv"
    os.utime(listed, (0, 0))  # settled: what has just changed may change again unseen
    asked = """
import json
import perfeval as pe
from perfeval.ingest import directory
before = directory._parse.cache_info().misses
loaded = pe.load("data", subdistrict="ronghua", years=2022)
print(json.dumps([directory._parse.cache_info().misses - before, list(loaded.subdistricts["id"])]))
"""
    conditions = replace(FORKED, data=data)
    processes.close()  # one of another folder
    ((read, there),) = told(tmp_path, asked, conditions=conditions)
    assert (read, "ronghua" in there) == (0, True)
    with listed.open("a", encoding="utf-8") as file:
        file.write("example,示例街道办事处,示例区,示例市,\n")
    assert told(tmp_path, asked, conditions=conditions) == [[1, [*there, "example"]]]
