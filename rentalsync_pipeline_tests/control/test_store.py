from __future__ import annotations

import threading
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from rentalsync_pipeline.control.state import ConnectionState
from rentalsync_pipeline.control.store import ClockError, ControlStore
from rentalsync_pipeline.core.alerts import Matter, News, Trouble

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
SOONER = NOW - timedelta(hours=1)


class TestStates:
    def test_every_field_comes_back_as_it_went_in_in_utc(self, store: ControlStore) -> None:
        rome = NOW.astimezone(timezone(timedelta(hours=1)))
        state = ConnectionState(
            "a",
            last_attempt=rome,
            last_ok=rome,
            last_change=SOONER,
            last_verdict="failed",
            last_reason="timeout",
            last_detail="after 30 s",
            failures=3,
            next_due=NOW,
            not_before=NOW,
            source="d1ce",
            content="c0ffee",
            content_day=date(2026, 11, 20),
            recurring=True,
            etag='"etag"',
            last_modified="Fri, 20 Nov 2026 07:00:00 GMT",
            opened_until=NOW,
            cursor="from here",
            swept={"2026-11-01": "2026-11-20T08:00:00+00:00"},
        )
        assert None not in asdict(state).values()
        store.save_states([state, ConnectionState("b")])

        assert store.states() == {"a": state, "b": ConnectionState("b")}
        attempted = store.states()["a"].last_attempt
        assert attempted is not None
        assert attempted.tzinfo is UTC

    def test_saving_again_replaces(self, store: ControlStore) -> None:
        store.save_states([ConnectionState("a", failures=1, etag="x")])
        store.save_states([ConnectionState("a", failures=2)])
        store.save_states([])
        assert store.states() == {"a": ConnectionState("a", failures=2)}

    def test_a_moment_without_an_offset_is_refused(self, store: ControlStore) -> None:
        with pytest.raises(Exception, match="without an offset"):
            store.save_states([ConnectionState("a", last_ok=datetime(2026, 11, 20))])  # noqa: DTZ001


class TestClock:
    def test_a_sync_may_not_run_before_the_last(self, store: ControlStore) -> None:
        assert store.last_sync() is None
        store.record_sync(NOW)
        store.record_sync(NOW)
        with pytest.raises(ClockError, match="check this machine's clock"):
            store.record_sync(SOONER)
        assert store.last_sync() == NOW


class TestSaid:
    def test_what_was_said_is_kept_until_it_is_over(self, store: ControlStore) -> None:
        late = Trouble(Matter.STALE, "a", "a is silent")
        twice = Trouble(Matter.CONFLICT, "1", "sold twice")
        store.record_said(News((late, twice), ()))
        assert store.said() == [twice, late]
        store.record_said(News((), (twice,)))
        assert store.said() == [late]


class TestRequests:
    def test_a_request_waits_until_it_is_done(self, store: ControlStore) -> None:
        first = store.ask("release", "loft-airbnb", {"fetch": 7}, "anna", SOONER)
        second = store.ask("sync", "", {}, "page", NOW)
        assert [(each.id, each.kind, each.asked_at) for each in store.waiting()] == [
            (first, "release", SOONER),
            (second, "sync", NOW),
        ]

        store.take([first, second], NOW)
        assert [each.taken_at for each in store.waiting()] == [NOW, NOW], "a dead sync's are taken again"

        store.finish(first, "released", NOW)
        assert [each.id for each in store.waiting()] == [second]

    def test_its_payload_comes_back_and_can_not_be_changed(self, store: ControlStore) -> None:
        store.ask("release", "loft-airbnb", {"nights": ["2026-12-31"], "n": 1}, "anna", NOW)
        (request,) = store.waiting()
        assert request.payload == {"nights": ["2026-12-31"], "n": 1}
        with pytest.raises(TypeError):
            request.payload["n"] = 2  # type: ignore[index]

    def test_many_may_ask_at_once(self, store: ControlStore) -> None:
        def ask_often(who: str) -> None:
            for _ in range(10):
                store.ask("sync", who, {}, who, NOW)

        threads = [threading.Thread(target=ask_often, args=(str(number),)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({each.id for each in store.waiting()}) == 40
