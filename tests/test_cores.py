"""Many pieces by several processes: the same answers, in the same order, and every end clean."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from perfeval import checking
from perfeval.model import parallel
from perfeval.model.errors import ERROR, DataError, PerfevalError, Problem
from perfeval.model.parallel import spread


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "LEAST", 2)
    monkeypatch.setattr(checking, "FEW", 2)


def late_where_first(number: int) -> tuple[int, int]:
    """The first takes longest, so that it is the last to be done."""
    time.sleep(0.2 if number == 0 else 0)
    return number, os.getpid()


def refused_at(number: int, piece: int) -> int:
    if piece == number:
        raise DataError([Problem(code="E101", severity=ERROR, message=f"第{piece}件", advice="", file="甲.csv")])
    return piece


def dying_at(number: int, piece: int) -> int:
    if piece == number:
        os._exit(9)
    return piece


def test_answers_come_in_order_from_other_processes() -> None:
    found = list(spread(late_where_first, range(30), jobs=2))
    assert [number for number, _ in found] == list(range(30))
    assert os.getpid() not in {process for _, process in found}


def test_few_pieces_and_one_job_stay_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {process for _, process in spread(late_where_first, range(3), jobs=1)} == {os.getpid()}
    monkeypatch.setattr(parallel, "LEAST", 4)
    assert {process for _, process in spread(late_where_first, range(3), jobs=2)} == {os.getpid()}
    assert list(spread(late_where_first, [], jobs=2)) == []
    assert len({process for _, process in spread(late_where_first, range(3), jobs=2, least=2)} - {os.getpid()}) > 0


def test_what_is_raised_is_raised_at_its_turn_and_is_what_it_was() -> None:
    found = []
    with pytest.raises(DataError, match="第3件") as caught:
        found.extend(spread(partial(refused_at, 3), range(9), jobs=2))
    assert caught.value.problems[0].file == "甲.csv"


def test_a_process_that_dies_is_told_with_the_piece() -> None:
    with pytest.raises(PerfevalError, match=r"处理“[0-9]”时，程序的一个工作进程意外结束"):
        list(spread(partial(dying_at, 2), range(9), jobs=2))


@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
def test_ctrl_c_ends_all_of_it_and_says_one_sentence(tmp_path: Path) -> None:
    """As a terminal sends it: to every process of the group."""
    forms = tmp_path / "表"
    forms.mkdir()
    rows = ["项目名称,绿化", "一级指标,二级指标,三级指标,年度指标值,实际完成值,分值,得分"]
    rows += [f"产出指标,数量指标,植树{number},≥5棵,6棵,1,1" for number in range(200)]
    for number in range(400):
        (forms / f"{number}.csv").write_text("\n".join(rows), encoding="utf-8")
    begun = tmp_path / "begun"
    environment = {**os.environ, "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", (
        "import pathlib, sys\n"
        "from perfeval.cli import main\n"
        "from perfeval.ingest import importing\n"
        "if __name__ == '__main__':\n"
        f"    pathlib.Path({str(begun)!r}).touch()\n"
        f"    main(['import', {str(forms)!r}, '--dry-run', '--into', {str(tmp_path / 'data')!r}])\n"
    )]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", start_new_session=True,
        cwd=tmp_path, env=environment,
    )  # fmt: skip
    until = time.monotonic() + 120
    while not begun.exists():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.1)
    time.sleep(2)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (130, ""), err
    assert "已中断" in err
    assert "Traceback" not in err


def test_import_lint_and_check_say_the_same_by_two_processes(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    from perfeval import checking, linting
    from perfeval.ingest import importing
    from perfeval.run import project

    monkeypatch.chdir(workplace)
    data = workplace / "data"
    shutil.copytree(data / "ronghua", data / "zhongxing")
    budget = data / "zhongxing/2022/budget.csv"
    budget.write_text(budget.read_text(encoding="utf-8").replace("2033.69", "2133.69", 1), encoding="utf-8")
    units = project.on_file(data, None, None)
    alone, together = (linting.lint("data", units, jobs=jobs) for jobs in (1, 2))
    assert alone.findings.equals(together.findings)
    assert set(alone.findings["subdistrict"]) == {"ronghua", "zhongxing"}
    assert checking.check(jobs=1) == checking.check(jobs=2)
    files = [workplace / f"{name}.csv" for name in "甲乙丙"]
    for number, file in enumerate(files):
        rows = ["项目名称,绿化", "一级指标,二级指标,三级指标,年度指标值,实际完成值,分值,得分"]
        file.write_text("\n".join([*rows, f"产出指标,数量指标,植树,≥5棵,{number}棵,1,1"]), encoding="utf-8")
    seen: list[str] = []
    alone, together = (importing.import_files(files, each=seen.append, jobs=jobs) for jobs in (1, 2))
    assert [str(document.indicators.to_dict()) for document in alone] == [
        str(document.indicators.to_dict()) for document in together
    ]
    assert [document.problems for document in alone] == [document.problems for document in together]
    assert seen == [file.as_posix() for file in files] * 2


def test_an_import_writes_the_same_by_two_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    from perfeval.ingest import filing, importing

    listed = "id,name\n" + "".join(f"{name},{name}街道\n" for name in "甲乙丙丁")
    files = []
    for number, name in enumerate("甲乙丙丁丁戊"):  # the last is not in the list, two are of one office
        file = tmp_path / f"{number}{name}.csv"
        rows = [
            f"单位名称,{name}街道",
            "年度,2022",
            f"项目名称,绿化{number}",
            "资金来源,年初预算数,全年预算数,全年执行数",
        ]
        rows += [f"年度资金总额,{number + 1},10,9", "一级指标,二级指标,三级指标,年度指标值,实际完成值,分值,得分"]
        rows += [f"产出指标,数量指标,植树,≥5棵,{number}棵,1,1"]
        file.write_text("\n".join(rows), encoding="utf-8")
        files.append(file)
    monkeypatch.chdir(tmp_path)
    for known, dry_run in ((files[:5], False), (files[:5], True), (files, False), (files, True)):
        told = []
        for jobs in (1, 2):
            shutil.rmtree("data", ignore_errors=True)
            Path("data/甲/2022").mkdir(parents=True)
            Path("data/subdistricts.csv").write_text(listed, encoding="utf-8")
            Path("data/甲/2022/budget.csv").write_text("item,executed\n年度资金总额,3\n", encoding="utf-8")
            documents = [
                one
                for file, name in zip(known, "甲乙丙丁丁戊", strict=False)
                for one in importing.import_files([file], subdistrict=name, year=2022, data_dir="data")
            ]
            outcomes = filing.write(documents, "data", dry_run=dry_run, jobs=jobs)
            there = {path.as_posix(): path.read_bytes() for path in sorted(Path("data").rglob("*")) if path.is_file()}
            told.append((repr(outcomes), there))
            assert not list(Path("data").glob(".import-*"))
        assert told[0] == told[1]
        assert {outcome.status for outcome in outcomes} == ({"可写入"} if dry_run else {"未写入", "已写入"})
