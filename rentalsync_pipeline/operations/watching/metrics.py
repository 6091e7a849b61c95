"""What `/metrics` tells, and what each number means: the one table of them.

Belongs here: names, labels, meanings. Does not: taking the numbers (`measuring`), writing them down as
Prometheus reads them (`bridge.metrics`). `docs/reference/metrics.md` shows this table.
Names follow Prometheus's conventions (https://prometheus.io/docs/practices/naming/): base units, and
`_total` for what only grows. A label is a name that the host has given, or a word of ours: never a guest's
name, an address or a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rentalsync_pipeline.core.vacancy import AHEAD

PREFIX = "rentalsync_"
_GROWS = "_total"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric; `meaning` is a sentence without its full stop."""

    name: str
    labels: tuple[str, ...]
    meaning: str

    @property
    def is_counter(self) -> bool:
        """Whether it only ever grows."""
        return self.name.endswith(_GROWS)


_HOME = {
    "health_level": "What `rentalsync status` says of the whole: 0 well, 1 a warning, 2 it fails",
    "sync_running": "1 while a sync holds the lock",
    "last_sync_timestamp_seconds": "The clock of the last sync",
    "last_apply_timestamp_seconds": "When the configuration was last applied from a file",
    "last_look_timestamp_seconds": "When the daemon last looked whether a sync should start",
    "requests_waiting": "What people and webhooks asked for and no sync has done yet",
    "oldest_request_timestamp_seconds": "When the oldest of these was asked for",
    "webhooks_waiting": "Connections whose channel has called since they were asked",
    "oldest_webhook_timestamp_seconds": "When the first of these calls came",
    "listings": "Listings that are configured",
    "listings_enabled": "Those of them that are published",
    "listings_shut": "Those of which nothing is left to sell because much was closed at once",
    "feeds_rolled_back": "Feeds that a person has rolled back",
    "snapshot_timestamp_seconds": (
        "When the snapshot was made, by the clock of its sync; whatever comes from it is as of then"
    ),
    "snapshot_size_bytes": "The snapshot's file",
    "warehouse_size_bytes": "The warehouse's file",
    "syncs_total": "Syncs that came as far as reading answers",
    "sync_fetching_seconds": (
        "From the first question to the last answer of the last sync that asked; that is most of its time"
    ),
}
_TROUBLE = {"troubles": "Troubles that somebody was told of and that are not over, by their matter"}
_WEBHOOKS = {
    "webhooks_received_total": "Webhooks that had a connection asked",
    "webhooks_repeated_total": "Webhooks that were known already",
    "webhooks_refused_total": "Webhooks without a proof that holds",
}
_CONNECTION = {
    "connection_up": "1 where the last answer was good, 0 where it failed or is in quarantine",
    "connection_asked": "1 where it is asked by itself, 0 where it or its listing is switched off",
    "connection_failures": "Answers in a row that were not good",
    "connection_last_attempt_timestamp_seconds": "When it was last asked",
    "connection_last_success_timestamp_seconds": "When it last gave a good answer",
    "connection_last_change_timestamp_seconds": "When an answer last brought news",
    "connection_next_due_timestamp_seconds": "When it is asked next",
    "connection_stale_timestamp_seconds": "From when on its last good answer counts as stale",
    "fetches_total": "Answers and failures",
    "fetches_unchanged_total": "Answers that said what the last one said",
    "fetches_quarantined_total": "Answers that were not believed where they take nights away",
    "fetch_bytes_total": "Bytes received",
    "fetch_seconds_total": "Time from questions to answers",
    "events_read_total": "Events or records in answers",
    "events_rejected_total": "Those that could not be read",
    "bookings_created_total": "Bookings that were new",
    "bookings_updated_total": "Bookings that changed",
    "bookings_cancelled_total": "Bookings that ended before their time",
}
_FAILURE = {
    "connection_failing": "1 with the reason why the last answer was not good",
    "fetch_failures_total": "Answers that were not good, by reason; `doubtful` ones are in quarantine",
}
_QUARANTINE = {
    "quarantines": "Quarantines that stand",
    "quarantines_total": "Quarantines ever",
    "quarantined_bookings": "Bookings that the doubtful answers would lose",
    "quarantine_oldest_timestamp_seconds": "Since when the oldest one stands",
    "unmapped_bookings": "Bookings of rooms that no listing is mapped to",
}
_LISTING = {
    "stays": "Guests' stays, past ones included; the owner's own weeks are none",
    "free_nights": f"Nights of the next {AHEAD} that can be sold, when the listing last had news",
    "conflicts_certain": "Open double bookings ahead of which both are reservations by their channels' marks",
    "conflicts_possible": "Those of which one may be a closure or a copy",
    "conflicts_to_confirm": "Pairs taken for one stay that a person should look at once",
    "conflicts_total": "All pairs ever recorded",
    "nights_taken_total": "Nights that became busy",
    "nights_freed_total": "Nights that became free",
    "orphaned_nights": "Nights ahead that stay busy although the connection that told of them is gone",
}
_FEED = {
    "feed_events": "Events in the calendar that is published",
    "feed_size_bytes": "Its size",
    "feed_last_change_timestamp_seconds": "When it last changed",
    "feed_versions_total": "How many versions of it were published",
}
_EXPOSURE = {
    "imports_total": "Stays that we published and that were seen to be imported there",
    "import_median_seconds": "From our publishing of a stay to the sight of its copy there: half took longer",
    "import_ninety_percent_seconds": "So long it took at the most in nine of ten",
}

_BY_LABELS: Mapping[tuple[str, ...], Mapping[str, str]] = {
    (): _HOME,
    ("reason",): _TROUBLE,
    ("channel",): {"connections": "Connections that are configured", **_WEBHOOKS, **_EXPOSURE},
    ("connection", "channel"): _CONNECTION,
    ("connection", "channel", "reason"): _FAILURE,
    ("connection",): _QUARANTINE,
    ("listing",): _LISTING,
    ("listing", "audience"): _FEED,
}

METRICS: tuple[Metric, ...] = tuple(
    Metric(PREFIX + name, labels, meaning)
    for labels, meanings in _BY_LABELS.items()
    for name, meaning in meanings.items()
)
"""All of them, in the order in which they are told."""
LABELS = frozenset(label for labels in _BY_LABELS for label in labels)
