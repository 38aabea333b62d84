"""What goes wrong around a run: disks that fill or are read-only, no shared memory, few descriptors, files that change,
a second run, notebooks that mean harm. The run says so in Chinese, nothing is left half written, the next run finishes.

The table of all faults and their tests is docs/faults.md.
"""

import json
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest
from cells import LIGHT, executed, forks, run, shown
from light import driver, left, project

from perfeval.run import ledger, locking, processes
from perfeval.run.batch import DESCRIPTORS, EACH
from perfeval.run.outcome import DONE
from perfeval.run.processes import Conditions

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="faults as POSIX has them")
YEARS = range(2020, 2024)


Figure = Callable[[str, object], None]
"""Records a figure for the table at the end of the tests."""


def finished(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = process.communicate(timeout=240)
    return process.returncode, out, err


def mounting(*mounts: str) -> list[str]:
    """What to put before a command so that it sees these mounts, and nobody else does."""
    return ["unshare", "-rm", "sh", "-c", f'{" && ".join(mounts)} && exec "$@"', "sh"]


def may_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    tried = [*mounting("mount -t tmpfs none /mnt"), "true"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


mounts = pytest.mark.skipif(not may_mount(), reason="may not mount")


def recovers(folder: Path) -> None:
    """The next run makes what is missing, once, and leaves what an undisturbed one leaves."""
    code, _, err = finished(driver(folder))
    assert (code, "Traceback" in err) == (0, False), err
    assert finished(driver(folder, "--outputs", "undisturbed"))[0] == 0
    assert left(folder / "outputs") == left(folder / "undisturbed")
    assert not list(folder.glob("outputs/**/.making-*"))


def told(result: tuple[int, str, str], codes: Sequence[int]) -> str:
    """What a command said, having ended with one of these codes and no traceback."""
    code, out, err = result
    assert code in codes, out + err
    assert "Traceback" not in out + err
    return out + err


def alike(folder: Path, other: Path) -> int:
    """How many files of two outputs are the same to the byte."""
    return len(set(left(folder / "outputs").items()) & set(left(other / "outputs").items()))


# ---- the machine -----------------------------------------------------------------------------------------------------


@mounts
def test_a_full_disk_fails_what_does_not_fit_and_the_rest_is_made(tmp_path: Path, record_property: Figure) -> None:
    folder = project(tmp_path / "项目", YEARS, big=(2021,))
    (folder / "outputs").mkdir()
    full = mounting(f"mount -t tmpfs -o size=700k none '{folder / 'outputs'}'")
    said = told(finished(driver(folder, prefix=full)), (1,))
    assert "磁盘已满" in said
    record_property("reports made, of four", "、".join(re.findall("完成([0-9]+)份", said)))
    assert "完成3份，失败1份" in said
    recovers(folder)


@mounts
def test_outputs_that_cannot_be_written_are_told_before_anything_is_made(
    tmp_path: Path, record_property: Figure
) -> None:
    folder = project(tmp_path / "项目", YEARS)
    (folder / "outputs").mkdir()
    (folder / "begun").mkdir()
    locked = mounting(f"mount -t tmpfs -o ro none '{folder / 'outputs'}'")
    said = told(finished(driver(folder, prefix=locked)), (1, 2))
    assert "只读" in said
    begun = list((folder / "begun").iterdir())
    record_property("reports begun", len(begun))
    assert not begun
    recovers(folder)


@mounts
def test_without_shared_memory_reports_are_made_all_the_same(tmp_path: Path, record_property: Figure) -> None:
    folder = project(tmp_path / "项目", YEARS)
    code, out, err = finished(driver(folder, prefix=mounting("mount -t tmpfs -o ro none /dev/shm")))
    assert (code, "Traceback" in err) == (0, False), err
    record_property("reports made, of four", "、".join(re.findall("完成([0-9]+)份", out)))
    assert f"完成{len(YEARS)}份" in out
    recovers(folder)


@pytest.mark.parametrize("most", [8, 16, 24, 40, 64])
def test_with_few_descriptors_a_run_ends_with_a_sentence_or_with_its_reports(
    tmp_path: Path, most: int, record_property: Figure
) -> None:
    folder = project(tmp_path / "项目", range(2020, 2022))
    few = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({most}, {most}))"
    ended = finished(driver(folder, before=few))
    record_property(f"exit code with {most} descriptors", ended[0])
    said = told(ended, (0, 1, 2))
    assert "程序的缺陷" not in said
    recovers(folder)


def test_one_report_needs_no_more_descriptors_than_one(tmp_path: Path) -> None:
    folder = project(tmp_path / "项目", range(2020, 2021))
    few = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({DESCRIPTORS + EACH}, {DESCRIPTORS + EACH}))"
    assert "完成1份" in told(finished(driver(folder, before=few)), (0,))


def test_more_descriptors_are_taken_where_the_system_allows_them(tmp_path: Path) -> None:
    folder = project(tmp_path / "项目", range(2020, 2021))
    few = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (16, 4096))"
    assert "完成1份" in told(finished(driver(folder, before=few)), (0,))


@pytest.mark.parametrize("around", [
    {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": ""},
    {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"},
    {"TZ": "Pacific/Kiritimati"}, {"TZ": "XXX+23:59"}, {"TZ": "没有"},
])  # fmt: skip
def test_no_locale_and_no_time_zone_changes_what_is_made(
    tmp_path: Path, around: dict[str, str], plain: Path, record_property: Figure
) -> None:
    folder = project(tmp_path / "项目", range(2020, 2021))
    code, _, err = finished(driver(folder, environment=around))
    assert (code, "Traceback" in err) == (0, False), err
    record_property("files equal, of all", f"{alike(folder, plain)}, {len(left(plain / 'outputs'))}")
    assert left(folder / "outputs") == left(plain / "outputs")


def test_a_turkish_locale_that_is_there_changes_nothing(tmp_path: Path, plain: Path) -> None:
    made = ["localedef", "-i", "tr_TR", "-f", "UTF-8", str(tmp_path / "tr_TR.UTF-8")]
    if shutil.which("localedef") is None or subprocess.run(made, capture_output=True, check=False).returncode:
        pytest.skip("no locales to be made")
    folder = project(tmp_path / "项目", range(2020, 2021))
    around = {"LOCPATH": str(tmp_path), "LC_ALL": "tr_TR.UTF-8"}
    taken = "import locale; locale.setlocale(locale.LC_ALL, ''); assert locale.str(1.5) == '1,5'"
    told(finished(driver(folder, before=taken, environment=around)), (0,))
    assert left(folder / "outputs") == left(plain / "outputs")


@pytest.mark.parametrize("shown", [1970, 2200])
def test_no_clock_stops_a_file_from_being_written(
    command: Callable[..., Any],
    tmp_path: Path,
    shown: int,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Figure,
) -> None:
    unit = ("-s", "ronghua", "-y", "2022")
    for folder in (tmp_path / "now", tmp_path / "then"):
        folder.mkdir()
        asked = [
            ("export", str(folder / "自评表.xlsx"), "--template", "-y", "2025"),
            ("export", str(folder / "复核表.xlsx"), "--review-sheet", *unit),
            ("export", str(folder / "年报.docx"), *unit),
            ("export", str(folder / "工作簿.xlsx"), *unit),
            ("lint", "--format", "xlsx", "--output", str(folder / "问题.xlsx"), *unit),
        ]
        assert [command(*words).code for words in asked] == [0, 0, 0, 0, 1]
        monkeypatch.setattr(time, "time", lambda: (shown - 1970) * 31_556_952.0 + 5)
    record_property(f"files written in {shown}", len(left(tmp_path / "then")))
    assert left(tmp_path / "now") == left(tmp_path / "then")
    assert len(left(tmp_path / "now")) == len(asked)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in the environment of the tests."""
    folder = project(tmp_path_factory.mktemp("plain") / "项目", range(2020, 2021))
    assert finished(driver(folder))[0] == 0
    return folder


# ---- who else is there -----------------------------------------------------------------------------------------------


def test_data_that_change_while_reports_are_made_are_made_anew_by_the_next_run(
    tmp_path: Path, record_property: Figure
) -> None:
    folder = project(tmp_path / "项目", YEARS, wait=0.4)
    process = driver(folder)
    assert process.stdout is not None
    process.stdout.readline()  # one is made, two are in the making, one is to come
    for year in YEARS:
        note = folder / "data" / "ronghua" / str(year) / "budget.csv"
        note.write_text(note.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    told(finished(process), (0, 1))
    recovers(folder)
    with ledger.reading(folder / "outputs") as book:
        made = Counter(one.period for one in ledger.history(book) if one.status == DONE)
    record_property("reports made twice, of four", sum(times == 2 for times in made.values()))
    assert set(made) == set(map(str, YEARS))
    assert max(made.values()) == 2, "what was made from the older data is made again, once"


def test_of_two_runs_at_once_the_second_is_told_and_the_first_goes_on(tmp_path: Path, record_property: Figure) -> None:
    folder = project(tmp_path / "项目", range(2020, 2021))
    with locking.held(folder / "outputs"):
        ended = finished(driver(folder))
        record_property("exit code of the second", ended[0])
        assert "正由另一次运行使用" in told(ended, (3,))
        assert not list(folder.glob("outputs/ronghua/**/*.html"))
    recovers(folder)


# ---- notebooks that mean harm ----------------------------------------------------------------------------------------


@pytest.fixture
def light_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "PRELOAD", LIGHT)


HARM = {
    "kills itself": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "中途退出"),
    "terminates itself": ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "cell-1"),
    "kills its group": ("import os, signal; os.killpg(0, signal.SIGKILL)", "中途退出"),
    "kills its parent": ("import os, signal; os.kill(os.getppid(), signal.SIGKILL)", ""),
    "never ends": ("while True: pass", "超过"),
    "never ends, and does not listen": (
        "import signal\nfor one in (signal.SIGTERM, signal.SIGINT): signal.signal(one, signal.SIG_IGN)\nwhile True: pass",
        "超过",
    ),
    "eats memory": ("held = [bytes(10**7) for _ in range(10**4)]", ""),
    "leaves no memory for its page": (
        "import nbformat\ndef full(*_, **__): raise MemoryError\nnbformat.writes = full",
        "内存超过上限（600 MB",
    ),
    "prints a gigabyte": ("for _ in range(1100): print('x' * 10**6)", ""),
    "forks without end": ("import os, time\nfor _ in range(20):\n    if os.fork() == 0: time.sleep(600)", ""),
    "starts what outlives it": ("import subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True)", ""),
    "starts a daemon": (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(600)\n    os._exit(0)",
        "",
    ),
    "closes its output": ("import os\nfor number in (0, 1, 2): os.close(number)", ""),
    "closes the stream": ("import sys; sys.stdout.close(); sys.stderr.close()", ""),
    "closes everything": ("import os; os.closerange(0, 200)", ""),
    "goes elsewhere": ("import os; os.chdir('/'); os.environ.clear()", ""),
    "breaks the limits": ("import sys; sys.setrecursionlimit(10**6)\ndef f(): return f()\nf()", ""),
    "breaks a library": ("import json, builtins; json.dumps = json.loads = None; builtins.open = None", ""),
}  # fmt: skip
"""What a cell does, and what must be said of it; nothing where it may as well succeed."""


def in_folder(folder: Path) -> list[psutil.Process]:
    """Processes that work in it, whoever has started them: what has lost its parent is nobody's child."""
    return [one for one in psutil.process_iter(["cwd"]) if (one.info["cwd"] or "").startswith(str(folder))]


@forks
@pytest.mark.usefixtures("light_server")
@pytest.mark.parametrize("harm", HARM)
def test_a_notebook_that_means_harm_harms_only_itself(harm: str, tmp_path: Path, record_property: Figure) -> None:
    source, said = HARM[harm]
    limited = Conditions(forked=processes.FORKS, memory_mb=600, minutes=0.15)
    own, begin = Path.cwd(), time.monotonic()
    made = run(tmp_path, source, "2", conditions=limited)
    record_property(f"seconds, {harm}", f"{time.monotonic() - begin:.1f}")
    assert said in made.failure
    assert made.failure or made.texts
    assert "Traceback" not in made.failure
    assert time.monotonic() - begin < 240
    assert Path.cwd() == own
    assert sys.stdout.writable()
    folder = tmp_path / "next"
    folder.mkdir()
    assert shown(run(folder, "print('well')")) == "well", "the next report is as if nothing had been"
    assert not in_folder(tmp_path)


def test_what_a_cell_starts_ends_with_an_ordinary_kernel_too(tmp_path: Path) -> None:
    assert executed(run(tmp_path, HARM["starts what outlives it"][0], conditions=Conditions()))
    assert not in_folder(tmp_path)


def test_a_notebook_that_writes_into_the_data_does_not_pass_for_unchanged(tmp_path: Path) -> None:
    folder = project(tmp_path / "项目", range(2020, 2022))
    path = folder / "notebooks" / "light.ipynb"
    book = json.loads(path.read_text(encoding="utf-8"))
    spoil = '\nPath(data_dir, subdistrict, str(year), "budget.csv").open("a").write("\\n")\n'
    book["cells"][-1]["source"] = "".join(book["cells"][-1]["source"]) + spoil
    path.write_text(json.dumps(book), encoding="utf-8")
    told(finished(driver(folder)), (0, 1))
    again = told(finished(driver(folder)), (0, 1))
    assert not re.search("未变[1-9]", again), "made from data that are no longer there"


def test_the_table_of_faults_names_tests_that_there_are_and_all_of_this_module() -> None:
    page = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+)\.py::(test_\w+)`", page)
    for module, test in named:
        (path,) = (ROOT / "tests").rglob(f"{module}.py")
        assert f"def {test}(" in path.read_text(encoding="utf-8"), f"{module}::{test}"
    here = re.findall(r"^def (test_\w+)\(", Path(__file__).read_text(encoding="utf-8"), re.MULTILINE)
    assert {test for module, test in named if module == Path(__file__).stem} >= set(here[:-1])
