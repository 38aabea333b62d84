"""Who gets a report: the table, addresses, roles and days. Wrong tables are folders of ``broken/``."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.deliver.message import Recipient, recipients
from perfeval.ingest import recipients as table
from perfeval.model.errors import DataError, NotOnFile, PerfevalError
from perfeval.model.mailing import read_address, read_domain

PLACES = "id,name,district,aliases\nronghua,荣华街道办事处,硚口区,荣华街;荣华\nhanzheng,汉正街道办事处,硚口区,荣华\n"
HEAD = "单位,角色,姓名,邮箱,起始日期,截止日期\n"
ROWS = """荣华街,主要领导,张三,Zhang@Example.CN,,
ronghua,财政科,李四,li@example.cn,2026-01-01,2026年12月31日
ronghua,主要领导,张三（又）,zhang@example.cn,,
硚口区,分管领导,,qu@example.cn,,
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "subdistricts.csv").write_text(PLACES, encoding="utf-8")
    (tmp_path / "recipients.csv").write_text(HEAD + ROWS, encoding="utf-8")
    return tmp_path


def test_offices_are_known_by_id_alias_or_district(data: Path) -> None:
    frame = table.load(data)
    assert frame["subdistrict"].tolist() == ["ronghua", "ronghua", "ronghua", "硚口区"]
    assert frame["address"].tolist()[0] == "Zhang@example.cn"
    assert frame[["from", "to"]].to_numpy().tolist()[1] == ["2026-01-01", "2026-12-31"]
    assert table.check(data) == []


def test_without_a_table_it_is_said_how_one_looks(tmp_path: Path) -> None:
    assert table.check(tmp_path) == []
    with pytest.raises(NotOnFile, match="单位（subdistrict）、角色（role）、姓名（name）、邮箱（address）"):
        table.load(tmp_path)


def test_a_table_with_errors_is_not_used_at_all(data: Path) -> None:
    (data / "recipients.csv").write_text(HEAD + ROWS + "荣华,财政科,,x@example.cn,,\n", encoding="utf-8")
    with pytest.raises(DataError, match="同时指hanzheng、ronghua"):
        table.load(data)


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2025-12-31", ["张三"]),
        ("2026-01-01", ["张三", "李四"]),
        ("2026-12-31", ["张三", "李四"]),
        ("2027-01-01", ["张三"]),
    ],
)
def test_from_and_to_are_both_included_and_nobody_gets_two(data: Path, day: str, names: list[str]) -> None:
    assert [one.name for one in recipients(table.load(data), "ronghua", day)] == names


def test_roles_choose(data: Path) -> None:
    frame = table.load(data)
    assert recipients(frame, "ronghua", "2026-06-01", ["财政科"]) == [Recipient("李四", "财政科", "li@example.cn")]
    assert [one.address for one in recipients(frame, "硚口区", "2026-06-01")] == ["qu@example.cn"]
    assert recipients(frame, "hanzheng", "2026-06-01") == [], "not the office of another"
    with pytest.raises(PerfevalError, match="没有角色“财政课”，是否指“财政科”"):
        recipients(frame, "ronghua", "2026-06-01", ["财政课"])


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" a.b-c_d+e@mail.example.cn ", "a.b-c_d+e@mail.example.cn"),
        ("a@BÜCHER.example", "a@xn--bcher-kva.example"),
        (f"{'a' * 64}@example.cn", f"{'a' * 64}@example.cn"),
    ],
)
def test_addresses_that_are_ones(text: str, address: str) -> None:
    assert read_address(text) == (address, "")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a",
            "@example.cn",
            "a@",
            "a@b@c.cn",
            "a@example",
            "a@10.0.0.1",
            "a@[10.0.0.1]",
            "a@-b.cn",
            "a@b-.cn",
            "a@b..cn",
        ),
        *(".a@example.cn", "a.@example.cn", "a..b@example.cn", '"a b"@example.cn', "a b@example.cn", "张@example.cn"),
        *(
            "a@example.cn\r\nBcc: b@c.cn",
            "a@exam\nple.cn",
            "a\u2028@example.cn",
            "a\x00@example.cn",
            "a@example.cn,b@c.cn",
        ),
        *("a%b.cn@example.cn", "b.cn!a@example.cn", "<a@example.cn>", "张三 <a@example.cn>", "a@example.cn;"),
        *(f"{'a' * 65}@example.cn", f"a@{'b' * 64}.cn", f"a@{'.'.join(['b' * 60] * 5)}.cn", "=?utf-8?q?a?=@example.cn"),
    ],
)
def test_addresses_that_are_none(text: str) -> None:
    address, why = read_address(text)
    assert address == ""
    assert why


@given(st.text(max_size=80))
def test_whatever_is_taken_for_an_address_is_plain_ascii_with_one_at(text: str) -> None:
    for candidate in (text, f"{text}@example.cn", f"a@{text}"):
        address, why = read_address(candidate)
        assert bool(address) != bool(why)
        if address:
            assert address.isascii()
            assert address.isprintable()
            assert address.count("@") == 1
            assert not set(address) & set(' ,;:<>()[]"\\%!')
            assert read_address(address) == (address, ""), "reading again changes nothing"


def test_domains() -> None:
    assert [read_domain(text) for text in ("Example.CN", "政务.中国", "localhost", "1.2.3.4", "a_b.cn", "")] == [
        "example.cn",
        "xn--zfr164b.xn--fiqs8s",
        *[""] * 4,
    ]
