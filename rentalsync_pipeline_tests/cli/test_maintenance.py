"""`maintenance`, on a home that was never synced, too."""

from __future__ import annotations

from rentalsync_pipeline_tests.cli.shell import Shell


def test_it_says_what_went_or_would_go(shell: Shell) -> None:
    said = shell.json("maintenance", "--dry-run")
    assert said["dry_run"] is True
    assert said["done"]["home"]["forgotten"]["bookings"] == 0
    assert "what would go" in shell("maintenance", "--dry-run").stdout
    assert "runs of Dagster" in shell("maintenance").stdout
