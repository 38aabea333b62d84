"""What surrounds perfeval never gets in: startup files, unwritable folders, signs of terminals, strange arguments."""

from pathlib import Path

import pytest

from perfeval.run import Report, project, run_report

STARTUP = """
import decimal, matplotlib, pandas
print("HELLO")
pandas.set_option("display.max_rows", 1)
matplotlib.rcParams["font.size"] = 30
matplotlib.rcParams["axes.facecolor"] = "red"
decimal.getcontext().rounding = decimal.ROUND_DOWN
"""


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


# ---- kernels ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("isolated", [False, True])
def test_nobodys_startup_files_reach_a_report(
    workplace: Path, made: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, isolated: bool
) -> None:
    wanted = files(made.folder)
    startup = tmp_path / "startup.py"
    startup.write_text(STARTUP, encoding="utf-8")
    profile = tmp_path / "ipython" / "profile_default"
    (profile / "startup").mkdir(parents=True)
    (profile / "startup" / "00.py").write_text(STARTUP, encoding="utf-8")
    (profile / "ipython_kernel_config.py").write_text("c.InteractiveShellApp.exec_lines = ['print(1)']\n")
    style = tmp_path / "matplotlibrc"
    style.write_text("font.size: 30\naxes.facecolor: red\n", encoding="utf-8")
    (workplace / "matplotlibrc").write_text("font.size: 30\naxes.facecolor: red\n", encoding="utf-8")
    for name, value in (
        ("PYTHONSTARTUP", startup), ("IPYTHONDIR", tmp_path / "ipython"), ("MATPLOTLIBRC", style), ("PYTHONINSPECT", 1),
    ):  # fmt: skip
        monkeypatch.setenv(name, str(value))
    place = project.find(workplace)
    settings = "isolated = true\n" if isolated else ""
    if settings:
        from dataclasses import replace

        place = replace(place, isolated=True)
    report = run_report("annual", subdistrict="ronghua", year=2022, where=place)
    assert not report.error
    assert files(report.folder) == wanted
