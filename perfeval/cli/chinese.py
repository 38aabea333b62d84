"""click in Chinese: help pages, and what it says of a wrong command line."""

import re

import click

from perfeval.cli.helppage import HelpContext, ranges
from perfeval.model.errors import nearest

HELP = {"help_option_names": ["-h", "--help"], "color": True}
"""Settings of the outermost group; its commands inherit them. Escape sequences are not click's to strip: they come from
data only, and are shown (:mod:`perfeval.cli.terminal`)."""
_TYPES = {"integer": "整数", "integer range": "整数", "float": "数", "float range": "数"}
_QUOTED = r"""(?P<quote>['"])(?P<value>.*)(?P=quote)"""
_NOT_VALID = re.compile(rf"{_QUOTED} is not a valid (?P<type>.+)\.", re.DOTALL)
_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)
_OUTSIDE = re.compile(r"(?P<value>.*) is not in the range (?P<range>.+)\.", re.DOTALL)
_NOT_AMONG = re.compile(rf"{_QUOTED} is not (?:one of )?(?P<known>'.+')\.", re.DOTALL)
_NO_COMMAND = re.compile(rf"No such command {_QUOTED}\..*", re.DOTALL)
_OF_A_PATH = re.compile(rf"(?:File|Directory|Path) {_QUOTED} (?P<what>.+)\.", re.DOTALL)
_PATHS = {
    "does not exist": "不存在",
    "is a file": "是文件，应为文件夹",
    "is a directory": "是文件夹，应为文件",
    "is not readable": "不能读",
    "is not writable": "不能写",
    "is not executable": "不能执行",
}
_SEVERAL = re.compile(r"requires (?P<count>\d+) arguments")

EXAMPLES = {
    "": ("perfeval demo", "perfeval run"),
    "check": ("perfeval check", "perfeval check -s ronghua -y 2022"),
    "demo": ("perfeval demo --subdistricts 5 --years 2021-2024",),
    "explain": ("perfeval explain --target ≥95% --actual 92%", "perfeval explain T01"),
    "export": ("perfeval export 报告.docx -s ronghua -y 2022", "perfeval export 自评表.xlsx --template -y 2024"),
    "import": ("perfeval import 自评表.xlsx --dry-run", "perfeval import 收到的文件/ --replace"),
    "lab": ("perfeval lab",),
    "lint": ("perfeval lint -s ronghua", "perfeval lint --format xlsx --output 问题.xlsx"),
    "list": ("perfeval list", "perfeval list --json"),
    "match": ("perfeval match -s ronghua", "perfeval match -s ronghua --write"),
    "new": ("perfeval new 我的项目",),
    "run": ("perfeval run -s ronghua -y 2022", "perfeval run -r mine -p top 10", "perfeval run --dry-run"),
    "schedule": ("perfeval schedule show", "perfeval schedule install"),
    "schedule install": ("perfeval schedule install --using cron",),
    "schedule remove": ("perfeval schedule remove",),
    "schedule serve": ("perfeval schedule serve",),
    "schedule show": ("perfeval schedule show --using windows",),
    "score": ("perfeval score -s ronghua -y 2022", "perfeval score --ruleset all"),
    "send": ("perfeval send --dry-run", "perfeval send -s ronghua --report annual"),
    "share": ("perfeval share 工作台.html", "perfeval share 工作台.html --district 示例区 --years 2022-2024"),
    "upgrade": ("perfeval upgrade",),
    "status": ("perfeval status", "perfeval status --history --limit 5"),
}
"""In the help of each command, by its name behind ``perfeval``; a test holds that each is understood."""


def described(command: click.Command, context: click.Context) -> list[tuple[str, str]]:
    """Each option as it is written and the words about it; arguments stand in the usage."""
    records = (one.get_help_record(context) for one in command.get_params(context) if isinstance(one, click.Option))
    return [(option, ranges(words)) for option, words in filter(None, records)]


class Chinese(click.Command):
    """A command whose help is Chinese throughout."""

    context_class = HelpContext

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """``用法：perfeval run [选项]``"""
        pieces = " ".join(
            piece.replace("[OPTIONS]", "[选项]")
            .replace("[COMMAND] [ARGS]...", "[命令 …]")
            .replace("COMMAND [ARGS]...", "命令 …")
            for piece in self.collect_usage_pieces(ctx)
        )
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, and of a group its commands."""
        with formatter.section("选项"):
            formatter.write_dl(described(self, ctx))
        if isinstance(self, ChineseGroup):
            with formatter.section("命令"):
                formatter.write_dl(self.summaries())

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples, and below them what the command's own epilog says."""
        lines = EXAMPLES.get(ctx.command_path.partition(" ")[2], ())
        if lines:
            with formatter.section("示例"):
                formatter.write("".join(f"{' ' * formatter.current_indent}{line}\n" for line in lines))
        super().format_epilog(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help  显示本说明``"""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本说明"
        return option


class ChineseGroup(Chinese, click.Group):
    """The group of commands; without a command it shows its help."""

    command_class = Chinese

    def summaries(self) -> list[tuple[str, str]]:
        """The commands the help lists, each with a line about it."""
        shown = ((name, command) for name, command in sorted(self.commands.items()) if not command.hidden)
        return [(name, command.get_short_help_str(80)) for name, command in shown]


def _value(message: str) -> str:
    """What click says of a value, in Chinese where it is one of its own sentences."""
    wrong = _NOT_VALID.fullmatch(message)
    if wrong and wrong["type"] in _TYPES:
        return f"“{wrong['value']}”不是{_TYPES[wrong['type']]}"
    outside = _OUTSIDE.fullmatch(message)
    if outside:
        between = ranges(f"[{outside['range']}]")
        return f"“{outside['value']}”超出范围{between}"
    among = _NOT_AMONG.fullmatch(message)
    if among:
        known = "、".join(among["known"].strip("'").split("', '"))
        return f"须是{known}之一，现为“{among['value']}”"
    path = _OF_A_PATH.fullmatch(message)
    return f"“{path['value']}”{_PATHS[path['what']]}" if path and path["what"] in _PATHS else message


def in_chinese(error: click.ClickException) -> str:
    """What click says of a wrong command line, in Chinese."""
    if isinstance(error, click.NoSuchOption):
        hint = f"，是否指“{error.possibilities[0]}”？" if error.possibilities else ""
        return f"没有选项“{error.option_name}”{hint}"
    if isinstance(error, click.MissingParameter):
        return f"缺少参数“{error.param.make_metavar(error.ctx) if error.param and error.ctx else ''}”"
    if isinstance(error, click.BadParameter) and error.param_hint is None and error.param is not None:
        return f"选项“{error.param.opts[0]}”的值不对：{_value(error.message)}"
    if isinstance(error, click.BadOptionUsage):
        several = _SEVERAL.search(error.message)
        values = (
            f"须写{several['count']}个值" if several else "须写一个值" if "requires" in error.message else "不能写值"
        )
        return f"选项“{error.option_name}”后面{values}"
    missing = _NO_COMMAND.fullmatch(error.message)
    if missing:
        group = error.ctx.command if isinstance(error, click.UsageError) and error.ctx else None
        there = [name for name, _ in group.summaries()] if isinstance(group, ChineseGroup) else []
        return f"没有命令“{missing['value']}”{nearest(missing['value'], there)}"
    extra = _EXTRA.fullmatch(error.message)
    return f"多出了参数“{extra[1]}”" if extra else error.message
