"""The commands by name, and the line about each in ``perfeval --help``; none is loaded before somebody asks for it."""

from importlib import import_module
from typing import NamedTuple

import click

from perfeval.cli.chinese import ChineseGroup


class Place(NamedTuple):
    """Where a command is, and what the help of the group says of it."""

    module: str
    """Of ``perfeval.cli``."""
    attribute: str
    summary: str
    """The first line of its own help, which a test compares; empty for what the help does not list."""


PLACES = {
    "check": Place(
        "data", "check", "检查数据和设置：列出会使报告做不成的每一处，及每一处问题的文件、行、列、值和改法。"
    ),
    "demo": Place("data", "demo", "生成一个虚构区的示例数据，供试用、演示和测试。"),
    "explain": Place(
        "explaining",
        "explain",
        "说明一对目标值和完成值怎样读、怎样计分；给出编号（如 T01）时说明这条检查规则。",
    ),
    "export": Place(
        "exporting",
        "export",
        "写成文件：.docx 公文格式的报告（-r review 写复核意见），.xlsx 工作簿，.pdf 已生成的报告；空白自评表，复核表。",
    ),
    "import": Place("importing", "import_", "导入自评表和自评报告：识别、检查、预览，然后写入数据目录。"),
    "lab": Place("lab", "lab", "打开JupyterLab探索数据：中文界面，只在本机，不访问网络。"),
    "lint": Place("linting", "lint", "查自评质量：列出复核人员会指出的问题、位置、事实和改法。"),
    "list": Place("data", "list_", "列出现有的街道、年度、报告和计分规则。"),
    "match": Place("matching", "match", "对应各年度的指标：逐年列出一致、相近、新增、取消的数目和待人工判定的。"),
    "new": Place("data", "new", "新建项目：设置、数据目录的说明和笔记本；已有的文件不改。"),
    "run": Place("running", "run", "生成报告：执行笔记本，导出HTML；没有变化的跳过，中断的接着做。"),
    "schedule": Place("schedule", "schedule", "按 perfeval.toml 的［schedule］定时生成报告：查看、安装、卸下定时器。"),
    "score": Place("scoring", "score", "复算得分：申报与复算并列，列出哪些规则能得出自评得分，以及每项的依据。"),
    "send": Place("sending", "send", "把报告邮寄给收件人表里的人：每人一封，同一版本只发一次。"),
    "share": Place(
        "sharing", "share", "写成一个网页文件：带筛选和图的工作台，不用Jupyter、不联网即可打开，可以寄给别人。"
    ),
    "status": Place("status", "status", "各报告最近一次的结果，以及现在是否有运行；或历次的结果（--history）。"),
    "upgrade": Place(
        "data", "upgrade", "旧版建的项目：把没有改过的旧笔记本换成这一版的，补上新的；数据、设置和报告不动。"
    ),
    "plan": Place("renamed", "plan", ""),
    "history": Place("renamed", "history", ""),
    "template": Place("renamed", "template", ""),
    "review-sheet": Place("renamed", "review_sheet", ""),
    "pack": Place("renamed", "pack", ""),
}


def load(name: str) -> click.Command:
    """The command of this name."""
    place = PLACES[name]
    command: click.Command = getattr(import_module(f"perfeval.cli.{place.module}"), place.attribute)
    return command


class Commands(ChineseGroup):
    """The group of all commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Their names, the old ones too."""
        return sorted(PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # likewise
        """The command, loaded now; None where there is none of this name."""
        return load(cmd_name) if cmd_name in PLACES else None

    def summaries(self) -> list[tuple[str, str]]:
        """From the table, so that no command is loaded for the help."""
        return sorted((name, place.summary) for name, place in PLACES.items() if place.summary)
