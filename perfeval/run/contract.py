"""The parameters cell as a contract: what a notebook takes, checked before any kernel starts.

papermill reads the cell with a regular expression, passes on what it cannot see, and only warns of a name it does not
know. Here the cell is read as Python; unknown, missing and ill-typed parameters are errors.
"""

import ast
import io
import json
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfeval.model.errors import ParameterError, PerfevalError, listed, nearest

TAG = "parameters"
TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
TITLES = {"str": "文字", "int": "整数", "float": "数", "bool": "是/否"}
SAID = {"true": True, "是": True, "1": True, "false": False, "否": False, "0": False}
"""What stands for yes and no on a command line."""
Value = str | int | float | bool


class Text(str):
    """A value as it stands on a command line: read by the type of the parameter it is for."""

    __slots__ = ()


Notebook = Mapping[str, Any]
"""A notebook's JSON, or nbformat's node of it. (nbformat itself costs a second to import where jupyterlab is installed;
what only plans a run does not need it.)"""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One line of the parameters cell: ``name: type = default  # help``."""

    name: str
    type: str
    default: Value | None
    """None where the line gives no default: the parameter must then be passed."""
    help: str


FORMAT = 4
KINDS = ("code", "markdown", "raw")


def read(path: Path) -> Notebook:
    """The notebook in that file; :class:`PerfevalError` where it is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as broken:
        raise PerfevalError(f"{path.name} 不是有效的笔记本：{broken}") from broken
    except OSError as error:
        raise PerfevalError(f"{path.name} 不能读取：{error.strerror or error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise PerfevalError(f"{path.name} 不是有效的笔记本：没有单元格（须为nbformat {FORMAT}）")
    if content.get("nbformat") != FORMAT or not isinstance(content.get("metadata", {}), dict):
        raise PerfevalError(f"{path.name} 不是有效的笔记本：须为nbformat {FORMAT}，请用JupyterLab打开后另存")
    for place, cell in enumerate(content["cells"], start=1):
        if not _whole(cell):
            raise PerfevalError(f"{path.name} 不是有效的笔记本：第{place}个单元格不完整，请用JupyterLab打开后另存")
    return content


def _whole(cell: object) -> bool:
    """Whether a cell has what every cell of the format has."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in KINDS:
        return False
    source, metadata = cell.get("source"), cell.get("metadata")
    text = isinstance(source, str) or (isinstance(source, list) and all(isinstance(line, str) for line in source))
    return text and isinstance(metadata, dict) and isinstance(metadata.get("tags", []), list)


def source_of(cell: Mapping[str, Any]) -> str:
    """What stands in a cell; a file may hold a list of lines."""
    return "".join(cell["source"])


def parameters(notebook: Notebook) -> dict[str, Parameter]:
    """The parameters a notebook takes, by name; :class:`ParameterError` where its cell breaks the contract."""
    cells = [cell for cell in notebook["cells"] if TAG in cell.get("metadata", {}).get("tags", [])]
    if len(cells) != 1:
        raise ParameterError(f"笔记本须恰有一个带“{TAG}”标签的参数单元格，现有{len(cells)}个")
    source = source_of(cells[0])
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise ParameterError(f"参数单元格第{error.lineno}行不是有效的Python：{error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise ParameterError(f"参数单元格不是有效的Python：{error}") from error
    helps = {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    found: dict[str, Parameter] = {}
    for statement in statements:
        parameter = _parameter(statement, helps)
        if parameter.name in found:
            raise ParameterError(f"参数“{parameter.name}”在参数单元格里写了两次")
        found[parameter.name] = parameter
    return found


def _parameter(statement: ast.stmt, helps: Mapping[int, str]) -> Parameter:
    shown = ast.unparse(statement)
    if not (
        isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and isinstance(statement.annotation, ast.Name)
        and statement.annotation.id in TYPES
    ):
        raise ParameterError(
            f"参数单元格的每一行须写成“名称: 类型 = 默认值  # 说明”，类型为{'、'.join(TYPES)}之一；现为“{shown}”"
        )
    name, kind = statement.target.id, statement.annotation.id
    default = None
    if statement.value is not None:
        try:
            default = ast.literal_eval(statement.value)
        except (ValueError, TypeError) as error:
            raise ParameterError(f"参数“{name}”的默认值须是字面值，现为“{shown}”") from error
        if not _fits(default, kind):
            raise ParameterError(f"参数“{name}”的默认值须是{TITLES[kind]}，现为“{shown}”")
    return Parameter(name, kind, default, helps.get(statement.lineno, ""))


def _fits(value: object, kind: str) -> bool:
    """Exactly the type, with a whole number accepted for float; True is no number."""
    if isinstance(value, bool) or kind == "bool":
        return isinstance(value, bool) and kind == "bool"
    return isinstance(value, (int, float) if kind == "float" else TYPES[kind])


def typed(value: Value | None, kind: str) -> Value | None:
    """The value; of a :class:`Text` what it says where that is of the type, else the text itself."""
    if not isinstance(value, Text):
        return value
    text = value.strip()
    if kind == "bool":
        return SAID.get(text.lower(), str(value))
    try:
        return str(value) if kind == "str" else TYPES[kind](text)
    except ValueError:
        return str(value)


def bind(notebook: Notebook, values: Mapping[str, Value]) -> dict[str, Value]:
    """The values to inject, in the order of the cell: those passed, completed by the defaults.

    A :class:`Text` is read by its parameter's type. Raises :class:`ParameterError` listing every unknown, missing and
    ill-typed one.
    """
    known = parameters(notebook)
    wrong = [f"不认识的参数“{name}”{nearest(name, known)}" for name in values if name not in known]
    bound: dict[str, Value] = {}
    for name, parameter in known.items():
        value = typed(values.get(name, parameter.default), parameter.type)
        if value is None:
            wrong.append(f"缺少参数“{name}”（{parameter.help or TITLES[parameter.type]}）")
        elif not _fits(value, parameter.type):
            wrong.append(f"参数“{name}”须是{TITLES[parameter.type]}，现为“{value}”")
        else:
            bound[name] = value
    if wrong:
        raise ParameterError(listed("参数不符合笔记本的约定", wrong))
    return bound


def fitted(text: str, values: Mapping[str, Value]) -> str:
    """A notebook's file with other defaults in its parameters cell: those of ``values`` that it takes.

    The rest of the cell stays as it is, comments too. What breaks the contract is left alone.
    """
    try:
        notebook = json.loads(text)
        takes = parameters(notebook)
    except (ValueError, TypeError, KeyError, RecursionError, ParameterError):
        return text
    wanted = {
        name: values[name]
        for name, parameter in takes.items()
        if name in values and _fits(values[name], parameter.type)
    }
    wanted = {name: value for name, value in wanted.items() if value != takes[name].default}
    if not wanted:
        return text
    (cell,) = (cell for cell in notebook["cells"] if TAG in cell.get("metadata", {}).get("tags", []))
    source = _with_defaults(source_of(cell), wanted)
    cell["source"] = source if isinstance(cell["source"], str) else source.splitlines(keepends=True)
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _with_defaults(source: str, values: Mapping[str, Value]) -> str:
    """The parameters cell with these values; places in its lines are counted in bytes, as Python does."""
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    for statement in reversed(ast.parse(source).body):
        assert isinstance(statement, ast.AnnAssign)  # noqa: S101  # the contract
        assert isinstance(statement.target, ast.Name)  # noqa: S101  # likewise
        if statement.target.id not in values:
            continue
        before = statement.annotation
        assert before.end_lineno and statement.end_lineno  # noqa: S101, PT018  # what is parsed has its place
        value = values[statement.target.id]
        new = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
        head = lines[before.end_lineno - 1][: before.end_col_offset]
        tail = lines[statement.end_lineno - 1][statement.end_col_offset :]
        lines[before.end_lineno - 1 : statement.end_lineno] = [head + f" = {new}".encode() + tail]
    return b"".join(lines).decode()
