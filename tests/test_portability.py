"""Systems other than Linux: what only POSIX has is imported where it is used, and what is spawned works."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Finished

PACKAGE = Path(__file__).parents[1] / "perfeval"
LINUX_ONLY = ("perfeval.run.inprocess", "perfeval.preload")
"""What a forked process imports, and the server before it."""
POSIX = ("fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty")

IMPORTS = """
import importlib, os, sys
import posixpath, ntpath  # both are everywhere
{prepared}
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name in {absent}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
for name in {absent}:
    sys.modules.pop(name, None)
for name in {modules}:
    importlib.import_module(name)
"""
PREPARED = "import pandas, matplotlib, nbclient, papermill, nbconvert, jupyter_client, ipykernel, psutil, distributed"
"""Other people's packages know what system they are on; the question is put to ours."""


def modules() -> list[str]:
    """All of the package by name."""
    names = (path.relative_to(PACKAGE.parent).with_suffix("") for path in sorted(PACKAGE.rglob("*.py")))
    dotted = [".".join(name.parts).removesuffix(".__init__") for name in names]
    return [name for name in dotted if name not in LINUX_ONLY and not name.endswith("__main__")]


def imports(*absent: str, names: list[str] | None = None) -> subprocess.CompletedProcess[str]:
    code = IMPORTS.format(prepared=PREPARED, absent=absent, modules=names or modules())
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_every_module_is_imported_where_nothing_of_posix_is() -> None:
    done = imports(*POSIX)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="the module is for Linux")
def test_the_check_can_fail() -> None:
    assert "No module named 'fcntl'" in imports("fcntl", names=["perfeval.run.inprocess"]).stderr


ELSEWHERE = """
import multiprocessing, sys
{prepared}
multiprocessing.set_start_method("spawn", force=True)
from perfeval.run import processes
processes.FORKS = False
for name in {absent}:
    sys.modules[name] = None
from perfeval import cli
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing else is done anyway")
def test_a_report_made_without_fork_is_the_same(tmp_path: Path, process: Callable[..., Finished]) -> None:
    assert process("demo", "--into", str(tmp_path / "示例"), "--subdistricts", "1", "--years", "2024").code == 0
    made = []
    for number, program in enumerate(
        (["-m", "perfeval.cli"], ["-c", ELSEWHERE.format(prepared=PREPARED, absent=POSIX)])
    ):
        outputs = tmp_path / f"outputs{number}"
        command = [sys.executable, *program, "run", "-r", "annual", "--outputs", str(outputs)]
        done = subprocess.run(command, cwd=tmp_path / "示例", capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        made.append({path.name: path.read_bytes() for path in sorted(outputs.rglob("annual/**/*")) if path.is_file()})
    assert made[0]
    assert made[0] == made[1]
