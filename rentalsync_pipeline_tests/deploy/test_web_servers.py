"""What every web server in front of the feeds has to do, asked of nginx and of Caddy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rentalsync_pipeline.publishing.store import FeedStore
from rentalsync_pipeline_tests.deploy.servers import SERVERS, Site, installed, uncommented

BUSY = "public/loft-busy-aaaaaaaaaaaaaaaaaaaaaaaaaa.ics"
OWNER = "private/loft-owner-bbbbbbbbbbbbbbbbbbbbbbbbbb.ics"
CALENDAR = b"BEGIN:VCALENDAR\r\n" + b"X-PAD:Kaf\xc3\xa9\r\n" * 500 + b"END:VCALENDAR\r\n"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("feeds")
    store = FeedStore(root)
    for name in (BUSY, OWNER, "manifest.json"):
        store.write(name, CALENDAR)
    (root / "public" / ".half.ics").write_bytes(CALENDAR)
    return root


@pytest.fixture(scope="module", params=list(SERVERS))
def server(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if not installed(name):
        pytest.skip(f"{name} is not installed")
    return name


@pytest.fixture(scope="module")
def site(server: str, feeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with SERVERS[server](tmp_path_factory.mktemp(server), feeds, str) as running:
        yield running


def test_a_feed_arrives_as_a_calendar_byte_for_byte(site: Site) -> None:
    reply = site.ask(f"/{BUSY}")
    assert reply.status == 200
    assert reply.body == CALENDAR
    assert reply.headers["content-type"] == "text/calendar; charset=utf-8"
    assert reply.headers["cache-control"] == "max-age=300"
    assert reply.headers["access-control-allow-origin"] == "*"


def test_a_feed_is_never_compressed(site: Site) -> None:
    reply = site.ask(f"/{BUSY}", Accept_Encoding="gzip, deflate, br, zstd")
    assert "content-encoding" not in reply.headers
    assert reply.body == CALENDAR


def test_an_unchanged_feed_is_not_sent_again(site: Site) -> None:
    etag = site.ask(f"/{BUSY}").headers["etag"]
    assert not etag.startswith("W/")
    reply = site.ask(f"/{BUSY}", If_None_Match=etag)
    assert (reply.status, reply.body) == (304, b"")


def test_head_tells_of_a_feed_without_sending_it(site: Site) -> None:
    reply = site.ask(f"/{BUSY}", method="HEAD")
    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["content-length"] == str(len(CALENDAR))
    assert "last-modified" in reply.headers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_nobody_writes_through_the_web_server(site: Site, feeds: Path, method: str) -> None:
    site.ask(f"/{BUSY}", method=method)
    assert (feeds / BUSY).read_bytes() == CALENDAR


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/manifest.json",
        "/public",
        "/public/",
        "/public/.half.ics",
        "/public/manifest.json",
        f"/{OWNER}",
        "/private/",
        f"/public/../{OWNER}",
        f"/public/%2e%2e/{OWNER}",
        f"/public/..%2f{OWNER}",
        f"//{OWNER}",
        f"/{BUSY}/",
        f"/{BUSY}%00",
    ],
)
def test_nothing_but_public_feeds_is_served(site: Site, path: str) -> None:
    reply = site.ask(path)
    assert reply.status in {400, 404}
    assert CALENDAR not in reply.body


def test_a_revoked_feed_is_gone_and_looks_as_if_it_had_never_been(site: Site, feeds: Path) -> None:
    revoked = BUSY.replace("a", "c")
    store = FeedStore(feeds)
    store.write(revoked, CALENDAR)
    assert site.ask(f"/{revoked}").status == 200
    store.remove(revoked)
    gone, unknown = site.ask(f"/{revoked}"), site.ask(f"/{BUSY.replace('a', 'd')}")
    assert gone.status == unknown.status == 404
    assert gone.body == unknown.body


def test_search_engines_may_come_but_are_told_not_to_list(site: Site) -> None:
    robots = site.ask("/robots.txt")
    assert robots.status == 200
    assert robots.body.decode().split() == ["User-agent:", "*", "Allow:", "/"]
    assert robots.headers["content-type"].startswith("text/plain")
    assert site.ask(f"/{BUSY}").headers["x-robots-tag"] == "noindex"


@pytest.mark.parametrize(("network", "served"), [("127.0.0.0/8", True), ("192.168.0.0/16", False)])
def test_owner_feeds_can_be_switched_on_for_the_own_network_alone(
    server: str, feeds: Path, tmp_path: Path, network: str, *, served: bool
) -> None:
    def change(text: str) -> str:
        return uncommented(text).replace("192.168.0.0/16", network)

    with SERVERS[server](tmp_path, feeds, change) as site:
        reply = site.ask(f"/{OWNER}")
        assert (reply.body == CALENDAR) is served
        assert (reply.status == 200) is served
        assert site.ask(f"/{BUSY}").status == 200


def test_no_log_holds_the_address_of_a_feed(site: Site) -> None:
    site.ask(f"/{BUSY}")
    site.ask(f"/{BUSY.replace('a', 'e')}")
    logs = [path for path in site.folder.iterdir() if path.is_file() and path.suffix in {"", ".log"}]
    assert logs
    for log in logs:
        assert "loft-busy" not in log.read_text()
