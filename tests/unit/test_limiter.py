"""Limits: exact in a moving window, near enough in a large one, shared through a Redis or without it."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis_server
from helpers import needed
from redis_server import own, until

needed("limits")

from neural_lab.backends.breaker import Breaker
from neural_lab.backends.limiter import SWEEP, MemoryLimiter, open_limiter
from neural_lab.backends.windows import MOST_MOVING, Rate
from neural_lab.errors import InvalidRequest
from neural_lab.ports import Allowance, Limiter

LARGE = 60 * MOST_MOVING


class Opened:
    """Limiters of one kind, which count together where they can."""

    def __init__(self, prefix: str | None) -> None:
        self._prefix = prefix
        self._opened: list[Limiter] = []

    def at(self, rate: str) -> Limiter:
        if self._prefix is None:
            return MemoryLimiter(rate)
        from neural_lab.backends.redis_limiter import RedisLimiter

        limiter = RedisLimiter(rate, redis_server.server(), prefix=self._prefix)
        self._opened.append(limiter)
        return limiter

    def close(self) -> None:
        for limiter in self._opened:
            limiter.close()


@pytest.fixture(params=["memory", "redis"])
def limiters(request: pytest.FixtureRequest) -> Iterator[Opened]:
    if request.param == "memory":
        yield Opened(None)
        return
    with redis_server.prefix() as prefix:
        opened = Opened(prefix)
        yield opened
        opened.close()


@pytest.mark.parametrize(
    ("written", "rate"), [("100/60", Rate(100, 60)), ("1/1", Rate(1, 1)), ("3000000/60", Rate(3_000_000, 60))]
)
def test_a_rate_is_read(written: str, rate: Rate) -> None:
    assert Rate.parse(written) == rate
    assert rate.strategy == ("moving" if rate.hits <= MOST_MOVING else "sliding")


@pytest.mark.parametrize(
    "written", ["", "100", "0/60", "100/0", "-1/60", "1.5/60", "100/60/2", "a/b", "١/60"]
)
def test_what_is_no_rate_is_refused(written: str) -> None:
    with pytest.raises(InvalidRequest, match="HITS/SECONDS"):
        open_limiter(written)


def test_so_many_hits_are_allowed_and_each_says_what_is_left(limiters: Opened) -> None:
    limiter = limiters.at("3/60")
    found = [limiter.hit("me") for _ in range(4)]
    assert [each.allowed for each in found] == [True, True, True, False]
    assert [each.remaining for each in found] == [2, 1, 0, 0]
    assert {(each.limit, each.window) for each in found} == {(3, 60)}
    assert all(55 < each.reset_after <= 60 for each in found)
    assert limiter.hit("you").allowed


def test_the_window_moves(limiters: Opened) -> None:
    limiter = limiters.at("2/1")
    assert limiter.hit("me").allowed
    time.sleep(0.6)
    assert limiter.hit("me").allowed
    refused = limiter.hit("me")
    assert not refused.allowed
    assert 0 < refused.reset_after < 0.5
    time.sleep(refused.reset_after + 0.05)
    assert limiter.hit("me").allowed
    assert not limiter.hit("me").allowed


def test_a_hit_that_is_not_allowed_costs_nothing(limiters: Opened) -> None:
    for most in (10, LARGE):
        limiter = limiters.at(f"{most}/60")
        assert limiter.hit("me", most - 5).remaining == 5
        assert not limiter.hit("me", 6).allowed
        assert not limiter.hit("me", 10 * most).allowed
        assert limiter.hit("me", 5).remaining == 0
        assert not limiter.hit("me").allowed


def test_a_large_window_says_when_a_large_hit_fits_again(limiters: Opened) -> None:
    limiter = limiters.at(f"{LARGE}/1")
    assert limiter.hit("me", LARGE).allowed
    refused = limiter.hit("me", LARGE // 2)
    assert not refused.allowed
    assert 0.4 < refused.reset_after <= 2
    time.sleep(max(0, refused.reset_after - 0.25))
    assert not limiter.hit("me", LARGE // 2).allowed
    time.sleep(0.3)
    assert limiter.hit("me", LARGE // 2).allowed
    shorter = limiter.hit("me", LARGE // 4)
    time.sleep(0 if shorter.allowed else shorter.reset_after + 0.05)
    assert shorter.allowed or limiter.hit("me", LARGE // 4).allowed


@pytest.mark.parametrize(("first", "second"), [(1.0, 0.0), (0.2, 0.7), (0.7, 0.2), (0.0, 1.0)])
@pytest.mark.parametrize("share", [0.15, 0.5, 1.0])
def test_a_wait_is_exactly_as_long_as_it_has_to_be(
    monkeypatch: pytest.MonkeyPatch, first: float, second: float, share: float
) -> None:
    """Hits in one window, hits in the next a quarter into it, and then one more."""
    clock = [6_000_000.0]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    limiter = MemoryLimiter(f"{LARGE}/60")
    assert limiter.hit("me", int(first * LARGE)).allowed
    clock[0] += 75
    limiter.hit("me", int(second * LARGE))
    refused = limiter.hit("me", int(share * LARGE))
    if not refused.allowed:
        clock[0] += refused.reset_after - 0.01
        assert not limiter.hit("me", int(share * LARGE)).allowed
        clock[0] += 0.02
        assert limiter.hit("me", int(share * LARGE)).allowed


def test_each_strategy_has_a_place_of_its_own() -> None:
    with redis_server.prefix() as prefix, redis_server.client(redis_server.server()) as redis:
        opened = Opened(prefix)
        opened.at("5/60").hit("me")
        opened.at(f"{LARGE}/60").hit("me")
        places = {key.removeprefix(prefix.encode()).split(b":")[1] for key in redis.scan_iter(f"{prefix}*")}
        assert places == {b"moving", b"sliding"}
        opened.close()


def test_the_strategies_do_not_meet_on_one_key(limiters: Opened) -> None:
    for rate in ("5/60", f"{LARGE}/60", "5/60", f"{LARGE}/60"):
        assert limiters.at(rate).hit("me").allowed


def test_no_more_are_allowed_however_many_ask_at_once(limiters: Opened) -> None:
    for most, cost in ((50, 1), (LARGE, LARGE // 50)):
        limiter = limiters.at(f"{most}/60")
        with ThreadPoolExecutor(8) as pool:
            found = [*pool.map(lambda _, to=limiter, c=cost: to.hit("me", c).allowed, range(120))]
        assert sum(found) == 50


def test_a_hit_cannot_give_hits_back(limiters: Opened) -> None:
    with pytest.raises(ValueError, match="give hits back"):
        limiters.at("5/60").hit("me", -1)


def test_processes_count_together_in_a_redis() -> None:
    with redis_server.prefix() as prefix:
        opened = Opened(prefix)
        one, other = opened.at("3/60"), opened.at("3/60")
        found = [limiter.hit("me").allowed for limiter in (one, other, one, other, one)]
        assert found == [True, True, True, False, False]
        opened.close()


def test_memory_forgets_who_has_not_been_here_for_long() -> None:
    limiter = MemoryLimiter("5/1")
    for at in range(SWEEP // 2):
        limiter.hit(f"client {at}")
    time.sleep(1.05)
    # The storage empties what has expired soon after a hit; a sweep later the names are gone too.
    limiter.hit("me")
    until(lambda: sum(map(bool, [*limiter._storage.events.values()])) == 1)
    for _ in range(SWEEP):
        limiter.hit("me")
    assert len(limiter._storage.events) == 1


@pytest.mark.parametrize("policy", ["allow", "refuse"])
@pytest.mark.parametrize("most", [5, LARGE])
def test_without_its_redis_the_policy_decides_until_it_is_back(policy: str, most: int) -> None:
    with own() as redis:
        from neural_lab.backends.redis_limiter import RedisLimiter

        limiter = RedisLimiter(f"{most}/60", redis.url, policy, pause=0.2)
        assert limiter.hit("me").remaining == most - 1
        redis.kill()
        found = [limiter.hit("me", most) for _ in range(20)]
        expected = {"allow": (True, most, 0.0), "refuse": (False, 0, 0.2)}[policy]
        assert {(each.allowed, each.remaining, each.reset_after) for each in found} == {expected}
        assert limiter.undecided == 20
        redis.start()
        until(lambda: limiter.hit("me").remaining not in (0, most))
        counted = limiter.undecided
        assert limiter.hit("me") == Allowance(True, most, most - 2, pytest.approx(60, abs=60), 60)
        assert limiter.undecided == counted
        limiter.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be stopped there")
def test_a_redis_that_hangs_costs_one_short_wait() -> None:
    with own() as redis:
        from neural_lab.backends.redis_limiter import RedisLimiter

        limiter = RedisLimiter("5/60", redis.url, pause=60)
        limiter.hit("me")
        redis.signal(signal.SIGSTOP)
        began = time.monotonic()
        assert all(limiter.hit("me").allowed for _ in range(1000))
        assert time.monotonic() - began < 1
        redis.signal(signal.SIGCONT)
        limiter.close()


def test_a_breaker_lets_one_through_a_pause_until_one_succeeds() -> None:
    clock = [0.0]
    breaker = Breaker(3, lambda: clock[0])
    assert breaker.lets_through()
    breaker.failed()
    found = []
    for clock[0] in (0.0, 2.9, 3.0, 3.1, 5.9, 6.0):
        found.append(breaker.lets_through())
    assert found == [False, False, True, False, False, True]
    breaker.succeeded()
    assert all(breaker.lets_through() for _ in range(3))


def test_the_place_of_the_counts_is_chosen_by_the_url() -> None:
    assert isinstance(open_limiter("5/60"), MemoryLimiter)
    assert isinstance(open_limiter("5/60", None, "refuse"), MemoryLimiter)
    limiter = open_limiter("5/60", redis_server.server())
    assert not isinstance(limiter, MemoryLimiter)
    limiter.close()  # type: ignore[attr-defined]
