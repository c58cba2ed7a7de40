"""Limits: so many requests and characters a client, whoever it says it is and wherever they are counted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis_server
import serving
from asking import Answer, Browser, Site, quick_passwords, site, without_detector
from helpers import needed

needed("fastapi")
needed("limits")

from starlette.requests import Request

from neural_lab.api.addresses import MOST_HOPS, client_address
from neural_lab.api.limiting import Cautious, Told, open_limits
from neural_lab.backends.limiter import MemoryLimiter
from neural_lab.errors import InvalidRequest
from neural_lab.ports import Allowance

PASSWORD = "correct horse battery"
TEXT = "The bus was late this morning, so I walked home through the rain."
ONE, TWO, PROXY = "203.0.113.1", "203.0.113.2", "10.0.0.1"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_passwords(monkeypatch)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    without_detector(monkeypatch)


def detect(lab: Site, headers: Any = None, client: str = "127.0.0.1", texts: int = 1) -> Answer:
    return lab.ask("POST", "/detect", {"texts": [TEXT] * texts}, headers, client)


def statuses(*answers: Answer) -> list[int]:
    return [answer.status for answer in answers]


def test_a_hundred_requests_a_minute_are_answered_on_this_computer_too_and_no_more() -> None:
    with site() as lab:
        found = [detect(lab) for _ in range(101)]
        assert statuses(*found) == [200] * 100 + [429]
        assert [answer.header("ratelimit-remaining") for answer in found] == [
            *map(str, range(99, -1, -1)),
            "0",
        ]
        refused = found[-1]
        assert refused.json["code"] == "rate_limited"
        assert 1 <= int(refused.header("retry-after") or 0) <= 60
        assert refused.header("ratelimit-policy") == "100;w=60"
        assert refused.header("ratelimit-limit") == "100"
        # `/v1` has a budget of its own, and probes have none.
        assert lab.ask("GET", "/v1/detectors").header("ratelimit-limit") == "600"
        probes = {
            lab.ask("GET", path).status for path in ("/livez", "/readyz", "/health") for _ in range(250)
        }
        assert probes == {200}


def test_after_the_time_told_the_next_request_is_answered(bare: None) -> None:
    with site(rate="2/1") as lab:
        found = [lab.ask("GET", "/v1/history") for _ in range(3)]
        assert statuses(*found) == [200, 200, 429]
        time.sleep(int(found[-1].header("retry-after") or 0))
        assert lab.ask("GET", "/v1/history").status == 200


def test_requests_that_are_refused_for_what_they_say_count_as_well(bare: None) -> None:
    with site(detect_rate="3/60") as lab:
        found = [lab.ask("POST", "/detect", body) for body in ({}, {"texts": []}, {"texts": ["x"]}, {})]
        assert statuses(*found) == [422, 422, 422, 429]


@pytest.mark.parametrize(
    "path", ["/v1/history", "/v1/library", "/v1/jobs", "/v1/library/stats", "/v1/history/1"]
)
def test_every_route_of_v1_counts(bare: None, path: str) -> None:
    with site(rate="1/60") as lab:
        assert lab.ask("GET", path).status in (200, 404)
        assert lab.ask("GET", path).status == 429


def test_characters_are_counted_and_what_never_fits_is_said_not_to() -> None:
    with site(character_rate=f"{4 * len(TEXT)}/60") as lab:
        assert statuses(detect(lab, texts=3), detect(lab, texts=2), detect(lab), detect(lab)) == [
            200,
            429,
            200,
            429,
        ]
        assert (detect(lab, texts=5).status, detect(lab, texts=5).json["code"]) == (
            422,
            "too_many_characters",
        )
        refused = lab.ask("POST", "/v1/library", {"sources": [{"text": TEXT}]})
        assert (refused.status, refused.json["code"]) == (429, "rate_limited")
        assert int(refused.header("retry-after") or 0) >= 1


@pytest.fixture
def users(bare: None) -> Iterator[Site]:
    with site(accounts=True, sign_up=True, rate="4/60", trusted_proxies=[f"{PROXY}/8"]) as lab:
        yield lab


def signed_up(lab: Site, name: str, client: str = "127.0.0.1") -> Browser:
    browser = Browser(lab, client)
    assert browser.ask("POST", "/v1/account", {"name": name, "password": PASSWORD}).status == 201
    return browser


def test_every_key_and_every_user_has_limits_of_its_own_wherever_they_are(users: Site) -> None:
    ada, bob = signed_up(users, "ada"), signed_up(users, "bob")
    keys = [ada.ask("POST", "/v1/account/keys", {"scopes": ["history"]}).json["key"] for _ in range(2)]
    for each in keys:
        given = {"authorization": f"Bearer {each}"}
        found = [users.ask("GET", "/v1/history", headers=given, client=ONE) for _ in range(4)]
        found.append(users.ask("GET", "/v1/history", headers=given, client=TWO))
        assert statuses(*found) == [200] * 4 + [429]
    elsewhere = Browser(users, TWO)
    assert elsewhere.log_in("ada", PASSWORD).status == 200
    found = [
        ada.ask("GET", "/v1/history"),
        elsewhere.ask("GET", "/v1/history"),
        ada.ask("GET", "/v1/history"),
    ]
    assert statuses(*found) == [200, 200, 429]
    assert bob.ask("GET", "/v1/history").status == 200


def test_whoever_is_not_logged_in_asks_only_so_often(users: Site) -> None:
    guesses = [{"authorization": f"Bearer nlk_{number}"} for number in range(6)]
    assert statuses(*(users.ask("GET", "/v1/history", headers=each, client=ONE) for each in guesses)) == [
        *[401] * 4,
        *[429] * 2,
    ]
    assert users.ask("GET", "/v1/history", client=TWO).status == 401
    assert signed_up(users, "ada", ONE).ask("GET", "/v1/history").status == 200


def test_what_a_client_says_of_its_address_counts_for_nothing(bare: None) -> None:
    with site(rate="2/60") as lab:
        found = [
            lab.ask("GET", "/v1/history", headers={"x-forwarded-for": f"198.51.100.{n}"}) for n in range(3)
        ]
        assert statuses(*found) == [200, 200, 429]


def test_behind_a_proxy_every_client_counts_for_itself_and_can_invent_no_other(users: Site) -> None:
    def asked(*forwarded: str) -> int:
        headers = [("x-forwarded-for", each) for each in forwarded]
        return users.ask("GET", "/v1/history", headers=headers, client=PROXY).status

    assert [asked(ONE) for _ in range(5)] == [401] * 4 + [429]
    invented = [(f"1.2.3.4, {ONE}",), ("1.2.3.5", ONE), (f"unknown,{ONE}:1234",), (ONE, "10.9.9.9")]
    assert [asked(*each) for each in invented] == [429] * 4
    assert asked(TWO) == 401


TRUSTED = ["10.0.0.0/8", "fd00::/8", "127.0.0.1"]
LONG = ",".join(["10.1.1.1"] * 1_300)


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        (ONE, [], ONE),
        (ONE, [TWO], ONE),
        (PROXY, [], PROXY),
        (PROXY, [""], PROXY),
        (PROXY, [TWO], TWO),
        (PROXY, [f"{ONE}, {TWO}"], TWO),
        (PROXY, [ONE, TWO], TWO),
        (PROXY, [f"{ONE},10.2.2.2 ,  10.3.3.3"], ONE),
        (PROXY, ["10.2.2.2"], "10.2.2.2"),
        (PROXY, [f"{ONE}:4711"], ONE),
        (PROXY, ["[2001:db8::5]:443"], "2001:db8::/64"),
        (PROXY, ["2001:db8:0:7:1::5"], "2001:db8:0:7::/64"),
        (PROXY, ["::ffff:203.0.113.1"], ONE),
        ("::ffff:10.0.0.1", [ONE], ONE),
        ("fd00::1", [ONE], ONE),
        ("fe80::1%eth0", [ONE], "fe80::/64"),
        ("::1", [ONE], "::1"),
        (PROXY, ["unknown"], PROXY),
        (PROXY, [f"{ONE}, unknown"], PROXY),
        (PROXY, ["_hidden, 10.2.2.2"], "10.2.2.2"),
        (PROXY, ["\x00\xff<script>"], PROXY),
        (PROXY, ["," * 10_000], PROXY),
        (PROXY, ["9" * 10_000], PROXY),
        (PROXY, ["[" * 10_000], PROXY),
        (PROXY, [f"{ONE},{LONG}"], "10.1.1.1"),
        (PROXY, [f"{LONG},{ONE}"], ONE),
        (None, [ONE], "unknown"),
        ("testclient", [ONE], "testclient"),
    ],
)
def test_the_address_is_the_nearest_that_no_trusted_proxy_has(
    peer: str | None, forwarded: list[str], found: str
) -> None:
    headers = [(b"x-forwarded-for", each.encode("latin-1")) for each in forwarded]
    request = Request({"type": "http", "headers": headers, "client": (peer, 1) if peer else None})
    begun = time.perf_counter()
    assert client_address(request, TRUSTED) == found
    assert time.perf_counter() - begun < 0.05
    assert client_address(request, []) == client_address(Request(request.scope | {"headers": []}), [])
    assert MOST_HOPS < 100


# --- Redis --------------------------------------------------------------------------------------------------


@pytest.fixture
def redis() -> Iterator[redis_server.OwnRedis]:
    with redis_server.own() as own:
        yield own


def test_two_processes_share_their_limits_in_redis(redis: redis_server.OwnRedis, tmp_path: Path) -> None:
    settings = {"REDIS": redis.url, "WORKERS": "2", "DETECT_RATE": "5/60"}
    with serving.service(tmp_path / "lab", **settings) as lab:
        assert len(lab.workers()) == 2
        found = [serving.ask(lab.port, "POST", "/detect", {"texts": []}) for _ in range(24)]
        assert [answer.status for answer in found] == [422] * 5 + [429] * 19
        assert {int(answer.headers["ratelimit-limit"]) for answer in found[5:]} == {5}


def test_what_stands_in_redis_names_nobody(redis: redis_server.OwnRedis, bare: None) -> None:
    with site(accounts=True, sign_up=True, redis=redis.url) as lab:
        signed_up(lab, "countess", ONE).ask("GET", "/v1/history")
        Browser(lab, ONE).log_in("countess", "wrong")
        lab.ask("GET", "/v1/history", client=ONE)
        with redis_server.client(redis.url) as client:
            names = [name.decode() for name in client.scan_iter("*")]
        assert len(names) >= 5
        assert not [name for name in names if "countess" in name or ONE in name]


@pytest.mark.parametrize(("policy", "answers"), [("allow", [200] * 4), ("refuse", [429] * 4)])
def test_without_redis_the_policy_decides_and_the_figures_tell(
    redis: redis_server.OwnRedis, bare: None, policy: str, answers: list[int]
) -> None:
    with site(redis=redis.url, when_redis_is_away=policy, rate="3/60") as lab:
        assert lab.ask("GET", "/v1/history").status == 200
        redis.kill()
        assert [lab.ask("GET", "/v1/history").status for _ in range(4)] == answers
        assert "neural_lab_undecided_limits_total 4.0" in lab.ask("GET", "/metrics").text


@pytest.mark.parametrize("policy", ["allow", "refuse"])
def test_without_redis_passwords_are_still_not_guessed(
    redis: redis_server.OwnRedis, bare: None, policy: str
) -> None:
    with site(accounts=True, redis=redis.url, when_redis_is_away=policy, login_rate="3/60") as lab:
        redis.kill()
        found = [Browser(lab, ONE).log_in("ada", PASSWORD).status for _ in range(5)]
        assert found == ([401] * 3 + [429] * 2 if policy == "allow" else [429] * 5)


def test_a_redis_that_cannot_be_meant_is_refused() -> None:
    needed("redis")
    from neural_lab.api.config import ServeConfig

    with pytest.raises(InvalidRequest) as failure:
        open_limits(ServeConfig(redis="http://:hunter2@host"), lambda _: None)
    assert "hunter2" not in failure.value.message


class Away:
    """A limiter whose Redis is away."""

    undecided = 0

    def hit(self, key: str, cost: int = 1) -> Allowance:
        self.undecided += 1
        return Allowance(True, 9, 9, 0.0, 60)


def test_what_was_not_counted_is_told_once() -> None:
    told: list[int] = []
    limiter = Told(Away(), told.append)
    for _ in range(3):
        limiter.hit("me")
    assert told == [1, 1, 1]


def test_the_nearer_of_two_counts_is_enough_to_refuse() -> None:
    far = Away()
    limiter = Cautious(MemoryLimiter("2/60"), far)
    assert [limiter.hit("me").allowed for _ in range(4)] == [True, True, False, False]
    assert far.undecided == 2
