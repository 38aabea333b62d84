"""PDF of HTML pages: printed by a real browser where there is one; what fails, fails clearly and leaves nothing."""

import os
import shutil
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psutil
import pytest

from perfeval.deliver import pdf
from perfeval.deliver.pdf import PdfError, browser, to_pdf
from perfeval.run import Report, planning, project
from perfeval.run import made as handing
from perfeval.run.made import NotMade
from perfeval.run.outcome import files, settle

PAGE = "<!doctype html><meta charset=utf-8><title>示例</title><style>@page {{ size: A4 }}</style><p>示例街道{}</p>"
posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins for a browser are shell scripts")
printing = pytest.mark.skipif(browser() is None, reason="no browser on this machine")


def page(folder: Path, more: str = "", name: str = "报告 #1?.html") -> Path:
    path = folder / name
    path.write_text(PAGE.format(more), encoding="utf-8")
    return path


def stand_in(folder: Path, lines: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in place of the browser."""
    script = folder / "stand-in"
    script.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv(pdf.VARIABLE, str(script))
    return script


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not on this machine")
    return found


def said(name: str, *arguments: str) -> str:
    done = subprocess.run([tool(name), *arguments], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


@printing
def test_a_report_becomes_a4_pages_with_numbers_and_text_that_can_be_searched(made: Report, tmp_path: Path) -> None:
    target = tmp_path / "报告.pdf"
    to_pdf(made.html, target)
    facts = said("pdfinfo", str(target))
    assert "(A4)" in facts
    assert "部门整体绩效自评报告" in facts
    text = said("pdftotext", "-layout", str(target), "-")
    pages = int(next(line for line in facts.splitlines() if line.startswith("Pages")).split()[1])
    assert pages > 5
    for number in (1, 2, pages):
        assert f"{number} / {pages}" in text
    assert "未完成2项（消防隐患整治率、信访积案化解率）" in text
    assert "file://" not in text, "the browser's own header or footer"
    assert [file.name for file in tmp_path.iterdir()] == ["报告.pdf"]
    assert "Tagged:          yes" in facts
    content = target.read_bytes()
    assert b"/Subtype /Image" not in content, "hatches are lines: as patterns they are pictures"
    assert len(content) < 500_000
    assert "CID TrueType" in said("pdffonts", str(target)), "the packaged font, and not each character by itself"


@printing
def test_equal_pages_give_equal_bytes_without_the_time(tmp_path: Path) -> None:
    source = page(tmp_path)
    targets = [tmp_path / "a.pdf", tmp_path / "b.pdf"]
    for target in targets:
        to_pdf(source, target)
    first, second = (target.read_bytes() for target in targets)
    assert first == second
    assert first.count(b"(D:20000101000000") == 2
    if shutil.which("pdfinfo"):
        assert "Jan  1 00:00:00 2000" in said("pdfinfo", str(targets[0])), "the file is still whole"


@printing
def test_nothing_is_fetched(tmp_path: Path) -> None:
    asked = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name http.server asks for
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # likewise
            pass

    with HTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = server.server_port
        more = "".join(f'<img src="http://{host}:{here}/x.png">' for host in ("127.0.0.1", "localhost"))
        target = tmp_path / "a.pdf"
        to_pdf(page(tmp_path, more), target)
        server.shutdown()
    assert asked == []
    assert target.stat().st_size > 0


def test_an_existing_file_stays_where_there_is_no_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pdf.VARIABLE, str(tmp_path / "没有"))
    target = tmp_path / "a.pdf"
    target.write_bytes(b"mine")
    assert browser() is None
    with pytest.raises(PdfError, match=r"环境变量 PERFEVAL_BROWSER 所指的浏览器“.*没有”不存在"):
        to_pdf(page(tmp_path), target)
    assert target.read_bytes() == b"mine"


@posix
def test_where_no_browser_is_installed_it_says_what_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(pdf.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    if browser() is not None:
        pytest.skip("a browser is in a usual place of this machine")
    with pytest.raises(PdfError, match="没有找到能转成PDF的浏览器") as refused:
        to_pdf(page(tmp_path), tmp_path / "a.pdf")
    for name in ("microsoft-edge", "google-chrome", "chromium", "PERFEVAL_BROWSER"):
        assert name in str(refused.value)


@posix
def test_a_browser_on_path_is_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = stand_in(tmp_path, "exit 0", monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(pdf.VARIABLE, "stand-in")
    assert browser() == script


def test_a_missing_page_is_no_page_of_the_browser(tmp_path: Path) -> None:
    with pytest.raises(PdfError, match=r"没有文件 没有\.html"):
        to_pdf(tmp_path / "没有.html", tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []


@posix
@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("echo 'ERROR:dbus/bus.cc x' >&2; echo 'cannot open display' >&2; exit 3", "退出码3.：cannot open display"),
        ("exit 0", "退出码0.：浏览器没有说明原因"),
        (
            'for a; do case $a in --print-to-pdf=*) printf "%%PDF-1.4 cut" > "${a#*=}";; esac; done; echo half >&2',
            "half",
        ),
    ],
    ids=["fails", "writes nothing", "writes half"],
)
def test_a_browser_that_fails_is_quoted_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, told: str
) -> None:
    stand_in(tmp_path, lines, monkeypatch)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(PdfError, match=told):
        to_pdf(page(tmp_path), out / "a.pdf")
    assert list(out.iterdir()) == []


@posix
def test_a_program_that_cannot_be_started_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = stand_in(tmp_path, "", monkeypatch)
    script.write_bytes(b"\x7fELF no program")
    with pytest.raises(PdfError, match="不能启动"):
        to_pdf(page(tmp_path), tmp_path / "a.pdf")


@posix
def test_a_stuck_browser_is_ended_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = tmp_path / "pids"
    stand_in(tmp_path, f"sleep 600 & echo $! $$ > '{noted}'; wait", monkeypatch)
    with pytest.raises(PdfError, match=r"在1\.5秒内没有转完"):
        to_pdf(page(tmp_path), tmp_path / "a.pdf", seconds=1.5)
    left = [psutil.Process(pid) for pid in map(int, noted.read_text().split()) if psutil.pid_exists(pid)]
    _, alive = psutil.wait_procs(left, timeout=10)  # whoever adopted them may be slow to take note
    assert all(process.status() == psutil.STATUS_ZOMBIE for process in alive)
    assert not (tmp_path / "a.pdf").exists()


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() != 0, reason="only root needs it")
def test_only_root_is_without_the_sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, 'echo "$@" >&2; exit 1', monkeypatch)
    with pytest.raises(PdfError):
        to_pdf(page(tmp_path), tmp_path / "a.pdf")
    assert pdf._is_root()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert not pdf._is_root()


@printing
def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(PdfError, match=r"无法写入 a\.pdf"):
        to_pdf(page(tmp_path), tmp_path / "没有" / "a.pdf")


def test_only_a_report_that_was_made_and_is_still_right_is_handed_on(workplace: Path, made: Report) -> None:
    from perfeval.run import ledger

    place = project.find(workplace)
    with pytest.raises(NotMade, match=r"还没有生成，请先运行 perfeval run -s ronghua -y 2022 -r annual"):
        of(place)
    shutil.copytree(made.folder, place.outputs / "ronghua/2022/annual")
    folder = place.outputs / "ronghua/2022/annual"
    done = Report("annual", "ronghua", "2022", "完成", folder, outputs=settle(folder, files("annual")))
    record(place, planned(place), done)
    assert of(place) == done.html
    done.html.write_text("touched", encoding="utf-8")
    with pytest.raises(NotMade, match="已经过时"):
        of(place)
    shutil.copy(made.html, done.html)
    record(place, planned(place), replace(done, outputs=settle(folder, files("annual"))))
    assert of(place) == done.html
    with pytest.raises(NotMade, match=r"已经过时.*--ruleset mof2020"):
        of(place, "mof2020")
    table = place.data / "ronghua/2022/indicators.csv"
    table.write_bytes(table.read_bytes() + b"\n")
    with pytest.raises(NotMade, match="已经过时"):
        of(place)
    record(place, planned(place), Report("annual", "ronghua", "2022", "失败", done.folder, "单元格“load”出错"))
    with pytest.raises(NotMade, match="没有生成：单元格“load”出错"):
        of(place)
    assert ledger.FILE in {file.name for file in place.outputs.iterdir()}


def of(place: project.Project, ruleset: str = "hubei") -> Path:
    return handing.made(place, "annual", ruleset, subdistrict="ronghua", years=2022)


def planned(place: project.Project) -> planning.Task:
    return planning.plan(place, ["annual"], subdistricts=["ronghua"], years=2022, ruleset="hubei")[0]


def record(place: project.Project, task: planning.Task, report: Report) -> None:
    from perfeval.run import ledger

    with ledger.opened(place.outputs) as book:
        ledger.end(book, ledger.begin(book, task.key, task.reason, task.origin, {}), report)


@printing
def test_the_command_line(command, workplace: Path) -> None:
    page(workplace, name="页.html")
    done = command("export", "页.pdf", "--from", "页.html", cwd=workplace)
    assert (done.code, done.err) == (0, "")
    assert done.out.strip() == "已写入 页.pdf：由 页.html 转成。"
    assert (workplace / "页.pdf").read_bytes().startswith(b"%PDF-")
    for arguments, told in (
        (("export", "页.pdf", "--from", "页.html"), "页.pdf 已经存在"),
        (("export", "b.pdf", "--from", "perfeval.toml"), "应为.html、.htm文件"),
        (("export", "b.pdf"), "还没有生成，请先运行 perfeval run"),
    ):
        refused = command(*arguments, cwd=workplace)
        assert (refused.code, told in refused.err) == (2, True), refused.err
    assert not (workplace / "b.pdf").exists()
