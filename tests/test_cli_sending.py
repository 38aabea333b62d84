"""``perfeval send`` as its users meet it: a project, a table of recipients, a mail server with TLS and log-in."""

import json
import shutil
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from mailserver import PASSWORD, SENDER, USER, Running, running

from perfeval.deliver import dispatch, pdf
from perfeval.deliver.sending import VARIABLE
from perfeval.present.page import alone
from perfeval.run import project, run_report

ROOT = Path(__file__).parents[1]
TABLE = "单位,角色,姓名,邮箱,起始日期,截止日期\n荣华街,主要领导,张三,zhang@example.cn,,\nronghua,财政科,,li@other.example,,\n"
SUBJECT = "武汉市硚口区荣华街道办事处2022年度绩效自评：复算97.86分，2项未完成、19项凭申报完成，5处须核实"


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose annual report is made."""
    folder = tmp_path_factory.mktemp("sending") / "项目"
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "perfeval.toml", folder)
    (folder / "data" / "recipients.csv").write_text(TABLE, encoding="utf-8")
    assert not run_report("annual", subdistrict="ronghua", year=2022, where=project.find(folder)).error
    return folder


@pytest.fixture
def place(reported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(reported, tmp_path / "项目"))


def configure(place: Path, there: Running, *more: str) -> None:
    lines = [
        "\n[mail]",
        f'host = "{there.host}"',
        f"port = {there.port}",
        f'user = "{USER}"',
        f'sender = "{SENDER}"',
        'sender_name = "绩效办"',
        'domains = ["example.cn"]',
        f"ca_file = '{there.ca_file}'",
        "pdf = false",
        *more,
    ]
    with (place / "perfeval.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def test_without_a_server_files_are_written_that_mail_programs_open(place: Path, command) -> None:
    done = command("send", "--to-role", "主要领导", cwd=place)
    assert (done.code, "试运行，没有发送任何邮件；写好1封" in done.out) == (0, True), done.err
    (file,) = (place / "outputs" / "_mail").iterdir()
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert (str(message["Subject"]), message["X-Unsent"], message["From"]) == (SUBJECT, "1", None)
    report, *papers = message.iter_attachments()
    left = "邮件不附PDF" in done.err  # a browser that embeds its font as drawings makes it larger than a message may be
    there = pdf.browser() is not None and not left
    assert [paper.get_content_type() for paper in papers] == ["application/pdf"] * there
    assert file.stat().st_size <= dispatch.MOST + 20
    made = (place / "outputs/ronghua/2022/annual/annual.html").read_bytes()
    assert report.get_payload(decode=True) == alone(made)
    refused = command("send", "--really-send", cwd=place)
    assert (refused.code, "没有设置邮件服务器" in refused.err) == (2, True)
    nobody = command("send", "--to-role", "主要领导", "--to", "nobody@example.cn", "--json", cwd=place)
    assert (nobody.code, "现在没有人要收" in nobody.err) == (2, True)


def test_sends_once_keeps_to_the_allowed_domains_and_remembers(
    place: Path, command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path) as there:
        configure(place, there)
        without = command("send", cwd=place)
        assert (without.code, "没有邮箱密码" in without.err, there.keeper.received) == (2, True, [])
        monkeypatch.setenv(VARIABLE, PASSWORD)
        first = command("send", cwd=place)
        assert first.code == 1, "one of the two is outside the allowed domains"
        assert f"已发送  ronghua 2022  zhang@example.cn  {SUBJECT}" in first.out
        assert "没有发  ronghua 2022  li@other.example  不在［mail］domains允许的域名之内" in first.out
        again = command("send", "--to-role", "主要领导", "--json", cwd=place)
        assert (again.code, again.json["dry_run"]) == (0, False)
        assert [mail["state"] for mail in again.json["mails"]] == ["已发过"]
        history = command("send", "--history", "--json", cwd=place).json["sent"]
    (message,) = there.keeper.messages
    assert (str(message["Subject"]), str(message["To"])) == (SUBJECT, "张三 <zhang@example.cn>")
    assert [(row["state"], row["recipient"], row["title"]) for row in history] == [
        ("已发送", "zhang@example.cn", SUBJECT)
    ]
    every = b"".join(path.read_bytes() for path in place.rglob("*") if path.is_file())
    assert PASSWORD.encode() not in every
    assert PASSWORD not in "".join([first.out, first.err, again.out, json.dumps(history)])


def test_a_refused_message_says_what_to_do(place: Path, command, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    with running(tmp_path) as there:
        configure(place, there)
        there.keeper.answers = {"RCPT": ["550 no such user"]}
        refused = command("send", "--to", "zhang@example.cn", cwd=place)
        assert (refused.code, "550 no such user" in refused.out) == (1, True)
        assert "再运行 perfeval send 即可" in refused.out
        there.keeper.refusal = "535 5.7.8 no"
        assert "授权码" in command("send", "--to", "zhang@example.cn", cwd=place).err


def test_an_unknown_message_waits_for_a_person(
    place: Path, command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    with running(tmp_path) as there:
        configure(place, there)
        there.keeper.answers = {"DATA": ["take-and-drop"]}
        lost = command("send", "--to", "zhang@example.cn", cwd=place)
        assert (lost.code, "不知道是否已送达" in lost.out) == (1, True)
        waiting = command("send", "--to", "zhang@example.cn", cwd=place)
        assert (waiting.code, "--resolve" in waiting.out) == (1, True)
        decided = command("send", "--resolve", "sent", cwd=place)
        assert (decided.code, "记为已送达" in decided.out) == (0, True)
        assert command("send", "--to", "zhang@example.cn", cwd=place).code == 0
    assert len(there.keeper.received) == 1


def test_what_is_out_of_date_or_failed_is_never_sent(place: Path, command) -> None:
    indicators = place / "data" / "ronghua" / "2022" / "indicators.csv"
    right = indicators.read_text(encoding="utf-8")
    indicators.write_text(right.replace("30%", "40%"), encoding="utf-8")
    changed = command("send", cwd=place)
    assert (changed.code, changed.out.count("已经过时")) == (1, 2)
    indicators.write_text(right.replace("goal_no", "goal_number", 1), encoding="utf-8")
    budget = place / "data" / "ronghua" / "2022" / "budget.csv"
    budget.write_text(budget.read_text(encoding="utf-8").replace("2033.69", "二千"), encoding="utf-8")
    assert run_report("annual", subdistrict="ronghua", year=2022, where=project.find(place)).error
    failed = command("send", cwd=place)
    assert (failed.code, failed.out.count("没有生成")) == (1, 2)
    assert not list((place / "outputs" / "_mail").glob("*"))


def test_a_wrong_table_sends_nothing_and_check_lists_it(place: Path, command) -> None:
    table = place / "data" / "recipients.csv"
    table.write_text(TABLE + 'ronghua,财政科,,"x@example.cn\nBcc: y@example.cn",,\n', encoding="utf-8")
    for done in (command("send", cwd=place), command("check", cwd=place)):
        assert done.code == 1
        assert "recipients.csv 第4行 列“address（邮箱）”" in done.out + done.err


def test_what_is_unknown_is_told_with_the_way_out(
    place: Path, command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    with running(tmp_path) as there:
        configure(place, there)
        there.keeper.answers["DATA"] = ["take-and-drop"]
        done = command("send", "--to-role", "主要领导", cwd=place)
    assert (done.code, "perfeval send --resolve sent" in done.out) == (1, True), done.out + done.err
