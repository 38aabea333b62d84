"""click in Chinese: help pages, and what it says of a wrong command line."""

import click


class Chinese(click.Command):
    """A command whose help is Chinese throughout."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """``用法：perfeval run [选项]``"""
        pieces = " ".join(
            piece.replace("[OPTIONS]", "[选项]").replace("[COMMAND] [ARGS]...", "[命令 …]")
            for piece in self.collect_usage_pieces(ctx)
        )
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, and of a group its commands."""
        rows = [record for parameter in self.get_params(ctx) if (record := parameter.get_help_record(ctx))]
        with formatter.section("选项"):
            formatter.write_dl(rows)
        if isinstance(self, click.Group):
            with formatter.section("命令"):
                formatter.write_dl(
                    [(name, command.get_short_help_str(80)) for name, command in sorted(self.commands.items())]
                )

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help  显示本说明``"""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本说明"
        return option


class ChineseGroup(Chinese, click.Group):
    """The group of commands; without a command it shows its help."""

    command_class = Chinese


def in_chinese(error: click.ClickException) -> str:
    """What click says of a wrong command line, in Chinese."""
    if isinstance(error, click.NoSuchOption):
        hint = f"，是否指“{error.possibilities[0]}”？" if error.possibilities else ""
        return f"没有选项“{error.option_name}”{hint}"
    if isinstance(error, click.MissingParameter):
        return f"缺少参数“{error.param.name if error.param else ''}”"
    if isinstance(error, click.BadParameter) and error.param_hint is None and error.param is not None:
        return f"选项“{error.param.opts[0]}”的值不对：{error.message}"
    if "No such command" in error.message:
        return f"没有命令“{error.message.split(chr(39))[1]}”；perfeval --help 可查全部命令"
    return error.message
