"""``docs/problems.md``: every code the ingest layer reports, from ``problems.toml``.

``python -m perfeval.ingest.problem_page docs/problems.md`` writes it anew; a test holds that it is up to date.
"""

import sys
from pathlib import Path

from perfeval.ingest.problems import kinds

HEAD = """# 问题代码

`perfeval check` 和 `perfeval import` 报告的每一种问题。本页由 `perfeval/ingest/problems.toml` 生成，不要手工修改。

* **E 错误**：数据不能用，须先改正；导入时不写入。
* **W 警告**：可以用，但应当核对。
* **N 提示**：供了解，一般无须处理。

每个问题都写明文件、工作表、行、列、值、说明和改法；`--json` 输出同样的内容，`perfeval import … --problems 问题.xlsx`
把它们标在原表的副本上。
"""


def problem_page() -> str:
    """The page in Markdown: a heading for each severity, a row for each code in the order of numbers."""
    listed = sorted(kinds().values(), key=lambda kind: int(kind.code[1:]))
    parts = [HEAD]
    for letter, title in (("E", "错误"), ("W", "警告"), ("N", "提示")):
        rows = [
            f"| {kind.code} | {_cell(kind.title)} | {_cell(kind.meaning)} | {_cell(kind.advice)} |"
            for kind in listed
            if kind.code.startswith(letter)
        ]
        parts.append(
            "\n".join([f"## {title}", "", "| 代码 | 问题 | 含义 | 怎么办 |", "| --- | --- | --- | --- |", *rows, ""])
        )
    return "\n".join(parts)


def _cell(text: str) -> str:
    """A text inside a table of Markdown."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("*", "\\*").replace("~", "\\~")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(problem_page(), encoding="utf-8", newline="\n")
