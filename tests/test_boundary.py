"""What surrounds perfeval never gets in or out as it is: startup files, unwritable folders, signs of terminals, strange
arguments, what killed processes left, lost ledgers, a password that a server repeats.
"""

import base64
import errno
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import example
import nbformat
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mailserver import SENDER, USER, running

from perfeval.cli import sentence
from perfeval.cli.terminal import escaped, terminal, visible
from perfeval.deliver import sending, sent
from perfeval.deliver.message import MailError, Recipient, masked
from perfeval.deliver.sending import Source
from perfeval.deliver.sent import SENT, UNKNOWN
from perfeval.model import scratch
from perfeval.model.errors import REASONS, PerfevalError, failure
from perfeval.model.mailing import MailSettings
from perfeval.present import show
from perfeval.run import Report, ledger, project, run_report

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
STARTUP = """
import decimal, matplotlib, pandas
print("HELLO")
pandas.set_option("display.max_rows", 1)
matplotlib.rcParams["font.size"] = 30
matplotlib.rcParams["axes.facecolor"] = "red"
decimal.getcontext().rounding = decimal.ROUND_DOWN
"""


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def cli(
    folder: Path, *arguments: str | bytes, stdout: int = subprocess.PIPE, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """The command line as a process of its own, to the byte."""
    return subprocess.run(
        [sys.executable, "-m", "perfeval.cli", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", **(environment or {})},
        stdout=stdout,
        stderr=subprocess.PIPE,
        timeout=300,
        check=False,
    )


# ---- kernels ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("forked", [False, True])
def test_nobodys_startup_files_reach_a_report(
    workplace: Path, made: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forked: bool
) -> None:
    startup = tmp_path / "startup.py"
    startup.write_text(STARTUP, encoding="utf-8")
    profile = tmp_path / "ipython" / "profile_default"
    (profile / "startup").mkdir(parents=True)
    (profile / "startup" / "00.py").write_text(STARTUP, encoding="utf-8")
    (profile / "ipython_kernel_config.py").write_text("c.InteractiveShellApp.exec_lines = ['print(1)']\n")
    style = tmp_path / "matplotlibrc"
    style.write_text("font.size: 30\naxes.facecolor: red\n", encoding="utf-8")
    (workplace / "matplotlibrc").write_text("font.size: 30\naxes.facecolor: red\n", encoding="utf-8")
    for name, value in (
        ("PYTHONSTARTUP", startup), ("IPYTHONDIR", tmp_path / "ipython"), ("MATPLOTLIBRC", style), ("PYTHONINSPECT", 1),
    ):  # fmt: skip
        monkeypatch.setenv(name, str(value))
    report = run_report(
        "annual", subdistrict="ronghua", year=2022, where=replace(project.find(workplace), isolated=not forked)
    )
    assert not report.error
    assert files(report.folder) == files(made.folder)


# ---- what the system refuses -----------------------------------------------------------------------------------------


def test_outputs_that_are_a_file_are_one_sentence(workplace: Path, command) -> None:
    (workplace / "outputs").touch()
    for arguments in (("run",), ("run", "-r", "annual"), ("send", "--dry-run")):
        done = command(*arguments, cwd=workplace)
        assert done.code in (1, 2), done.err
        assert "Traceback" not in done.err
        assert len(done.err.strip().splitlines()) == 1
    done = command("run", cwd=workplace)
    assert done.code == 2, "a retry helps once the way is clear: no report has failed"
    assert "错误：outputs：同名的文件" in done.err
    assert "--outputs" in done.err


@POSIX
@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write anywhere")
def test_outputs_without_permission_are_one_sentence(workplace: Path) -> None:
    (workplace / "outputs").mkdir(mode=0o500)
    done = cli(workplace, "run")
    assert (done.returncode, "没有权限" in done.stderr.decode()) == (2, True)
    assert "Traceback" not in done.stderr.decode()


def test_a_path_that_is_too_long_is_one_sentence(workplace: Path, command) -> None:
    done = command("run", "--outputs", "很长" * 200, cwd=workplace)
    assert (done.code, "路径太长" in done.err, "Traceback" in done.err) == (2, True, False)


@POSIX
def test_a_folder_that_is_gone_is_one_sentence(tmp_path: Path) -> None:
    gone = tmp_path / "走了"
    gone.mkdir()
    code = (
        f"import os; os.chdir({str(gone)!r}); os.rmdir({str(gone)!r}); from perfeval.cli import main; main(['check'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("错误：当前文件夹已被删除")
    assert len(done.stderr.strip().splitlines()) == 1


@given(st.sampled_from(sorted(errno.errorcode)), st.sampled_from(["outputs", b"out\xff", None, "a" * 5000, ""]))
def test_whatever_the_system_says_is_a_chinese_sentence(number: int, name: str | bytes | None) -> None:
    text = failure(OSError(number, os.strerror(number), name))
    assert "；" in text
    assert "\n" not in text
    assert len(text) < 500
    assert ("磁盘已满" in text) == (number == errno.ENOSPC)
    text.encode("utf-8", "surrogateescape")


def test_only_a_full_disk_is_called_full() -> None:
    assert [number for number, (why, _) in REASONS.items() if "满" in why] == [errno.ENOSPC]
    assert "读写出错" in failure(OSError(errno.EIO, "Input/output error", "a"))


def test_what_nobody_has_foreseen_is_called_a_defect() -> None:
    def broken() -> None:
        raise KeyError("＝≥**")

    try:
        broken()
    except KeyError as error:
        code, text = sentence(error)
    assert code == 1
    assert "程序的缺陷" in text
    assert "KeyError" in text
    assert "PERFEVAL_DEBUG" in text
    assert "\n" not in text
    assert sentence(MemoryError())[1].startswith("错误：内存不足")
    assert sentence(PerfevalError("不行")) == (2, "错误：不行")


@POSIX
def test_arguments_that_are_no_utf8_are_told(workplace: Path, command) -> None:
    real = cli(workplace, b"check", b"-s", b"\xff\xfe")
    told = [(real.returncode, real.stderr.decode())]
    for arguments in ((b"check", b"-s", b"\xff\xfe"), (b"explain", b"\xff"), (b"\xff",), (b"import", b"a\xff.xlsx"),
                      (b"check", b"--data", b"\xff"), (b"run", b"--outputs", b"a\xff", b"-r", b"\xfe")):  # fmt: skip
        done = command(*map(os.fsdecode, arguments), cwd=workplace)
        told.append((done.code, done.err))
    assert told[0] == told[1]
    for code, said in told:
        assert code in (1, 2)
        assert "Traceback" not in said
        assert "⟨0xF" in said or "\\udcff" in said
    odd = os.fsencode(workplace) + b"/\xd7\xd4.txt"
    Path(os.fsdecode(odd)).write_text("没有内容的一行", encoding="utf-8")
    done = cli(workplace, "import", odd, "-s", "ronghua", "-y", "2022")
    assert b"Traceback" not in done.stderr
    assert b"\xd7\xd4" not in done.stdout + done.stderr


# ---- the terminal ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
])  # fmt: skip
def test_no_terminal_stops_a_command(workplace: Path, settings: dict[str, str]) -> None:
    for arguments in (("list",), ("check", "-s", "没有")):
        done = cli(workplace, *arguments, environment=settings)
        assert b"Traceback" not in done.stderr
        assert done.returncode in (0, 1, 2)


@POSIX
def test_a_reader_that_leaves_is_no_failure_to_tell(workplace: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = cli(workplace, "lint", stdout=write)
    os.close(write)
    assert done.stderr == b""


@POSIX
def test_what_is_left_is_let_go_whatever_stands_in_its_place() -> None:
    """Where nobody reads, click puts a stream of its own there; what ours still held was said when Python ended."""
    read, write = os.pipe()
    os.close(read)
    said = (
        "import sys\nfrom perfeval.cli.terminal import terminal\n"
        "with terminal():\n    kept = sys.stdout\n    print('said')\n    sys.stdout = sys.__stdout__\n"
        "try:\n    kept.flush()\nexcept ValueError:\n    pass  # it has no bytes below it any more\n"
        "else:\n    raise SystemExit('still ours')"
    )
    around = {**os.environ, "PYTHONUNBUFFERED": ""}
    done = subprocess.run([sys.executable, "-c", said], stdout=write, stderr=subprocess.PIPE, env=around, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


ORDERS = "\x1b[2J\x1b[31mRED\x1b]0;PWNED\x07\x9b31m\u202egnp\u2066\r\x08\x7f"
IN_CELL = ORDERS.replace("\r", "")  # which would end the row


def test_orders_in_data_are_text_on_the_terminal(workplace: Path, command) -> None:
    def said(*arguments: str) -> tuple[str, str]:
        done = command(*arguments, cwd=workplace)
        return done.out, done.err

    unit = workplace / "data" / "ronghua" / "2022"
    table = (unit / "indicators.csv").read_text(encoding="utf-8")
    (unit / "indicators.csv").write_text(table.replace("完成立案5件", f"{IN_CELL}5件"), encoding="utf-8", newline="")
    odd = workplace / "来件\x1b[31m.csv"
    odd.write_text(f"指标,目标值{ORDERS}\n甲,{ORDERS}\n", encoding="utf-8")
    for arguments in (
        ("check",), ("check", "--json"), ("lint",), ("lint", "--json"), ("score",), ("score", "--json"), ("list",),
        ("import", "--dry-run", odd.name), ("import", "--dry-run", "--json", odd.name), ("check", "-s", ORDERS),
        ("explain", "--name", f"{ORDERS}数", "--target", f"≥5{ORDERS}件", "--actual", f"{ORDERS}6件"), (ORDERS,),
        ("check", f"--{ORDERS}"),
    ):  # fmt: skip
        out, err = said(*arguments)
        told = out + err
        assert not {sign for sign in told if sign in ORDERS and not sign.isprintable()}, arguments
        assert "Traceback" not in told
        if "--json" in arguments and out:
            json.loads(out)
    assert "␛[2J␛[31mRED" in said("lint")[0] + said("score")[0]
    book = unit / "budget.csv"
    book.write_text(book.read_text(encoding="utf-8").replace("2033.69", f"x{IN_CELL}", 1), encoding="utf-8", newline="")
    assert "␛[2J␛[31mRED" in said("check")[0]
    assert "␛[2J␛[31mRED" in said("lint")[1]
    assert "␛[2J␛[31mRED␛]0;PWNED␇⟨U+009B⟩31m⟨U+202E⟩gnp⟨U+2066⟩␍␈␡" in said("check", "-s", ORDERS)[1]


@given(st.text(st.characters()))
def test_nothing_unprintable_but_line_ends_and_tabs_is_left(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    assert not [sign for sign in shown if (ord(sign) < 32 and sign not in "\n\t") or 0x7F <= ord(sign) < 0xA0]
    assert visible(shown) == shown
    value = [text.encode("utf-8", "replace").decode()]
    assert json.loads(escaped(json.dumps(value, ensure_ascii=False))) == value


def test_ordinary_text_stays_as_it_is() -> None:
    for text in ("第一行\n\t第二行", "≥95％ 👍🏽 ﻿é", "a" * 9):
        assert visible(text) == text


def test_the_streams_are_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    below = io.BytesIO()
    ours = io.TextIOWrapper(below, encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", ours)
    with terminal():
        print("\x1b[31m甲")  # noqa: T201  # what is tested
    assert sys.stdout is ours
    ours.write("乙\x07")
    ours.flush()
    assert below.getvalue().decode() == "␛[31m甲\n乙\x07"


# ---- what killed processes left --------------------------------------------------------------------------------------


def dead() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_what_killed_processes_left_is_swept_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    pid, here = dead(), scratch.host()
    gone = [f"perfeval-{pid}-ab_12345", f"perfeval-{here}-{pid}-xyz_9876", f".import-{here}-{pid}-xyz_9876"]
    stay = [
        f"perfeval-{os.getpid()}-ab_12345",
        f"perfeval-{here}-{os.getpid()}-ab_12345",
        f"perfeval-00000000-{pid}-ab_12345",  # another machine's, in a shared folder
        "perfeval-ab_12345", "perfeval-reports", "perfeval-2026-data-old", "other-1-ab", f"xperfeval-{pid}-ab",
    ]  # fmt: skip
    old = ["perfeval-ab_old12", "perfeval-pdf-ab_old12", f"perfeval-00000000-{pid}-old_1234"]
    for name in (*gone, *stay, *old):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kernel.json").write_text('{"key": "secret"}')
    for name in (*old, "perfeval-reports"):
        os.utime(tmp_path / name, (time.time() - 9e5,) * 2)
    stray = {"key": "k", "ip": f"{tmp_path}/perfeval-{pid}-ab_12345/k", "transport": "ipc"}
    (tmp_path / "tmpab_12345.json").write_text(json.dumps(stray))
    for name, text in (
        ("tmpcd_12345.json", json.dumps({**stray, "ip": f"{tmp_path}/perfeval-{os.getpid()}-ab_12345/k"})),
        ("tmpef_12345.json", json.dumps({**stray, "ip": "127.0.0.1"})),
        ("tmpgh_12345.json", "[1]"), ("tmpij_12345.json", "not json"), ("other.json", json.dumps(stray)),
    ):  # fmt: skip
        (tmp_path / name).write_text(text)
        stay.append(name)
    (tmp_path / f"perfeval-{pid}-note1234").write_text("a file")
    stay.append(f"perfeval-{pid}-note1234")
    if sys.platform != "win32":
        (tmp_path / f"perfeval-{pid}-link1234").symlink_to(tmp_path / "other-1-ab")
        stay.append(f"perfeval-{pid}-link1234")
    assert scratch.sweep() == len(gone) + len(old) + 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(stay)


@POSIX
def test_a_killed_run_leaves_no_key_behind_the_next_one(workplace: Path, tmp_path: Path) -> None:
    place = tmp_path / "临时"
    place.mkdir()
    said = tmp_path / "said.txt"
    notebook = workplace / "notebooks" / "annual.ipynb"
    slow = nbformat.read(notebook, as_version=4)
    slow.cells[-1].source = "import time; from pathlib import Path; Path('begun').touch(); time.sleep(60)"
    shutil.copy(notebook, tmp_path / "annual.ipynb")
    nbformat.write(slow, notebook)
    with said.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "perfeval.cli", "run", "-r", "annual", "--isolated"],
            cwd=workplace, env={**os.environ, "TMPDIR": str(place)}, start_new_session=True,
            stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    while not (workplace / "begun").exists() and process.poll() is None:
        time.sleep(0.05)
    assert process.poll() is None, said.read_text(encoding="utf-8")
    left = [path.name for path in place.iterdir()]
    assert left
    assert not [name for name in left if name.endswith(".json")], "the key is inside the folder"
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    (workplace / "data" / f".import-{scratch.host()}-{process.pid}-ab_12345").mkdir()
    shutil.copy(tmp_path / "annual.ipynb", notebook)
    done = cli(workplace, "run", "-r", "annual", environment={"TMPDIR": str(place)})
    assert done.returncode == 0, done.stderr.decode()
    assert list(place.iterdir()) == []


def test_an_import_sweeps_what_killed_ones_left_in_the_data_folder(workplace: Path, command) -> None:
    data = workplace / "data"
    left = data / f".import-{scratch.host()}-{dead()}-ab_12345"
    (left / "ronghua").mkdir(parents=True)
    other = data / f".import-{scratch.host()}-{os.getpid()}-ab_12345"
    other.mkdir()
    table = "一级指标,二级指标,三级指标,年度指标值,实际完成值,分值,得分\n产出指标,数量指标,检查次数,≥12次,13次,50,50\n"
    (workplace / "自评表.csv").write_text(f"2021年度项目支出绩效自评表\n{table}", encoding="utf-8")
    (data / "ronghua" / "2021").mkdir()
    shutil.copy(data / "ronghua" / "2022" / "budget.csv", data / "ronghua" / "2021")
    done = command("import", "自评表.csv", "-s", "ronghua", "-y", "2021", cwd=workplace)
    assert (data / "ronghua" / "2021" / "indicators.csv").is_file(), done.out + done.err
    assert not left.exists()
    assert other.exists()


# ---- ledgers that are damaged or lost --------------------------------------------------------------------------------

WHEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TO = Recipient("张三", "主要领导", "zhang.san@example.cn")
REPORT = Source("annual", "shifan", "2022", show.record(example.evaluation()).figures, b"<p>first</p>")
HERE = MailSettings(sender=SENDER, domains=("example.cn",), per_minute=6000)


def mailed(outputs: Path) -> None:
    with running(outputs.parent) as there:
        settings = replace(HERE, host=there.host, port=there.port, user=USER, ca_file=str(there.ca_file), timeout=5)
        going = [sending.parcel(REPORT, TO, HERE, when=WHEN)]
        sending.send(outputs, going, settings, "s3cr3t.zQ7-pass", sleep=lambda _: None, clock=lambda: 0.0)


def is_due(outputs: Path) -> str:
    with sent.opened(outputs) as book:
        return sending.due(book, REPORT, TO, HERE, correcting=False)[0]


@pytest.mark.parametrize("loss", ["emptied", "removed", "set aside", "restored", "older layout", "table dropped"])
def test_a_lost_ledger_never_sends_twice(tmp_path: Path, loss: str) -> None:
    outputs = tmp_path / "outputs"
    with sent.opened(outputs):
        pass
    book = outputs / ledger.FILE
    earlier = book.read_bytes()
    mailed(outputs)
    if loss == "emptied":
        book.write_bytes(b"")
    elif loss == "removed":
        book.unlink()
    elif loss == "set aside":
        book.rename(outputs / "old.sqlite")
    elif loss == "restored":
        book.write_bytes(earlier)
    else:
        connection = sqlite3.connect(book)
        connection.execute("pragma user_version = 0" if loss == "older layout" else "drop table sent")
        connection.commit()
        connection.close()
    assert sent.restore(outputs) == 1
    assert sent.restore(outputs) == 0
    assert is_due(outputs) == sending.DONE
    assert [row.state for row in sent.rows(outputs)] == [SENT]


def test_a_record_that_is_lost_or_cut_off_is_written_again_from_the_ledger(tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    mailed(outputs)
    record = outputs / sent.RECORD
    whole = record.read_bytes()
    assert whole.count(b"\n") == 2, "taken on, then sent"
    for damaged in (b"", whole[:-30], b"\xff\xfe\0[1]\n{}\n" + whole[: len(whole) // 2]):
        record.write_bytes(damaged)
        assert sent.restore(outputs) == 0
        (outputs / ledger.FILE).unlink()
        assert sent.restore(outputs) == 1
        assert is_due(outputs) == sending.DONE


def test_looking_at_what_was_sent_writes_nothing(tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    assert (sent.rows(outputs), outputs.exists()) == ([], False)
    mailed(outputs)
    (outputs / ledger.FILE).unlink()
    before = sorted(one.name for one in outputs.iterdir())
    assert [row.state for row in sent.rows(outputs)] == [SENT], "the record has it"
    assert sorted(one.name for one in outputs.iterdir()) == before
    with ledger.opened(outputs):  # made by a run: without the table of what was sent
        pass
    assert [row.state for row in sent.rows(outputs)] == [SENT]


def test_what_was_under_way_when_both_ended_is_unknown(tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    with sent.opened(outputs) as book:
        assert sent.claim(book, sending.parcel(REPORT, TO, HERE, when=WHEN).row)
    (outputs / ledger.FILE).unlink()
    with sending.alone(outputs) as left:
        assert left == 1
    (outputs / ledger.FILE).unlink()
    assert [row.state for row in sent.rows(outputs)] == [UNKNOWN]
    assert is_due(outputs) == sending.OPEN


def test_an_emptied_ledger_is_told(workplace: Path, command) -> None:
    assert command("run", "-r", "annual", cwd=workplace).code == 0
    outputs = workplace / "outputs"
    mailed(outputs)
    (outputs / ledger.FILE).write_bytes(b"")
    told = command("run", "-r", "annual", cwd=workplace).err
    assert "台账被清空或移开" in told
    (outputs / ledger.FILE).unlink()
    assert "共1封" in command("send", "--history", cwd=workplace).out
    assert not (outputs / ledger.FILE).exists(), "looking writes nothing"
    told = command("send", "--dry-run", cwd=workplace).err
    assert "台账缺少1封邮件的发送记录" in told
    assert sent.RECORD in told


def test_damage_is_named_and_the_advice_keeps_the_mail(tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    mailed(outputs)
    whole = (outputs / ledger.FILE).read_bytes()
    for damaged in (whole[:5000], b"x" * 4096, whole[:100] + b"\xff" * (len(whole) - 100)):
        (outputs / ledger.FILE).write_bytes(damaged)
        with pytest.raises(ledger.LedgerError, match="已损坏") as caught, sent.opened(outputs):
            pass
        assert "磁盘" not in str(caught.value)
        assert "不会重发" in str(caught.value)
    (outputs / sent.RECORD).unlink()
    with pytest.raises(ledger.LedgerError, match="不要移开后直接发送"), sent.opened(outputs):
        pass


def test_a_ledger_of_wrong_columns_is_damaged_not_without_room(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / ledger.FILE)
    connection.executescript(f"create table runs (id integer); pragma user_version = {ledger.VERSION};")
    connection.close()
    with pytest.raises(ledger.LedgerError) as caught, ledger.opened(tmp_path):
        pass
    assert "磁盘已满" not in str(caught.value)
    assert "已损坏" in str(caught.value)


# ---- a password that a server repeats --------------------------------------------------------------------------------

SECRET = "s3cr3t.zQ7-pass"  # noqa: S105  # of the tests' server
FORMS = [
    SECRET,
    SECRET.upper(),
    base64.b64encode(SECRET.encode()).decode(),
    base64.b64encode(f"\0{USER}\0{SECRET}".encode()).decode(),
    base64.b64encode(f"{USER}\0{USER}\0{SECRET}".encode()).decode(),
    base64.urlsafe_b64encode(f"x{USER}:{SECRET}~~~".encode()).decode(),
    SECRET.encode().hex(),
    "s3cr3t%2EzQ7-pass".replace("%2E", "."),
]


@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_the_password_is_shown(form: str) -> None:
    text = masked(f"5.7.8 Error: authentication failed: AUTH PLAIN {form} for robot", SECRET)
    assert form not in text
    assert text.startswith("5.7.8 Error: authentication failed: AUTH PLAIN ***")
    assert text.endswith("for robot")


def test_a_refusal_that_repeats_the_password_keeps_it_out(tmp_path: Path) -> None:
    with running(tmp_path) as there:
        there.keeper.refusal = f"535 5.7.8 bad credentials {SECRET} {FORMS[3]}"
        settings = replace(HERE, host=there.host, port=there.port, user=USER, ca_file=str(there.ca_file), timeout=5)
        with pytest.raises(MailError) as caught:
            sending.connect(settings, SECRET)
    assert "535 5.7.8 bad credentials *** ***" in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_no_answer_brings_the_password_into_the_record(tmp_path: Path, verb: str) -> None:
    outputs = tmp_path / "outputs"
    with running(tmp_path) as there:
        there.keeper.answers = {verb: [f"550 no, you with {SECRET} and {FORMS[3]}"]}
        settings = replace(HERE, host=there.host, port=there.port, user=USER, ca_file=str(there.ca_file), timeout=5)
        going = [sending.parcel(REPORT, TO, HERE, when=WHEN)]
        (result,) = sending.send(outputs, going, settings, SECRET, sleep=lambda _: None, clock=lambda: 0.0)
    assert result.detail == "550 no, you with *** and ***"
    for path in outputs.iterdir():
        content = path.read_bytes()
        assert SECRET.encode() not in content
        assert FORMS[3].encode() not in content


@pytest.mark.parametrize(
    ("error", "gone"),
    [(psutil.NoSuchProcess(1), True), (psutil.AccessDenied(1), False), (psutil.ZombieProcess(1), True)],
)
def test_a_process_that_does_not_let_itself_be_looked_at_is_still_there(
    monkeypatch: pytest.MonkeyPatch, error: psutil.Error, gone: bool
) -> None:
    def refused(_pid: int) -> None:
        raise error

    monkeypatch.setattr(psutil, "Process", refused)
    assert scratch._gone(1, 0.0) == gone
