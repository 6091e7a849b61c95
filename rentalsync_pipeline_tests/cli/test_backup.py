"""`backup` and `restore`, from one folder into another."""

from __future__ import annotations

from pathlib import Path

from rentalsync_pipeline_tests.cli.shell import Shell


def test_a_portfolio_moves_to_another_folder(synced: Shell, tmp_path: Path) -> None:
    archive, folder = tmp_path / "rentals.tar.gz", tmp_path / "there"
    made = synced.json("backup", str(archive))
    assert made["has_control"]
    assert made["has_key"]
    assert made["bytes"] == archive.stat().st_size
    said = synced("restore", str(archive), str(folder)).stdout
    assert f"{made['files']} files of " in said
    there = Shell(folder / ".rentalsync")
    assert there.json("listings") == synced.json("listings")
    assert there.json("conflicts") == synced.json("conflicts")


def test_what_is_no_backup_is_named(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"\xff\xd8\xff")
    assert (
        "photo.jpg can't be read to its end"
        in shell("restore", str(file), str(tmp_path / "x"), code=1).stderr
    )
