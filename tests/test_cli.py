"""The command line as its users meet it: Chinese texts, documented exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


def test_run_makes_reports_and_an_index_then_says_that_nothing_changed(command, process, workplace: Path) -> None:
    first = process("run", cwd=workplace)
    assert (first.code, first.err.count("Traceback")) == (0, 0)
    assert (
        "完成  武汉市硚口区荣华街道办事处 2022 年度自评报告  复算97.86分  outputs/ronghua/2022/annual/annual.html"
        in first.out
    )
    assert first.out.rstrip().endswith("目录：outputs/index.html")
    index = (workplace / "outputs" / "index.html").read_text(encoding="utf-8")
    assert 'href="ronghua/2022/annual/annual.html"' in index
    second = command("run", cwd=workplace)
    assert second.code == 0
    assert "未变1份" in second.out
    assert "没有变化" in second.out
    heavy = (
        "pandas",
        "numpy",
        "pyarrow",
        "matplotlib",
        "papermill",
        "nbformat",
        "nbclient",
        "nbconvert",
        "IPython",
        "zmq",
    )
    for told, *arguments in (
        ("未变1份", "run"),
        ("未变1份", "run", "--dry-run"),
        ('"skipped": 1', "run", "-s", "荣华街", "--json"),
        ("完成", "status"),
        ("计分规则", "list"),
        ("还没有发送过邮件", "send", "--history"),
    ):
        code = (
            "import contextlib, sys; from perfeval.cli import main\n"
            "with contextlib.suppress(SystemExit):\n"
            "    main(sys.argv[1:])\n"
            f"print(set({heavy}) & set(sys.modules))"
        )
        argv = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(argv, capture_output=True, text=True, encoding="utf-8", check=True, cwd=workplace)
        *said, loaded = done.stdout.splitlines()
        assert (told in "\n".join(said), loaded) == (True, "set()"), arguments


def test_run_json(command, workplace: Path) -> None:
    done = command("run", "--json", cwd=workplace)
    report, last = map(json.loads, done.out.splitlines())
    assert (report["status"], report["score"], report["subject"], report["period"]) == (
        "完成",
        97.86,
        "ronghua",
        "2022",
    )
    assert last["index"] == "outputs/index.html"
    assert {name: last["summary"][name] for name in ("done", "skipped", "failed", "left")} == {
        "done": 1,
        "skipped": 0,
        "failed": 0,
        "left": 0,
    }


def test_run_says_which_report_failed_and_where(command, workplace: Path) -> None:
    budget = workplace / "data" / "ronghua" / "2022" / "budget.csv"
    budget.write_text(budget.read_text(encoding="utf-8").replace("executed", "excuted"), encoding="utf-8")
    budget.write_text(budget.read_text(encoding="utf-8").replace("2033.69", "x", 1), encoding="utf-8")
    done = command("run", cwd=workplace)
    assert done.code == 1
    assert "失败" in done.out
    assert "data/ronghua/2022/budget.csv 第2行" in done.out
    assert "Traceback" not in done.out + done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "--year", "2032"), "没有2032年度的数据；现有年度：2022"),
        (("run", "--subdistrict", "ronghau"), "是否指“ronghua”？"),
        (("run", "--report", "anual"), "是否指“annual”？"),
        (("run", "--ruleset", "hubie"), "是否指“hubei”？"),
        (("check", "--year", "2032"), "没有2032年度的数据"),
        (("run", "--yeer", "2022"), "没有选项“--yeer”，是否指“--year”？"),
        (("run", "--year", "二零二二"), "选项“--year”的值不对：“二零二二”不是整数"),
        (("demo", "--subdistricts", "0"), "选项“--subdistricts”的值不对：“0”超出范围（1—100000）"),
        (("run", "--wait", "-3"), "选项“--wait”的值不对：“-3.0”超出范围（不小于0）"),
        (("schedule", "show", "--using", "at"), "选项“--using”的值不对：须是systemd、cron、windows之一，现为“at”"),
        (("export",), "缺少参数“文件”"),
        (("run", "-p", "top"), "选项“-p”后面须写2个值"),
        (("run", "--log", "."), "选项“--log”的值不对：“.”是文件夹，应为文件"),
        (("run", "-y", "it's"), "选项“--year”的值不对：“it's”不是整数"),
        (("it's",), "没有命令“it's”"),
        (("run", "-s"), "选项“-s”后面须写一个值"),
        (("run", "--force=1"), "选项“--force”后面不能写值"),
        (("rnu",), "没有命令“rnu”，是否指“run”？"),
        (("zzz",), "没有命令“zzz”，可用的有：check、"),
        (("schedule",), "用法：perfeval schedule [选项] 命令 …"),
        (("explain", "--target", "5", "--direction", "反项"), "没有方向“反项”，是否指“反向”？"),
        (("explain", "--target", "5", "--weight", "十"), "分值须是不小于0的数"),
        (("explain",), "须写明 --target 和 --actual"),
        (("lint", "--ignore", "P1"), "“P1”是级别，不是检查规则的编号"),
        (("run", "--dry-run", "-y", "2022", "-r", "trend"), "“trend”没有可比的数据：所选的范围里须有两个以上年度"),
        (("run", "--dry-run", "-r", "trend"), "“trend”没有可比的数据：须有两个以上年度"),
        (("check", "--data", "没有这个目录"), "没有这个目录"),
        (("list", "荣华"), "多出了参数“荣华”"),
        (("pack", "--into", "全省"), "perfeval pack 已取消：各街道的文件夹直接放在数据目录里即可"),
    ],
)
def test_a_wrong_command_line_is_answered_in_chinese_with_code_2(
    command, arguments: tuple[str, ...], said: str
) -> None:
    done = command(*arguments)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_check_of_the_data_on_file_finds_nothing_to_mend(command) -> None:
    done = command("check")
    assert (done.code, done.err) == (0, "")


def test_check_names_file_row_column_value_and_what_to_do(command, workplace: Path) -> None:
    budget = workplace / "data" / "ronghua" / "2022" / "budget.csv"
    budget.write_text(budget.read_text(encoding="utf-8").replace("2033.69", "约2千万", 1), encoding="utf-8")
    done = command("check", cwd=workplace)
    assert done.code == 1
    for part in ("错误", "data/ronghua/2022/budget.csv", "第2行", "adjusted（全年预算数）", "约2千万", "→"):
        assert part in done.out, part
    problem = command("check", "--json", cwd=workplace).json["problems"][0]
    assert (problem["row"], problem["value"], problem["severity"]) == (2, "约2千万", "错误")


def test_list(command) -> None:
    done = command("list")
    assert done.code == 0
    for part in ("ronghua  2022  荣华街道办事处", "annual", "hubei", "mof2020", "flat"):
        assert part in done.out
    assert command("list", "--json").json["subdistricts"][0]["year"] == 2022


def test_explain(command) -> None:
    done = command(
        "explain", "--name", "消防隐患整治率99%", "--target", "完成", "--actual", "70%", "--weight", "10", "--json"
    )
    facts = done.json
    assert (facts["target_from"], facts["direction"], facts["status"]) == ("指标名称", "正向", "未完成")
    assert facts["attainment"] == pytest.approx(70 / 99)
    assert facts["score"] == pytest.approx(7.0707)
    assert "99" in facts["derivation"]
    text = command("explain", "--name", "消防隐患整治率99%", "--target", "完成", "--actual", "70%").out
    assert "得分率" in text


def test_help_is_chinese_throughout(command) -> None:
    for arguments in (
        (),
        ("--help",),
        ("run", "--help"),
        ("check", "--help"),
        ("list", "--help"),
        ("explain", "--help"),
    ):
        done = command(*arguments)
        assert done.code == 0
        assert "用法：" in done.out
        for english in ("Usage", "Options", "Commands", "Show this"):
            assert english not in done.out
    assert "退出码" in command("--help").out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (["plan", "-y", "2022"], ["run", "--dry-run", "-y", "2022"], "run --dry-run"),
        (["history", "--limit", "3"], ["status", "--history", "--limit", "3"], "status --history"),
        (["template"], ["export", "--template"], "export --template"),
        (["review-sheet"], ["export", "--review-sheet"], "export --review-sheet"),
    ],
)
def test_an_old_name_says_the_new_one_and_works(
    command, workplace: Path, old: list[str], new: list[str], said: str
) -> None:
    file = [] if said.startswith(("run", "status")) else ["表.xlsx", "-y", "2022"]
    then = command(*old, *file, cwd=workplace)
    assert f"perfeval {old[0]} 已改为 perfeval {said}" in then.err
    (workplace / "表.xlsx").unlink(missing_ok=True)
    now = command(*new, *file, cwd=workplace)
    assert (then.code, then.out) == (now.code, now.out) == (0, now.out)
    assert then.out
    assert now.err == ""


def everything():
    """Every command that is shown, by its words: ``schedule install`` too."""
    import click

    from perfeval.cli.commands import PLACES, load

    for name, one in ((name, load(name)) for name in PLACES):
        inner = one.commands.items() if isinstance(one, click.Group) else ()
        yield from [] if one.hidden else [(name, one), *((f"{name} {word}", below) for word, below in inner)]


def test_the_line_about_a_command_is_the_first_of_its_own_help() -> None:
    from perfeval.cli.commands import PLACES, load

    for name, place in PLACES.items():
        one = load(name)
        assert (one.name, one.hidden) == (name, not place.summary)
        assert one.hidden or place.summary == one.get_short_help_str(80)


WRONG = ("x", "-1", "1e999", "it's", '"', "", ".", "没有", "1.5", "99999999999999999999")


def test_whatever_is_typed_is_answered_without_click_s_english(monkeypatch, tmp_path: Path) -> None:
    import re

    import click

    from perfeval.cli.chinese import in_chinese
    from perfeval.model.errors import PerfevalError

    monkeypatch.chdir(tmp_path)
    english = re.compile(
        r"(?<![-\w])(?:is|not|such|requires?|does|got|directory|valid|range|file)(?![-\w])", re.IGNORECASE
    )
    answers = set()
    for words, one in everything():
        options = [name for each in one.params if isinstance(each, click.Option) for name in each.opts]
        calls = [["--nothing"], ["-ü"], ["extra", "and", "more"], []]
        calls += [call for name in options for call in ([name], [f"{name}=1"], *([name, wrong] for wrong in WRONG))]
        for call in calls:
            try:
                one.make_context(words, call)
            except (click.exceptions.Exit, PerfevalError):
                continue
            except click.ClickException as error:
                answers.add(in_chinese(error))
    assert len(answers) > 50
    assert [answer for answer in answers if english.search(answer)] == []


def test_the_kinds_of_timer_in_the_help_are_those_there_are() -> None:
    from perfeval.cli.schedule import KINDS
    from perfeval.run import timers

    assert KINDS == timers.KINDS


def test_help_loads_nothing_of_weight() -> None:
    from perfeval.cli.commands import PLACES

    heavy = {
        "pandas",
        "numpy",
        "matplotlib",
        "papermill",
        "openpyxl",
        "IPython",
        "multiprocessing",
        "perfeval.model.schema",
    }
    code = (
        "import contextlib, io, json, sys\n"
        "from perfeval.cli import perfeval\n"
        "with contextlib.redirect_stdout(io.StringIO()) as shown:\n"
        "    perfeval.main(sys.argv[1:], standalone_mode=False)\n"
        "print(json.dumps([shown.getvalue(), *sys.modules]))"
    )
    for words in ([], *([name] for name, place in PLACES.items() if place.summary)):
        argv = [sys.executable, "-c", code, *words, "--help"]
        done = subprocess.run(argv, capture_output=True, text=True, check=True, encoding="utf-8")
        shown, *loaded = json.loads(done.stdout)
        assert "用法：" in shown
        assert heavy.isdisjoint(loaded), (words, heavy.intersection(loaded))
        others = {f"perfeval.cli.{place.module}" for name, place in PLACES.items() if [name] != words}
        assert words or others.isdisjoint(loaded), "the list of commands loads none"


def test_help_has_examples_that_are_understood_and_no_english() -> None:
    import re
    import shlex

    import click

    from perfeval.cli import perfeval
    from perfeval.cli.chinese import EXAMPLES

    commands = dict(everything())
    assert {"", *commands} == EXAMPLES.keys()
    for words, one in commands.items():
        parent = click.Context(perfeval, info_name="perfeval")
        for word in words.split()[:-1]:
            parent = click.Context(commands[word], info_name=word, parent=parent)
        shown = one.get_help(click.Context(one, info_name=words.split()[-1], parent=parent))
        assert "示例" in shown, words
        for english in (
            "Usage",
            "Options",
            "Commands",
            "Arguments",
            "Show this",
            "default",
            "required",
            "TEXT",
            "INTEGER",
            "PATH",
        ):
            assert not re.search(rf"\b{re.escape(english)}\b", shown), (words, english)
        for line in EXAMPLES[words]:
            assert line in shown
            program, *rest = shlex.split(line)
            assert program == "perfeval"
            assert rest[: len(words.split())] == words.split()
            if not isinstance(one, click.Group):
                one.make_context(words, rest[len(words.split()) :]).close()


def test_json_is_everywhere_but_where_a_program_stays_open() -> None:
    import click

    without = {
        words
        for words, one in everything()
        if not isinstance(one, click.Group) and not any("--json" in option.opts for option in one.params)
    }
    assert without == {"lab", "schedule serve"}


def test_the_shell_completes_commands_and_not_the_old_ones(command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_PERFEVAL_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "perfeval ")
    monkeypatch.setenv("COMP_CWORD", "1")
    words = command().out.split()
    assert "plain,run" in words
    assert not {"plain,plan", "plain,pack"} & set(words)


def test_a_command_s_process_ends_with_its_code_once_all_is_written_and_nothing_is_torn_down() -> None:
    code = """
import sys, threading, time
from perfeval.cli import main

class Loaded:
    def __del__(self):
        print("torn down")

loaded = Loaded()
threading.Thread(target=lambda: (time.sleep(.2), print("waited for"))).start()
sys.argv[1:] = ["run", "-y", "nothing"]
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout.split("\n")) == (2, ["waited for", ""])
    assert done.stderr.startswith("错误：")
