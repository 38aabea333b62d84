"""The README's example is run and gives what it prints; its commands and files are there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

READMES = ["README.md", "README.zh-CN.md"]


def test_the_example_prints_what_the_readme_says(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
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


@pytest.mark.parametrize("readme", READMES)
def test_every_command_is_in_it(root: Path, readme: str) -> None:
    from perfeval.cli.commands import PLACES

    text = (root / readme).read_text(encoding="utf-8")
    for name, place in PLACES.items():
        if not place.summary:
            assert f"perfeval {name}" not in text, "an old name"
            continue
        assert f"perfeval {name}" in text, name
