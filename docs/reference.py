"""The reference, from the code: a page of docs/reference/ has ``<!-- from the code: NAME -->`` where this fills it in.

``python docs/reference.py columns`` prints one part. Nothing here is kept: what the code says is on the site when it
is built, and a column, setting, command or name without its Chinese words stops the build.
"""

import ast
import inspect
import posixpath
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

import click

import perfeval as pe
from perfeval.cli import CODES
from perfeval.cli.chinese import EXAMPLES, ChineseGroup, described
from perfeval.cli.commands import PLACES, load
from perfeval.model.columns import DESCRIPTION, FRAMES
from perfeval.model.mailing import MailSettings
from perfeval.run import timetable
from perfeval.run.project import KINDS, SETTINGS, Project

ROOT = Path(__file__).parents[1]
PAGES = {"../data/README.md": "data.md", "../CONTRIBUTING.md": "contributing.md", "../CHANGELOG.md": "changelog.md"}
"""Pages of the checkout, as linked from docs/, and where the site has them."""
COPIED = re.compile(r"<!-- from the checkout: (\S+) -->")
MARK = re.compile(r"<!-- from the code: (\w+) -->")
FRAME_TITLES = {
    "rows": "每项指标",
    "money": "每项支出",
    "scores": "每个单位每个年度",
    "findings": "每个问题",
    "register": "名录：谁在案、谁缺",
    "score_parts": "得分由满分逐项扣到哪里",
    "evidence": "各项指标的佐证",
    "alike": "雷同的文字",
    "sampling_plan": "抽查计划",
    "recomputation": "自评得分与复算得分",
    "decisions": "区县须决定的事",
    "office_decisions": "一个单位须研究决定的事",
    "consequences": "各单位要回答的事，后果重的在前",
    "repeated_failures": "连年未完成的指标",
    "score_changes": "得分变在哪里",
    "decomposition": "得分为什么变化",
    "targets": "目标与上年目标、上年完成值",
    "spending": "各目标的钱与成效",
    "unit_costs": "单位成本",
    "movers": "变动最大的",
    "trends": "趋势判断",
    "year_totals": "全区历年合计",
    "lineage": "指标的沿革",
}
"""What a row of each frame of ``pe.columns`` is."""
SETTING_MEANINGS = {
    "paths": {
        "data": "数据目录：`data/<街道>/<年度>/`",
        "outputs": "报告目录；发过邮件的，要留下其中的 `ledger.sqlite` 和 `sent.jsonl`",
        "notebooks": "参数化笔记本所在的目录",
    },
    "run": {
        "reports": "`perfeval run` 生成哪些报告；趋势和总览要有可比的年度、街道才生成",
        "ruleset": "计分规则：名称（`perfeval list` 可查）或 .toml 文件",
        "jobs": "同时执行的笔记本数，处理器核数的两倍左右最快",
        "memory_mb": "一份报告最多占多少MB内存，超过就停下这一份；0为不限",
        "minutes": "一份报告最多执行多少分钟；0为不限",
        "isolated": "每份报告另启一个解释器：较慢，结果相同",
    },
    "schedule": {
        "at": "几点，24小时制；几个时间写成列表",
        "days": "每天、工作日、周一…周日、每月1日…每月28日；几个写成列表",
        "arguments": "交给 `perfeval run` 的选项",
    },
    "mail": {
        "host": "邮件服务器；设了它，`perfeval send` 就真的发送",
        "port": "端口；不写时按 `security` 取587或465",
        "security": "`starttls` 或 `smtps`",
        "user": "登录名；不需要登录的服务器不填",
        "password_file": "存密码的文件，只有本人可读",
        "ca_file": "单位自己的证书颁发机构（PEM文件）",
        "sender": "发件邮箱，有 `host` 时必填",
        "sender_name": "发件人显示的名称",
        "domains": "允许发往的域名，有 `host` 时必填；子域名须另外列出",
        "cap": "一次最多发几封；超过的视为弄错，一封也不发",
        "per_minute": "每分钟最多几封",
        "timeout": "服务器最多多少秒不答复",
        "ascii_names": "附件用英文名",
        "pdf": "附PDF",
    },
}
"""The words for every setting that perfeval.toml takes."""
SECTIONS = {
    "paths": "目录",
    "run": "生成报告",
    "schedule": "定时",
    "mail": "邮件",
    "parameters": "笔记本自己的参数",
}
API = {
    "读入与评价": ("load", "check", "evaluate", "history", "peers", "district_years", "look_back"),
    "全部在案数据的表": ("rows", "money", "scores", "findings", "register", "stored", "columns"),
    "由这些表得出的表": (
        "completion",
        "score_parts",
        "recomputation",
        "decomposition",
        "decisions",
        "office_decisions",
        "consequences",
        "repeated_failures",
        "score_changes",
        "funded",
        "evidence",
        "alike",
        "sampling_plan",
        "targets",
        "spending",
        "unit_costs",
        "movers",
        "comparable",
        "trends",
        "year_totals",
        "lineage",
        "over_years",
    ),
    "工作台": ("Workbench",),
    "结果": ("Evaluation", "History", "Peers", "DistrictYears", "RuleSet", "Problem"),
    "错误": ("PerfevalError", "DataError", "NotOnFile", "ParameterError", "RuleSetError"),
}
"""Every public name of ``perfeval`` under its heading; the modules below have headings of their own."""
INHERITED = {"ChartAxes": ("   :exclude-members: set",)}
"""Members that matplotlib writes into a class of ours."""
MODULES = {
    "show": "显示：一个单元格的最后一行",
    "plot": "作图：返回 matplotlib 的坐标轴",
    "words": "文字：网页、Word、邮件说的同一句话",
    "thresholds": "界限",
}


def table(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A table in Markdown."""
    lines = [list(heads)]
    lines += [["---"] * len(lines[0])]
    lines += [[" ".join(str(cell).split()).replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def complete(what: str, given: Iterable[str], there: Iterable[str]) -> None:
    """Stop where something has no words here, or words are here for what is gone."""
    odd = {*given} ^ {*there}
    if odd:
        raise ValueError(f"docs/reference.py: {what}: {'、'.join(sorted(odd))}")


def columns() -> str:
    """The columns of every documented frame."""
    complete("FRAME_TITLES", FRAME_TITLES, FRAMES)
    parts = []
    for frame, title in FRAME_TITLES.items():
        rows = ((f"`{one[0]}`", *one[1:]) for one in pe.columns(frame).itertuples(index=False, name=None))
        heads = dict(zip(DESCRIPTION, ("列", "标题", "含义", "单位", "类型", "取值"), strict=True)).values()
        parts.append(f"({frame})=\n## `{frame}`：{title}\n\n{table(heads, rows)}\n")
    return "\n".join(parts)


def kind(one: Any) -> str:
    """What a setting takes."""
    return {tuple: "列表", **KINDS}[one]


def shown(value: Any) -> str:
    """A default as perfeval.toml would have it."""
    if value in ("", (), None):
        return "无"
    if isinstance(value, tuple):
        return f"`[{', '.join(map(as_toml, value))}]`"
    return f"`{as_toml(value)}`"


def as_toml(value: Any) -> str:
    """A plain value in TOML."""
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)


def settings() -> str:
    """Every setting of perfeval.toml: kind, default, meaning."""
    complete("SECTIONS", SECTIONS, SETTINGS)
    run = {one.name: one.default for one in fields(Project)}
    defaults = {
        "paths": {name: name for name in SETTINGS["paths"]},
        "run": run,
        "schedule": {"at": "", "days": timetable.EVERY_DAY, "arguments": ()},
        "mail": {one.name: one.default for one in fields(MailSettings)} | {"port": ""},
    }
    parts = []
    for section, words in SETTING_MEANINGS.items():
        complete(section, words, SETTINGS[section])
        rows = (
            (f"`{name}`", words[name], kind(SETTINGS[section][name]), shown(defaults[section][name])) for name in words
        )
        heads = ("设置", "说明", "写什么", "不写时")
        parts.append(f"## `[{section}]`：{SECTIONS[section]}\n\n{table(heads, rows)}\n")
    return "\n".join(parts)


def exit_codes() -> str:
    """The exit codes of all commands."""
    codes = re.findall(r"(\d+) ([^；]+)", CODES.partition("：")[2])
    return table(("退出码", "意思"), ((f"`{code}`", words) for code, words in codes))


def commands() -> str:
    """Every command: what its ``--help`` says."""
    listed = {name: place.summary for name, place in sorted(PLACES.items()) if place.summary}
    links = ((f"[`perfeval {name}`](#perfeval-{name})", words) for name, words in listed.items())
    parts = [table(("命令", "作用"), links), ""]
    for name in listed:
        parts += _command(load(name), f"perfeval {name}", 2)
    return "\n".join(parts)


def _command(command: click.Command, path: str, depth: int) -> Iterator[str]:
    context = click.Context(command, info_name=path)
    usage = command.get_usage(context).replace("\n", " ")
    yield f"{'#' * depth} {path}\n\n{inspect.cleandoc(command.help or '')}\n"
    yield f"```text\n{' '.join(usage.split())}\n```\n"
    rows = ((f"`{option}`", words) for option, words in described(command, context))
    yield table(("选项", "说明"), rows) + "\n"
    if isinstance(command, ChineseGroup):
        for name, one in sorted(command.commands.items()):
            yield from _command(one, f"{path} {name}", depth + 1)
    else:
        yield "```sh\n" + "\n".join(EXAMPLES[path.removeprefix("perfeval ")]) + "\n```\n"
    if command.epilog:
        yield f"{command.epilog}\n"


def api() -> str:
    """Every public name: signature and docstring."""
    listed = [name for names in API.values() for name in names] + [*MODULES]
    complete("API", listed, pe.__all__)
    parts = []
    for heading, names in API.items():
        parts.append(f"## {heading}\n\n{_directives('perfeval', names, vars_of(pe, names))}")
    for name, heading in MODULES.items():
        module = getattr(pe, name)
        path = module.__name__
        parts.append(f"## `pe.{name}`：{heading}\n\n```{{eval-rst}}\n.. automodule:: {path}\n   :no-members:\n```\n")
        figures = name == "thresholds"
        parts.append(limits(module) if figures else _directives(path, module.__all__, vars_of(module, module.__all__)))
    return "\n".join(parts)


def vars_of(module: Any, names: Iterable[str]) -> dict[str, Any]:
    """The objects of these names."""
    return {name: getattr(module, name) for name in names}


def limits(module: Any) -> str:
    """The figures that a module hands on, each with its value and the words beside it where it is decided."""
    homes = {
        alias.name: import_module(one.module)
        for one in ast.parse(inspect.getsource(module)).body
        if isinstance(one, ast.ImportFrom) and one.module
        for alias in one.names
    }
    rows = [(f"`{name}`", f"`{getattr(module, name)}`", said_of(homes[name], name)) for name in module.__all__]
    return table(("名称", "值", "说明"), rows) + "\n"


def said_of(module: Any, name: str) -> str:
    """The docstring below a constant of a module; empty where it has none."""
    tree = ast.parse(inspect.getsource(module)).body
    for one, after in pairwise(tree):
        names = [ast.unparse(target) for target in getattr(one, "targets", [getattr(one, "target", None)]) if target]
        if name in names and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            return str(after.value.value)
    return ""


def _directives(module: str, names: Iterable[str], there: dict[str, Any]) -> str:
    lines = [f".. py:currentmodule:: {module}", ""]
    for name in names:
        one = there[name]
        if inspect.isclass(one):
            lines += [f".. autoclass:: {name}", "   :members:", *INHERITED.get(name, ()), ""]
        elif callable(one):
            lines += [f".. autofunction:: {name}", ""]
        else:
            lines += [f".. py:data:: {name}", ""]
    return "```{eval-rst}\n" + "\n".join(lines) + "```\n"


def as_written(
    _app: Any, _what: str, _name: str, one: Any, _options: Any, signature: str | None, result: str | None
) -> Any:
    """A signature with the names that its module gives to long types, instead of all that they stand for."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(one))).body[0]
    except (OSError, TypeError, SyntaxError, IndentationError):
        return signature, result
    if isinstance(tree, ast.ClassDef):
        return None, None  # its attributes stand below it
    if not isinstance(tree, ast.FunctionDef):
        return signature, result
    given = tree.args
    for first in given.posonlyargs or given.args:
        if first.arg in {"self", "cls"}:
            (given.posonlyargs or given.args).remove(first)
        break
    return f"({ast.unparse(given)})", ast.unparse(tree.returns) if tree.returns else None


PARTS: dict[str, Callable[[], str]] = {
    "columns": columns,
    "settings": settings,
    "exit_codes": exit_codes,
    "commands": commands,
    "api": api,
}


@cache
def part(name: str) -> str:
    """One part of the reference, in Markdown."""
    return PARTS[name]()


def whole(name: str, *, below: bool) -> str:
    """A page of the checkout, its links as from docs/; its headings ``below`` that of the page it is put in."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if below:
        parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
        text = "".join(
            part if part.startswith("```") else re.sub(r"^#", "##", part, flags=re.MULTILINE) for part in parts
        )
    place = PurePosixPath(name).parent

    def linked(link: re.Match[str]) -> str:
        target = posixpath.relpath(posixpath.normpath(place / link[1]), "docs")
        return f"]({PAGES.get(target, target)}"

    return re.sub(r"\]\((?!\w+:|#)([^)#\s]+)", linked, text)


def fill(_app: Any, page: str, source: list[str]) -> None:
    """Put the parts that a page asks for into its source, as Sphinx reads it; targets as Sphinx knows them."""
    below = source[0].startswith("# ")
    text = COPIED.sub(lambda mark: whole(mark[1], below=below), source[0])
    text = MARK.sub(lambda mark: part(mark[1]), text)
    text = re.sub(r'<a id="(\w+)"></a>', r"(\1)=", text)
    if "/" not in page:  # pages that are read where they lie too: their links lead out of docs/
        text = re.sub(r"\]\((\.\./[^)#\s]+)", lambda link: f"]({PAGES.get(link[1], link[1])}", text)
    source[0] = text


if __name__ == "__main__":
    sys.stdout.write(part(sys.argv[1]))
