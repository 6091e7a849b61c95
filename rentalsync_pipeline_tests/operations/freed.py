"""Whether every night that became free has its row in the table of ways (`docs/explanation/rules.md`)."""

from __future__ import annotations

from rentalsync_pipeline.core.absence import OCCUPYING, Cause
from rentalsync_pipeline_tests.operations.town import Row, Town


def unexplained(town: Town) -> list[Row]:
    """Nights that turned free in the last sync, and no booking ceased to hold them by one of the causes.

    A booking that lives on with other dates has moved, or is a closure that was withdrawn in part.
    """
    causes, occupying = (", ".join(f"'{each}'" for each in group) for group in (Cause, OCCUPYING))
    return town.table(
        f"""
        WITH freed AS (
            SELECT listing, changed,
                unnest(generate_series(first_night, last_night, INTERVAL 1 DAY))::DATE AS night
            FROM changes
            WHERE run_id = 'run-{town.runs}' AND NOT busy
        )
        SELECT listing, night
        FROM freed
        WHERE NOT EXISTS (
            SELECT 1
            FROM booking_versions AS before
            JOIN bookings AS now USING (connection, key, listing)
            WHERE before.listing = freed.listing AND before.state IN ({occupying})
              AND before.check_in <= night AND night < before.check_out
              AND now.run_id = 'run-{town.runs}' AND before.valid_to = now.valid_from
              AND (now.cause IN ({causes})
                   OR (now.state IN ({occupying}) AND (night < now.check_in OR now.check_out <= night)))
        )
        ORDER BY ALL
        """
    )
