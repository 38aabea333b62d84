"""What several test modules share: the checkout, the real data on file, the command line."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import perfeval as pe
from perfeval.cli import main
from perfeval.model import fiction
from perfeval.run import Report, project, run_report

settings.register_profile("shared machine", deadline=None)  # two busy cores make single examples slow
settings.load_profile("shared machine")

ROOT = Path(__file__).parents[1]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures of the faults (docs/faults.md) that were brought about, as the tests have recorded them."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    lines = [
        f"| {report.nodeid.partition('::')[2]} | {name} | {value} |"
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
    ]
    if lines:
        terminalreporter.write_line("\n| fault | figure | |\n|---|---|--:|\n" + "\n".join(lines))


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(autouse=True)
def _nothing_read_before() -> None:
    """Whether fictional data were read is a process's own memory: one test's is no other's."""
    fiction.forget()


@pytest.fixture(scope="session")
def ronghua() -> pe.Evaluation:
    """The source report, evaluated under the Hubei rules."""
    return pe.evaluate(pe.load(ROOT / "data", subdistrict="ronghua", years=2022), ruleset="hubei")


@pytest.fixture
def hangup() -> Iterator[None]:
    """SIGHUP as what a terminal starts has it; the programs of tests that are run under ``nohup`` would not hear it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@dataclass(frozen=True)
class Finished:
    """A command that has run."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """Run ``perfeval …`` inside this process, with an empty home: to start Python anew costs more than most commands."""
    (tmp_path / "home").mkdir(exist_ok=True)

    def run(*arguments: str, cwd: Path = ROOT) -> Finished:
        capsys.readouterr()
        with monkeypatch.context() as here:
            here.setenv("HOME", str(tmp_path / "home"))
            here.chdir(cwd)
            with pytest.raises(SystemExit) as ended:
                main(list(arguments))
        return Finished(int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def process(tmp_path: Path):
    """Run ``perfeval …`` as a user does, in a process of its own: where locks, streams or what is installed matter."""

    def run(*arguments: str, cwd: Path = ROOT) -> Finished:
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        environment = {**os.environ, "HOME": str(home), "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "perfeval.cli", *arguments],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A project of its own: the checkout's notebooks and settings, a copy of the data, its own outputs."""
    folder = tmp_path / "项目"
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copy(ROOT / "perfeval.toml", folder)
    return folder


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The annual report of the source data, made once for all tests that only look at it."""
    place = project.find(ROOT).with_folders(outputs=tmp_path_factory.mktemp("outputs"))
    report = run_report("annual", subdistrict="ronghua", year=2022, where=place)
    assert not report.error
    return report
