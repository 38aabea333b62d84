"""The tutorials and recipes walked: every command and every piece of Python on the site does what its page says."""

import contextlib
import io
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from perfeval.cli import main
from perfeval.run import project

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [*sorted((DOCS / "tutorials").glob("*.md")), *sorted((DOCS / "recipes").glob("*.md"))]
DEMO = ("demo", "--subdistricts", "4", "--years", "2022-2024")
FENCE = re.compile(r"(.*?)^( *)```(\w+)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
SAVED = re.compile(r"存为 `([^`]+)`")
NOT_HERE = (
    ("lab",),
    ("schedule", "install"),
    ("schedule", "remove"),
    ("schedule", "serve"),
)
"""Commands that stay, or change the machine; that they are spelt right, ``test_readme`` holds."""
FINDING = {"check", "import", "lint"}
"""Commands that end with 1 where there is something to mend, as there is in the demo."""
OTHERS = {"make", "git", "python3", ".venv/bin/python", "."}
"""Programs other than perfeval that a page may tell people to run."""


@dataclass(frozen=True)
class Block:
    """What stands between two fences, and the words before it."""

    before: str
    kind: str
    text: str


def blocks(page: Path) -> list[Block]:
    """The blocks of a page in order, without the indent they have in a list."""
    found = FENCE.findall(page.read_text(encoding="utf-8"))
    return [Block(before, kind, re.sub(f"^{indent}", "", text, flags=re.M)) for before, indent, kind, text in found]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that the tutorials begin with."""
    folder = tmp_path_factory.mktemp("demo")
    with contextlib.chdir(folder), pytest.raises(SystemExit) as ended:
        main([*DEMO])
    assert not ended.value.code
    return folder / "data-demo"


@pytest.fixture
def place(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it, worked in, with an empty home."""
    shutil.copytree(demo, tmp_path / "项目")
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "项目")
    yield tmp_path / "项目"
    import matplotlib.pyplot

    matplotlib.pyplot.close("all")


def command(line: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command line of a page prints; its code must be one that the page's reader expects."""
    first, *words = shlex.split(line.split("  #", maxsplit=1)[0])
    if first != "perfeval":
        assert first in OTHERS, line
        return ""
    if any(tuple(words[: len(one)]) == one for one in NOT_HERE):
        return ""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(words)
    told = capsys.readouterr()
    code = ended.value.code or 0
    assert code == 0 or (code == 1 and words[0] in FINDING), f"{line}: {code}\n{told.err}"
    return told.out + told.err


def python(text: str, names: dict[str, object], page: str) -> str:
    """What a piece of Python of a page prints."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(text, page, "exec"), names)  # noqa: S102  # our own pages
    return printed.getvalue()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_can_be_followed(page: Path, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    said = ""
    for block in blocks(page):
        saved = SAVED.findall(block.before)
        if saved and block.before.rstrip().endswith("："):
            Path(saved[-1]).parent.mkdir(parents=True, exist_ok=True)
            Path(saved[-1]).write_text(block.text, encoding="utf-8")
        elif block.kind == "toml":
            with Path("perfeval.toml").open("a", encoding="utf-8") as file:
                file.write("\n" + block.text)
            project.find(place)
        elif block.kind == "sh":
            said = "".join(command(line, capsys) for line in block.text.splitlines())
        elif block.kind == "python":
            said = python(block.text, names, page.name)
        elif block.kind == "text":
            for line in block.text.splitlines():
                assert line in said, f"{page.name}: not said: {line}\n{said}"
        else:
            assert block.kind in {"powershell", "{toctree}"}, block.kind


def test_blocks_are_taken_with_what_stands_before_them(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "存为 `x`：\n\n```csv\n1,2\n```\n\n1. 然后\n\n   ```sh\n   perfeval list\n   ```\n", encoding="utf-8"
    )
    first, second = blocks(page)
    assert (first.kind, first.text, SAVED.findall(first.before)) == ("csv", "1,2\n", ["x"])
    assert (second.kind, second.text) == ("sh", "perfeval list\n")


def test_a_command_that_a_page_gets_wrong_is_seen(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert os.environ["HOME"] == str(place.parent / "home")
    with pytest.raises(AssertionError, match="没有选项"):
        command("perfeval run --nothing", capsys)
    with pytest.raises(AssertionError):
        command("sudo perfeval run", capsys)
