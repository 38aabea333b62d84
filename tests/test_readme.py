"""The README's example is run and gives what it prints; its commands and files are there."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from perfeval.cli.commands import PLACES, load

READMES = ["README.md", "README.zh-CN.md"]
SHORT = 80
"""Lines of a README: what it is, a picture, two commands, an example, where to go on. All else is in docs/."""


@pytest.mark.parametrize("readme", READMES)
def test_the_example_prints_what_the_readme_says(root: Path, readme: str) -> None:
    text = (root / readme).read_text(encoding="utf-8")
    code, printed = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", text, re.DOTALL).groups()
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == printed


@pytest.mark.parametrize("readme", READMES)
def test_what_it_links_to_is_there(root: Path, readme: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (root / readme).read_text(encoding="utf-8"))
    assert links
    for link in links:
        assert (root / link).exists(), link


ROOT = Path(__file__).parents[1]
PAGES = [ROOT / name for name in (*READMES, "CONTRIBUTING.md", "data/README.md")] + sorted(
    (ROOT / "docs").rglob("*.md")
)
KINDS = {".py", ".toml", ".j2", ".js", ".ipynb"}
PROGRAM = sorted(
    file
    for place in ("perfeval.toml", "perfeval", "notebooks")
    for file in [ROOT / place, *(ROOT / place).rglob("*")]
    if file.suffix in KINDS
)
CALLED = re.compile(r"(?<![\w./-])perfeval ([a-z][a-z-]*)([^`\"\n，。；）”（]*)")
GONE = {"perfeval pack 打包的数据不再读取"}
"""What the program says of a command that is gone."""


def code(page: str) -> str:
    """What stands in code spans and blocks of a page."""
    return "\n".join(block or span for block, span in re.findall(r"^```\w*\n(.*?)^```|`([^`\n]+)`", page, re.S | re.M))


def options(command: click.Command) -> Iterator[str]:
    yield from ("-h", "--help")
    for one in (command, *(command.commands.values() if isinstance(command, click.Group) else ())):
        for parameter in one.params:
            yield from (*parameter.opts, *parameter.secondary_opts)


def wrong(text: str, *, unknown: bool) -> list[str]:
    """Calls in a text of a command by an old name, with an option it has not, or (``unknown``) that there is not."""
    found = []
    for name, rest in CALLED.findall(text):
        command, call = load(name) if name in PLACES else None, f"perfeval {name}{rest}".strip()
        if call in GONE or name == "as" or (command is None and not unknown):
            continue
        asked = [one for words in re.findall(r"(?<![\w-])--?[a-z][a-z/-]*", rest) for one in words.split("/")]
        if command is None or command.hidden or not {one for one in asked if one.strip("-")} <= {*options(command)}:
            found.append(call)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_that_a_page_names_is_one_with_these_options(page: Path) -> None:
    assert wrong(code(page.read_text(encoding="utf-8")), unknown=True) == []


def test_the_program_itself_names_no_command_by_an_old_name_or_with_an_option_it_has_not() -> None:
    found = {
        file.relative_to(ROOT).as_posix(): wrong(file.read_text(encoding="utf-8"), unknown=False) for file in PROGRAM
    }
    assert {file: calls for file, calls in found.items() if calls} == {}


def test_such_calls_are_seen() -> None:
    assert wrong("perfeval history", unknown=False) == ["perfeval history"]
    assert wrong("perfeval list --rulesets 可查", unknown=False) == ["perfeval list --rulesets 可查"]
    assert wrong("perfeval nothing", unknown=True) == ["perfeval nothing"]
    assert wrong("perfeval lint --select/--ignore 编号", unknown=True) == []


def test_both_readmes_have_the_same_parts_commands_figures_and_links_and_are_short() -> None:
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in READMES]
    for pattern in (
        r"^##",
        r"[0-9]+\.[0-9]+",
        r"\]\(((?!README)[^)#]+)\)",
        r"benchmarks/\w+\.py",
    ):
        one, other = (sorted(re.findall(pattern, text, re.M)) for text in texts)
        assert {*one} == {*other}, pattern
        assert pattern != "^##" or len(one) == len(other)
    assert all(len(text.splitlines()) <= SHORT for text in texts)


def costs(page: str) -> list[str]:
    """The numbers of a page's table of what an annual report costs."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    table = re.search(r"^\| 一份年度报告[^\n]*\n(?:\|[^\n]*\n)+", text, re.M)
    assert table is not None, page
    return re.findall(r"(?<= )[0-9][0-9.]*(?= \|)", table[0])


def test_what_a_report_costs_is_told_alike_for_readers_and_operators() -> None:
    quoted = costs("guide/speed.md")
    assert len(quoted) == 16
    assert {*quoted} <= {*costs("operations.md")}


def test_make_help_tells_everybody_what_each_command_does(root: Path) -> None:
    text = (root / "Makefile").read_text(encoding="utf-8")
    commands = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert commands is not None
    told = dict(re.findall(r"^([a-z]+):.*## (.*)$", text, re.MULTILINE))
    assert set(told) == set(commands[1].split())
    assert [name for name, words in told.items() if not re.search("[一-鿿]", words)] == []
