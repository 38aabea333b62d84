"""perfeval.toml: found upwards, strict about what it says."""

from pathlib import Path

import pytest

from perfeval.ingest.locating import SettingsError
from perfeval.model.errors import PerfevalError
from perfeval.run import project


def write(folder: Path, text: str) -> Path:
    file = folder / "perfeval.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_checkouts_own_settings_are_valid(root: Path) -> None:
    found = project.find(root / "perfeval")
    assert found.root == root
    assert found.reports == ("annual", "trend", "overview", "district")
    assert found.notebook("annual").is_file()


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    write(tmp_path, '[paths]\ndata = "数据"\n')
    (tmp_path / "deep" / "er").mkdir(parents=True)
    found = project.find(tmp_path / "deep" / "er")
    assert (found.data, found.outputs) == (tmp_path / "数据", tmp_path / "outputs")


def test_without_a_file_the_defaults_stand(tmp_path: Path) -> None:
    assert project.find(tmp_path).data == tmp_path / "data"


def test_every_wrong_setting_is_named(tmp_path: Path) -> None:
    text = '[path]\n[paths]\ndatta = "x"\noutputs = 3\n[run]\njobs = 0\nreports = [1]\n'
    with pytest.raises(SettingsError) as caught:
        project.read(write(tmp_path, text))
    message = str(caught.value)
    assert "5处错误" in message
    assert "［path］，是否指“paths”？" in message
    assert "“datta”，是否指“data”？" in message
    assert "outputs 须是文字，现为“3”" in message
    assert "jobs 须不小于1" in message


def test_values_for_notebooks_of_ones_own(tmp_path: Path) -> None:
    found = project.read(write(tmp_path, '[parameters.top]\nmost = 20\nkeyword = "培训"\n'))
    assert found.parameters == {"top": {"most": 20, "keyword": "培训"}}
    with pytest.raises(SettingsError) as caught:
        project.read(write(tmp_path, "[parameters]\nmost = 20\n[parameters.top]\nmost = [20]\n"))
    assert "［parameters］most 须是段落［parameters.most］" in str(caught.value)
    assert "［parameters.top］most 须是文字、数或 true、false" in str(caught.value)


def test_bad_toml_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="不是有效的UTF-8编码TOML"):
        project.read(write(tmp_path, "[paths\n"))


def test_an_unknown_report_names_the_nearest(root: Path) -> None:
    with pytest.raises(PerfevalError, match="是否指“annual”"):
        project.find(root).notebook("anual")


def test_limits_of_kernels_are_settings(tmp_path: Path) -> None:
    text = "[run]\nmemory_mb = 1500\nminutes = 0\nisolated = true\n"
    found = project.read(write(tmp_path, text))
    assert (found.memory_mb, found.minutes, found.isolated) == (1500, 0, True)
    with pytest.raises(SettingsError) as caught:
        project.read(write(tmp_path, "[run]\nmemory_mb = 100\nminutes = -1\nisolated = 1\njobs = true\n"))
    message = str(caught.value)
    for said in ("memory_mb 须不小于500", "minutes 须不小于0", "isolated 须是true 或 false", "jobs 须是整数"):
        assert said in message.replace("是 true", "是true")
