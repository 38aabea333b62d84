"""The settings of the mail and the password: strict, safe by default, and quiet about what is secret."""

import os
from pathlib import Path

import pytest

from perfeval.deliver.message import MailError
from perfeval.deliver.sending import VARIABLE, password
from perfeval.ingest.locating import SettingsError
from perfeval.model.mailing import MailSettings
from perfeval.run import project

RIGHT = """[mail]
host = "smtp.example.cn"
user = "robot"
sender = "Robot@Example.CN"
domains = ["Example.cn", "政务.中国"]
security = "smtps"
password_file = "secret.txt"
"""


def read(folder: Path, text: str) -> MailSettings:
    file = folder / "perfeval.toml"
    file.write_text(text, encoding="utf-8")
    return project.read(file).mail


def test_without_settings_there_is_no_server(tmp_path: Path) -> None:
    found = read(tmp_path, "")
    assert (found.host, found.security, found.server_port, found.cap) == ("", "starttls", 587, 50)


def test_what_is_set_is_taken_in_one_form(tmp_path: Path) -> None:
    found = read(tmp_path, RIGHT)
    assert (found.sender, found.server_port) == ("Robot@example.cn", 465)
    assert found.domains == ("example.cn", "xn--zfr164b.xn--fiqs8s")
    assert found.password_file == str(tmp_path / "secret.txt")
    assert found.allows("example.cn")
    assert not found.allows("sub.example.cn")


def test_every_wrong_setting_is_named(tmp_path: Path) -> None:
    text = """[mail]
host = "smtp.例子.cn"
prot = 25
port = 70000
security = "none"
sender = "某某"
domains = ["localhost"]
cap = true
per_minute = 0
ascii_names = "yes"
user = "a\\nb"
"""
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)
    message = str(caught.value)
    for said in (
        "有10处错误",
        "“prot”，是否指“port”？",
        "port 须在0和65535之间，现为“70000”",
        "security 须是starttls或smtps（不支持不加密的连接），现为“none”",
        "sender 须是邮箱地址",
        "domains 须是域名的列表",
        "cap 须是整数，现为“True”",
        "per_minute 须在1和6000之间",
        "ascii_names 须是true或false",
        "user 含换行或控制字符",
        "host 只能用英文",
    ):
        assert said in message


def test_a_server_needs_a_sender_and_the_domains_mail_may_go_to(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"(?s)还须设置sender.*还须设置domains"):
        read(tmp_path, '[mail]\nhost = "smtp.example.cn"\n')


def test_a_password_is_no_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="不认识的设置“password”"):
        read(tmp_path, '[mail]\npassword = "x"\n')


def secret(folder: Path, text: str, mode: int = 0o600) -> MailSettings:
    file = folder / "secret.txt"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return MailSettings(user="robot", password_file=str(file))


def test_the_environment_comes_first_then_the_file(tmp_path: Path) -> None:
    found = secret(tmp_path, "from-file\n")
    assert password(found, {}) == "from-file"
    assert password(found, {VARIABLE: "from-environment"}) == "from-environment"
    assert password(MailSettings(), {VARIABLE: "x"}) == "", "nobody logs in without a name"


@pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_may_read_is_not_used(tmp_path: Path, mode: int) -> None:
    with pytest.raises(MailError, match="chmod 600") as caught:
        password(secret(tmp_path, "hidden-7\n", mode), {})
    assert "hidden-7" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "\n", "a\nb\n"])
def test_a_file_holds_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(MailError, match="只有一行"):
        password(secret(tmp_path, text), {})


def test_a_file_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(MailError, match=r"secret\.txt 不能读"):
        password(MailSettings(user="robot", password_file=str(tmp_path / "secret.txt")), {})


def test_without_a_password_all_places_for_one_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with pytest.raises(MailError, match=r"PERFEVAL_SMTP_PASSWORD.*password_file.*keyring"):
        password(MailSettings(user="robot"), {})


def test_a_password_that_no_server_takes_is_refused_without_being_shown() -> None:
    with pytest.raises(MailError, match="只能用英文") as caught:
        password(MailSettings(user="robot"), {VARIABLE: "密码-7"})
    assert "密码-7" not in str(caught.value)
