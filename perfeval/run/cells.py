"""What can be said of a notebook's cells before they run: what would stop it in any case, whatever the data.

Nothing is executed. What cannot be known without running it (a loop that records, a module of the user's own) is taken
to be right.

Why a ledger cannot be used: what keeps a sound one from being read or written, or that it is damaged.
"""

import ast
import builtins
import re
import sqlite3
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from perfeval.model.errors import nearest
from perfeval.run.contract import Notebook, source_of

RECORD = "record"
FIGURES = "application/vnd.perfeval.result"
"""The output in which a notebook leaves its figures as JSON text (``show.record``)."""
OUTSIDE = frozenset(sys.stdlib_module_names) | {
    "perfeval", "pandas", "numpy", "matplotlib", "IPython", "polars", "duckdb", "pyarrow", "scipy", "seaborn", "plotly",
    "altair", "itables", "ipywidgets",
}  # fmt: skip
"""Modules that record no report on their own; one of the user's own may."""
IPYTHON = re.compile(r"^(?P<before>\s*(?:[\w, ]+=\s*)?)(?:[%!?].*|\S*\?{1,2}\s*$)", re.MULTILINE)
"""Lines in IPython's own words: ``%run ours.py``, ``files = !ls``, ``show.scores?``."""
SHELL = ("In", "Out", "display", "exit", "quit", "get_ipython")
"""Names that IPython gives every notebook."""
Names = Callable[[str], Iterable[str] | None]
"""The public names of a module (``perfeval.show``), None where they are not known."""


def faults(notebook: Notebook, names: Names = lambda _: None) -> list[str]:
    """What would stop the notebook: code that is no Python, names that perfeval does not have or that nobody has given
    a value (a parameter that is missing), no record, or several.

    Cells are named by their id, else by their number.
    """
    found: list[str] = []
    trees: list[tuple[str, str, ast.Module]] = []
    for place, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] != "code":
            continue
        source, called = source_of(cell), f"单元格“{cell.get('id') or place}”"
        try:
            trees.append((called, source, _parsed(source)))
        except SyntaxError as error:
            found.append(f"{called}第{error.lineno}行不是有效的Python：{error.msg}")
        except (ValueError, RecursionError) as error:
            found.append(f"{called}不是有效的Python：{error}")
    found += _unknown([(called, tree) for called, _, tree in trees], names)
    found += _unbound([(called, tree) for called, _, tree in trees])
    return found if found else list(_records([(source, tree) for _, source, tree in trees]))


def makes_report(notebook: Notebook) -> bool:
    """Whether a notebook is for reports: it leaves figures, or may; others are opened in JupyterLab."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            try:
                tree = _parsed(source_of(cell))
            except (SyntaxError, ValueError, RecursionError):
                return True  # a fault to be told, not a notebook to be passed over
            if any(map(_is_record, ast.walk(tree))) or _foreign(tree):
                return True
    return False


def _parsed(source: str) -> ast.Module:
    """The code of a cell as Python; IPython's own words (``%matplotlib``, ``!ls``) count as it takes them."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a cell's doubtful escapes are not ours to say
        try:
            return _module(compile(source, "cell", "exec", flags))
        except SyntaxError:
            if source.lstrip().startswith("%%"):
                return ast.Module(body=[], type_ignores=[])  # another language, or a magic's own
            if not IPYTHON.search(source):
                raise
            return _module(compile(IPYTHON.sub(r"\g<before>get_ipython()", source), "cell", "exec", flags))


def _module(tree: Any) -> ast.Module:
    assert isinstance(tree, ast.Module)  # noqa: S101  # what compile gives for "exec"
    return tree


def _unknown(trees: list[tuple[str, ast.Module]], names: Names) -> Iterator[str]:
    """Names asked of perfeval and ``perfeval.show`` that they do not have."""
    modules: dict[str, str] = {}
    for _, tree in trees:
        modules |= _aliases(tree)
    for called, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
                known = names(modules[node.value.id])
                if known is not None and node.attr not in known and not node.attr.startswith("_"):
                    yield f"{called}：没有 {node.value.id}.{node.attr}{nearest(node.attr, known)}"


def _unbound(trees: list[tuple[str, ast.Module]]) -> Iterator[str]:
    """Names that are used, and bound in no cell; nothing where a cell may bring names that cannot be seen."""
    if any(_hidden(tree) for _, tree in trees):
        return
    bound = {*dir(builtins), *SHELL}
    for _, tree in trees:
        for node in ast.walk(tree):
            bound |= _binds(node)
    for called, tree in trees:
        used = (node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
        for name in dict.fromkeys(used):
            if name not in bound and not name.startswith("_"):
                yield f"{called}：没有名为“{name}”的变量或参数{nearest(name, bound - {*dir(builtins), *SHELL})}"


def _binds(node: ast.AST) -> set[str]:
    """The names that a piece of code gives a value."""
    if isinstance(node, ast.Name):
        return set() if isinstance(node.ctx, ast.Load) else {node.id}
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler):
        return {node.name} if node.name else set()
    if isinstance(node, ast.arg):
        return {node.arg}
    if isinstance(node, ast.alias):
        return {(node.asname or node.name).partition(".")[0]}
    captured = getattr(node, "name", None) or getattr(node, "rest", None)  # of a match
    return {captured} if isinstance(captured, str) else set()


def _hidden(tree: ast.Module) -> bool:
    """Whether a cell brings in names that are not written in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(one.name == "*" for one in node.names):
            return True
        if isinstance(node, ast.Name) and node.id in ("exec", "get_ipython", "globals", "locals", "vars"):
            return True
    return False


def _aliases(tree: ast.Module) -> Mapping[str, str]:
    """What perfeval and its modules are called in a cell."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.asname or one.name: one.name for one in node.names if one.name.split(".")[0] == "perfeval"}
        elif isinstance(node, ast.ImportFrom) and node.module == "perfeval":
            found |= {one.asname or one.name: f"perfeval.{one.name}" for one in node.names}
    return found


def _records(cells: list[tuple[str, ast.Module]]) -> Iterator[str]:
    """Whether a notebook leaves its figures just once."""
    sure = possible = 0
    for source, tree in cells:
        shown, maybe = _recorded(source, tree)
        sure, possible = sure + shown, possible + maybe
    if sure > 1:
        yield f"笔记本须恰好调用一次 show.record 留下结果，现为{sure}次"
    elif not sure and not possible and not any(_foreign(tree) for _, tree in cells):
        yield "笔记本须恰好调用一次 show.record 留下结果，现为0次（须写在单元格的最后一行，行末不加分号）"


def _recorded(source: str, tree: ast.Module) -> tuple[int, int]:
    """How often a cell surely leaves a record, and how often it may."""
    sure = possible = 0
    for place, statement in enumerate(tree.body):
        if not any(map(_is_record, ast.walk(statement))):
            continue
        plain = isinstance(statement, ast.Expr) and _is_record(statement.value)
        last = place == len(tree.body) - 1 and not source.rstrip().endswith(";")
        if plain and last:
            sure += 1
        elif not plain:
            possible += 1
    return sure, possible


def _is_record(node: ast.AST) -> bool:
    """A call of ``record``, or the media type that it leaves."""
    if isinstance(node, ast.Constant):
        return node.value == FIGURES
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    return (isinstance(called, ast.Attribute) and called.attr == RECORD) or (
        isinstance(called, ast.Name) and called.id == RECORD
    )


def _foreign(tree: ast.Module) -> bool:
    """Whether a cell brings in what might record: a module of the user's own, another notebook, star names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and any(one.name.split(".")[0] not in OUTSIDE for one in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and (
            node.level or (node.module or "").split(".")[0] not in OUTSIDE or any(one.name == "*" for one in node.names)
        ):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("exec", "get_ipython"):
            return True
    return False


HINDRANCES = {
    "SQLITE_FULL": ("磁盘已满", "腾出空间后再运行会接着做"),
    "SQLITE_READONLY": ("文件或文件夹是只读的，或没有写的权限", "请改正权限，或用 --outputs 另选报告目录"),
    "SQLITE_CANTOPEN": ("文件打不开", "请检查报告目录的权限，以及 ledger.sqlite 是否被文件夹或链接占用"),
    "SQLITE_PERM": ("没有权限", "请改正权限，或用 --outputs 另选报告目录"),
    "SQLITE_BUSY": ("正被其他程序使用", "请关闭打开它的程序后再运行"),
    "SQLITE_LOCKED": ("正被其他程序使用", "请关闭打开它的程序后再运行"),
    "SQLITE_IOERR": ("读写出错", "磁盘或共享文件夹可能有故障，请检查后再运行"),
    "SQLITE_NOMEM": ("内存不足", "请关闭其他程序后再运行"),
}
"""What keeps a sound ledger from being read or written: why, and the way out. Everything else is damage."""


def hindrance(file: Path, error: sqlite3.Error, record: str) -> str:
    """What is wrong with a ledger; of a damaged one also what becomes of the mail it knows of (see ``record``)."""
    name = getattr(error, "sqlite_errorname", "") or ""
    for kind, (why, advice) in HINDRANCES.items():
        if name == kind or name.startswith(f"{kind}_"):
            return f"台账 {file.parent.name}/{file.name} 不能读写：{why}；{advice}"
    mail = (
        f"发过的邮件另记在 {record} 里（请留下它），会自动补回，不会重发"
        if (file.parent / record).is_file()
        else "其中若有发送记录会一并失去：发过邮件的请从备份恢复台账，不要移开后直接发送"
    )
    again = "没有备份的可将它改名移开，再次运行会重新生成报告"
    return f"台账 {file.parent.name}/{file.name} 已损坏；请从备份恢复，{again}；{mail}"
