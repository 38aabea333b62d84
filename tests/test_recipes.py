"""CONTRIBUTING.md walked word by word: every recipe is put into a copy of the house, and its commands are run there."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SCREEN = 52
"""Lines a recipe has at most."""
MOST_FILES = 3
"""Files that may have to be touched, apart from what a command writes and what is not kept."""
HOUSE = ("perfeval", "tests", "benchmarks", "docs", "data", "notebooks", "perfeval.toml", "pyproject.toml", "README.md")
FENCE = re.compile(r"(.*?)^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PLACE = re.compile(r"(New file|At the end of|In) `([^`]+)`( \(not to keep\))?")
# what each recipe's commands must have said, as a person would look for it
SAYS = {
    "A rule set": "某市2024",
    "A finding": "X90  标题末尾有标点",
    "A heading synonym": "13场",
    "A form family": "passed",
    "A chart": "点图：基本支出",
    "A report": "简报（most=1）",
}


@dataclass(frozen=True)
class Step:
    """A block of a recipe: what is to be written where, or run."""

    how: str
    path: str
    text: str
    kept: bool = True


def sections() -> dict[str, str]:
    """Each recipe by its title."""
    parts = re.split(r"^## (.+)\n", PAGE.split("# Recipes\n", 1)[1], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


RECIPES = {title: text for title, text in sections().items() if "```" in text}


def steps(text: str) -> list[Step]:
    found = []
    for before, kind, body in FENCE.findall(text):
        if kind == "sh":
            found.append(Step("run", "", body))
            continue
        how, path, tossed = PLACE.findall(before)[-1]
        found.append(Step(how, path, body, not tossed))
    return found


def edited(text: str, change: str) -> str:
    """A text with the lines marked ``+`` put in after those marked by a space, which must stand there once."""
    marks = [(line[:1], line[1:]) for line in change.splitlines()]
    old = "\n".join(line for mark, line in marks if mark != "+")
    new = "\n".join(line for mark, line in marks if mark != "-")
    assert f"\n{text}".count(f"\n{old}\n") == 1, f"not there once: {old}"
    return f"\n{text}".replace(f"\n{old}\n", f"\n{new}\n")[1:]


def put(house: Path, step: Step) -> None:
    file = house / step.path
    assert file.exists() == (step.how != "New file"), step.path
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(edited(old, step.text) if step.how == "In" else old + step.text, encoding="utf-8", newline="\n")


def run(house: Path, line: str) -> str:
    """The output of a command line of the page, which must not fail."""
    command, *arguments = words(line)
    started = {"python": [sys.executable], "perfeval": [sys.executable, "-m", "perfeval.cli"]}[command]
    environment = {**os.environ, "PYTHONPATH": str(house), "PYTHONUTF8": "1", "HOME": str(house)}
    done = subprocess.run(
        [*started, *arguments],
        cwd=house,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def words(line: str) -> list[str]:
    """A command line cut at its spaces; what stands in double quotes is one word, in any shell."""
    return [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', line)]


def tidy(house: Path, written: list[str]) -> None:
    """Modules that a recipe changed are as `make test` wants them."""
    ruff = [sys.executable, "-m", "ruff"]
    modules = [name for name in dict.fromkeys(written) if name.endswith(".py")]
    for check in (["check"], ["format", "--check"]) if modules else ():
        done = subprocess.run([*ruff, *check, *modules], cwd=house, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_recipes_are_those_that_are_asked_for() -> None:
    assert {*RECIPES} == {*SAYS}


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_is_one_screen_and_touches_few_files(title: str) -> None:
    assert len(RECIPES[title].strip().splitlines()) <= SCREEN
    assert len({step.path for step in steps(RECIPES[title]) if step.path and step.kept}) <= MOST_FILES


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_followed_word_by_word_works(title: str, tmp_path: Path) -> None:
    house = tmp_path / "house"
    for name in HOUSE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, house / name, ignore=shutil.ignore_patterns("__pycache__", "broken"))
        else:
            shutil.copy(ROOT / name, house)
    said = []
    for step in steps(RECIPES[title]):
        if step.how == "run":
            said += [run(house, line) for line in step.text.splitlines()]
        else:
            put(house, step)
    assert SAYS[title] in "\n".join(said)
    tidy(house, [step.path for step in steps(RECIPES[title])])
