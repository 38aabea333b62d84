"""``perfeval pack`` as its users meet it."""

from pathlib import Path

import years

from perfeval.ingest import store


def project(folder: Path) -> Path:
    """A project with one office of three years; its data folder."""
    years.write(folder / "data")
    (folder / "perfeval.toml").write_text("", encoding="utf-8")
    return folder / "data"


def test_folders_are_packed_elsewhere_and_say_the_same(command, tmp_path: Path) -> None:
    data = project(tmp_path)
    done = command("pack", "--into", "打包", cwd=tmp_path)
    assert done.code == 0, done.err
    assert done.out == "已打包到 打包：1个街道，共3个年度。同一年度的文件夹仍在时以文件夹为准。\n"
    assert sorted(path.name for path in (tmp_path / "打包").iterdir()) == ["packed"]
    assert (
        store.load(tmp_path / "打包", "shili")
        .indicators.drop(columns="file")
        .equals(store.load(data, "shili").indicators.drop(columns="file"))
    )


def test_packed_data_are_not_replaced_unasked(command, tmp_path: Path) -> None:
    data = project(tmp_path)
    kept = data / "packed/别的.txt"
    kept.parent.mkdir()
    kept.write_text("原有", encoding="utf-8")
    refused = command("pack", cwd=tmp_path)
    assert refused.code == 2
    assert "data/packed 已存在，没有覆盖；确要重新打包请加 --replace" in refused.err
    assert kept.exists()
    done = command("pack", "--replace", cwd=tmp_path)
    assert done.code == 0, done.err
    assert not kept.exists()
    assert (data / "packed/index.parquet").exists()


def test_mistakes_are_all_told_and_nothing_is_packed(command, tmp_path: Path) -> None:
    data = project(tmp_path)
    (data / "shili/2020/budget.csv").unlink()
    (data / "shili/2023/indicators.csv").write_text("", encoding="utf-8")
    done = command("pack", cwd=tmp_path)
    assert done.code == 1
    assert "E501 data/shili/2020/budget.csv" in done.err
    assert "E103 data/shili/2023/indicators.csv" in done.err
    assert not (data / "packed").exists()
