"""Commands of an earlier release, for one more: hidden from the help, they say what to use now, and do it."""

from typing import Any

import click

from perfeval.cli.chinese import Chinese
from perfeval.cli.commands import load
from perfeval.model.errors import PerfevalError


class Renamed(Chinese):
    """The old name of a command, or of an option of another one; what else is on the command line is handed on."""

    def __init__(self, name: str, target: str, *options: str) -> None:
        self.target, self.options = target, options
        self.words = " ".join(["perfeval", target, *options])
        super().__init__(name, hidden=True, add_help_option=False, help=f"已改为 {self.words}")

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Say the new name, and go on as the new command."""
        click.echo(f"perfeval {info_name} 已改为 {self.words}，旧名称下一版取消", err=True)
        return load(self.target).make_context(self.target, [*self.options, *args], parent, **extra)


class Gone(Chinese):
    """A command that is no more: whatever its options, it says what to use."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(name, hidden=True, add_help_option=False, help=why)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:  # noqa: ARG002  # click's signature
        """Nothing is understood any more."""
        raise PerfevalError(f"perfeval {self.name} 已取消：{self.help}")


plan = Renamed("plan", "run", "--dry-run")
history = Renamed("history", "status", "--history")
template = Renamed("template", "export", "--template")
review_sheet = Renamed("review-sheet", "export", "--review-sheet")
pack = Gone("pack", "各街道的文件夹直接放在数据目录里即可，不须打包；已打包的数据请改放回文件夹")
