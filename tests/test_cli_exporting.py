"""``perfeval export``: what a suffix gives, what is refused, and that nothing on file is lost."""

from pathlib import Path

import docx
import pytest


def test_the_word_report_is_written_and_read_back(command, workplace: Path) -> None:
    done = command("export", "annual.docx", cwd=workplace)
    assert (done.code, done.err) == (0, "")
    assert done.out.strip() == "已写入 annual.docx：荣华街道办事处 2022年度，39项指标。"
    title = docx.Document(str(workplace / "annual.docx")).paragraphs[0].text
    assert title == "2022年度武汉市硚口区人民政府\n荣华街道办事处"
    again = command("import", "annual.docx", cwd=workplace)
    assert (again.code, "没有变化" in again.out) == (0, True), again.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "annual.doc"), "应为.docx"),
        (("export", "annual.docx", "-y", "2032"), "没有2032年度的数据"),
        (("export", "annual.docx", "--ruleset", "hubai"), "hubei"),
        (("export", "没有/annual.docx"), "无法写入"),
        (("export",), "缺少参数"),
    ],
)
def test_what_cannot_be_written_is_said(command, workplace: Path, arguments: tuple[str, ...], said: str) -> None:
    done = command(*arguments, cwd=workplace)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert not list(workplace.rglob("*annual.doc*"))


def test_an_existing_file_is_kept_until_it_may_be_replaced(command, workplace: Path) -> None:
    path = workplace / "annual.docx"
    path.write_bytes(b"mine")
    done = command("export", "annual.docx", cwd=workplace)
    assert (done.code, "已经存在" in done.err, path.read_bytes()) == (2, True, b"mine")
    assert command("export", "annual.docx", "--replace", cwd=workplace).code == 0
    assert path.read_bytes().startswith(b"PK")
