"""docs/operations.md: what it tells operators to type and to write is right."""

import re
import shlex
from pathlib import Path

import pytest

from perfeval.cli import options
from perfeval.cli.commands import PLACES, load
from perfeval.cli.schedule import schedule
from perfeval.run import project


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "operations.md").read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def test_the_settings_shown_are_valid(page: str, tmp_path: Path) -> None:
    (settings,) = blocks(page, "toml")
    file = tmp_path / "perfeval.toml"
    file.write_text(settings, encoding="utf-8")
    assert str(project.read(file).schedule) == "工作日 02:30"


def test_the_checkouts_own_example_is_valid_once_it_is_uncommented(root: Path, tmp_path: Path) -> None:
    text = (root / "perfeval.toml").read_text(encoding="utf-8")
    head, example = text.split("# [schedule]\n")
    file = tmp_path / "perfeval.toml"
    file.write_text(head + "[schedule]\n" + re.sub("^# ", "", example, flags=re.MULTILINE), encoding="utf-8")
    assert project.read(file).schedule is not None


def test_every_perfeval_command_named_is_understood(page: str) -> None:
    known = {name: load(name) for name in PLACES}
    lines = [line.split("#")[0] for block in blocks(page, "sh") for line in block.splitlines()]
    found = re.findall(r"`perfeval ([^`]+)`", page) + [line[9:] for line in lines if line.startswith("perfeval ")]
    assert len(found) > 10
    for words in map(shlex.split, found):
        command, rest = known[words[0]], words[1:]
        if words[0] == "schedule":
            command, rest = schedule.commands[words[1]], words[2:]
        named = {option for one in command.params for option in one.opts}
        unknown = [word for word in rest if word.startswith("-") and word not in named]
        assert not unknown, words


def test_the_programs_shown_are_python(page: str) -> None:
    shown = blocks(page, "python")
    assert len(shown) == 2
    for text in shown:
        compile(text, "operations.md", "exec")


def test_the_exit_codes_are_those_of_the_program(page: str) -> None:
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}
    assert listed == {0, options.TROUBLE, options.MISUSE, options.OCCUPIED, options.INTERRUPTED}
