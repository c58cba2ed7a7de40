"""Batches: who leaves together, who is turned away, and that everybody gets exactly one outcome."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, wait
from contextlib import contextmanager
from threading import Event, Lock, Thread
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.batching import Batcher
from neural_lab.errors import Overloaded
from neural_lab.waiting import Place, Waiting

ENOUGH = 20  # Seconds that nothing here takes.
Run = Callable[[list[int]], list[str]]


class Gate:
    """A `run` that names its items, remembers its batches, and waits before each while it is shut."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.open, self.entered = Event(), Event()
        self.open.set()

    def __call__(self, items: list[int]) -> list[str]:
        self.batches.append(items)
        self.entered.set()
        assert self.open.wait(ENOUGH)
        if any(item < 0 for item in items):
            raise ValueError(f"one of {items}")
        return [str(item) for item in items]

    def shut_behind(self, batcher: Batcher[int, str], item: int) -> Future[str]:
        """Let one item in, which then waits inside with every item after it outside."""
        self.open.clear()
        self.entered.clear()
        future = batcher.submit(item)
        assert self.entered.wait(ENOUGH)
        return future


@contextmanager
def batcher(run: Run, budget: int = 100, most: int = 1000, threads: int = 1) -> Iterator[Batcher[int, str]]:
    """Items are their own sizes."""
    made = Batcher(run, abs, budget, most, threads)
    try:
        yield made
    finally:
        made.close(ENOUGH)


def results(futures: list[Future[str]]) -> list[str]:
    return [future.result(ENOUGH) for future in futures]


def test_the_oldest_leaves_next_with_the_nearest_that_fit() -> None:
    gate = Gate()
    with batcher(gate) as lab:
        futures = [gate.shut_behind(lab, 1)]
        futures += [lab.submit(item) for item in (40, 5, 90, 38, 22, 6)]
        gate.open.set()
        assert results(futures) == ["1", "40", "5", "90", "38", "22", "6"]
    assert gate.batches == [[1], [40, 38, 22], [5, 6], [90]]


def test_an_item_larger_than_the_budget_leaves_alone() -> None:
    gate = Gate()
    with batcher(gate) as lab:
        futures = [gate.shut_behind(lab, 1), *map(lab.submit, (101, 1, 100))]
        gate.open.set()
        results(futures)
    assert gate.batches == [[1], [101], [1], [100]]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=30), st.integers(1, 100))
def test_everybody_leaves_in_turn_and_no_batch_is_too_large(sizes: list[int], budget: int) -> None:
    waiting: Waiting[int, None] = Waiting()
    for at, size in enumerate(sizes):
        waiting.add(Place(at, size))
    left = [*range(len(sizes))]
    while waiting:
        batch = waiting.take(budget)
        assert batch[0].item == left[0]
        assert len(batch) == 1 or sum(place.size for place in batch) <= budget
        left = [at for at in left if at not in {place.item for place in batch}]
        room = budget - sum(place.size for place in batch)
        assert all(sizes[at] > room for at in left)
        assert waiting.size == sum(sizes[at] for at in left)
    assert not left


def test_who_finds_no_room_is_told_at_once_and_when_to_come_back() -> None:
    gate = Gate()
    with batcher(gate, most=50) as lab:
        gate.shut_behind(lab, 7)
        waiting = [lab.submit(item) for item in (20, 30)]
        began = time.monotonic()
        with pytest.raises(Overloaded) as refused:
            lab.submit(1)
        assert time.monotonic() - began < 1
        assert (refused.value.code, refused.value.retry_after) == ("queue_full", 1)
        gate.open.set()
        results(waiting)
        assert lab.submit(1).result(ENOUGH) == "1"
    assert [1] in gate.batches


def test_the_time_to_come_back_goes_by_measured_throughput(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, clock = Gate(), [0.0]
    monkeypatch.setattr("neural_lab.batching.monotonic", lambda: clock[0])

    def run(items: list[int]) -> list[str]:
        clock[0] += sum(items) / 10
        return gate(items)

    with batcher(run, most=50, threads=1) as lab:
        lab.submit(20).result(ENOUGH)
        gate.shut_behind(lab, 10)
        lab.submit(45)
        with pytest.raises(Overloaded) as refused:
            lab.submit(6)
        assert refused.value.retry_after == pytest.approx(4.5)
        gate.open.set()


def test_an_item_larger_than_the_queue_waits_alone() -> None:
    gate = Gate()
    with batcher(gate, most=50) as lab:
        gate.shut_behind(lab, 1)
        large = lab.submit(500)
        with pytest.raises(Overloaded):
            lab.submit(1)
        gate.open.set()
        assert large.result(ENOUGH) == "500"


def test_a_cancelled_item_is_never_run_and_gives_its_room_back() -> None:
    gate = Gate()
    with batcher(gate, most=50) as lab:
        running, waiting = gate.shut_behind(lab, 1), lab.submit(50)
        assert waiting.cancel()
        assert not running.cancel()
        assert lab.figures()["waiting_size"] == 0
        other = lab.submit(49)
        gate.open.set()
        assert results([running, other]) == ["1", "49"]
    assert gate.batches == [[1], [49]]
    assert waiting.cancelled()
    assert wait([waiting], ENOUGH).done == {waiting}


def test_one_bad_item_fails_alone_with_an_error_of_its_own() -> None:
    gate = Gate()
    with batcher(gate) as lab:
        gate.shut_behind(lab, 1)
        futures = [lab.submit(item) for item in (10, -11, 12, -13)]
        gate.open.set()
        assert results(futures[::2]) == ["10", "12"]
        for future, item in ((futures[1], -11), (futures[3], -13)):
            error = future.exception(ENOUGH)
            assert isinstance(error, ValueError)
            assert str(error) == f"one of [{item}]"
            assert error.__context__ is None
    assert gate.batches[1] == [10, -11, 12, -13]


@pytest.mark.parametrize("error", [SystemExit(1), KeyboardInterrupt(), MemoryError(), StopIteration()])
def test_no_error_ends_the_thread(error: BaseException) -> None:
    def run(items: list[int]) -> list[str]:
        if items == [3]:
            raise error
        return [str(item) for item in items]

    with batcher(run) as lab:
        assert lab.submit(3).exception(ENOUGH) is error
        assert lab.submit(4).result(ENOUGH) == "4"


@pytest.mark.parametrize("change", [1, -1])
def test_a_wrong_number_of_results_is_nobodys_result(change: int) -> None:
    gate = Gate()

    def run(items: list[int]) -> list[str]:
        found = gate(items)
        return (found + found)[: len(items) + change] if len(items) != 1 else found

    with batcher(run) as lab:
        futures = [gate.shut_behind(lab, 1), *map(lab.submit, (10, 20, 30))]
        gate.open.set()
        assert results(futures) == ["1", "10", "20", "30"]
    with batcher(lambda items: []) as lab, pytest.raises(RuntimeError, match="a batch of 1 gave 0 results"):
        lab.submit(1).result(ENOUGH)


def test_closing_finishes_what_waits_and_takes_nothing_new() -> None:
    gate = Gate()
    lab = Batcher(gate, abs, 100, 1000, 2)
    futures = [gate.shut_behind(lab, 60), *map(lab.submit, (70, 80, 90))]
    drained: list[bool] = []
    closing = Thread(target=lambda: drained.append(lab.close(ENOUGH)))
    closing.start()
    while not lab._closed:
        time.sleep(0.001)
    with pytest.raises(Overloaded) as refused:
        lab.submit(1)
    assert refused.value.code == "shutting_down"
    gate.open.set()
    closing.join(ENOUGH)
    assert drained == [True]
    assert results(futures) == ["60", "70", "80", "90"]
    assert lab.close(0)
    assert not any(thread.is_alive() for thread in lab._threads)


def test_who_still_waits_after_the_time_is_told() -> None:
    gate = Gate()
    lab = Batcher(gate, abs, 100, 1000)
    futures = [gate.shut_behind(lab, 60), *map(lab.submit, (70, 80))]
    began = time.monotonic()
    assert not lab.close(0.05)
    assert time.monotonic() - began < ENOUGH / 2
    for future in futures:
        error = future.exception(ENOUGH)
        assert isinstance(error, Overloaded)
        assert error.code == "shutting_down"
    gate.open.set()
    assert lab.close(ENOUGH)
    assert gate.batches == [[60]]


def test_nothing_is_run_again_for_who_has_been_told() -> None:
    gates = [Gate(), Gate()]
    batches: list[list[int]] = []

    def run(items: list[int]) -> list[str]:
        batches.append(items)
        return gates[len(batches) - 1](items)

    lab = Batcher(run, abs, 100, 1000)
    gates[1].open.clear()
    gates[0].shut_behind(lab, 60)
    futures = [lab.submit(item) for item in (-10, 20)]
    gates[0].open.set()
    assert gates[1].entered.wait(ENOUGH)
    assert not lab.close(0.01)
    gates[1].open.set()
    assert lab.close(ENOUGH)
    assert all(isinstance(future.exception(0), Overloaded) for future in futures)
    assert batches == [[60], [-10, 20]]


def test_items_without_a_size_take_room_too() -> None:
    gate = Gate()
    with batcher(gate, most=2) as lab:
        gate.shut_behind(lab, 1)
        waiting = [lab.submit(0), lab.submit(0)]
        with pytest.raises(Overloaded):
            lab.submit(0)
        gate.open.set()
        assert results(waiting) == ["0", "0"]


def test_figures_say_what_waits_and_what_was_done() -> None:
    gate = Gate()
    with batcher(gate) as lab:
        gate.shut_behind(lab, 60)
        waiting = [lab.submit(item) for item in (10, 20)]
        figures = lab.figures()
        assert (figures["waiting_items"], figures["waiting_size"], figures["running_items"]) == (2, 30, 1)
        gate.open.set()
        results(waiting)
        lab.close(ENOUGH)
        figures = lab.figures()
        seconds = figures.pop("seconds")
        assert seconds > 0
        done = {"batches": 2, "items": 3, "size": 90}
        assert figures == {"waiting_items": 0, "waiting_size": 0, "running_items": 0, **done}


def test_a_size_that_fails_is_the_callers_error() -> None:
    def size(item: int) -> int:
        raise TypeError("no size")

    lab = Batcher(Gate(), size, 100, 1000)
    with pytest.raises(TypeError, match="no size"):
        lab.submit(1)
    assert lab.close(0.1)


@pytest.mark.parametrize("drain", [0, 0.002, ENOUGH])
@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_lost_or_swapped_among_thousands(seed: int, drain: float) -> None:
    """Eight clients, three threads, errors, cancellations and, halfway, an end."""
    told = _stress(seed, 8, 1000, drain)
    assert told.submitted + told.refused == 8 * 1000
    assert sum(told.outcomes.values()) == told.submitted
    assert not told.wrong
    assert {"result", "error", "cancelled"} <= {*told.outcomes}
    assert max(told.ran.values(), default=0) <= 2
    assert not told.ran.keys() & told.cancelled
    assert drain < ENOUGH or "shutting down" not in told.outcomes


def _stress(seed: int, clients: int, items: int, drain: float) -> SimpleNamespace:
    told = SimpleNamespace(
        outcomes=Counter(), wrong=[], ran=Counter(), cancelled=set(), submitted=0, refused=0, lock=Lock()
    )
    draw = random.Random(seed)
    bad = {number for number in range(clients * items) if draw.random() < 0.05}

    def run(numbers: list[int]) -> list[str]:
        with told.lock:
            told.ran.update(numbers)
        time.sleep(0.0002)
        if failing := [number for number in numbers if number in bad]:
            raise ValueError(str(failing[0]))
        return [str(number) for number in numbers]

    lab = Batcher(run, lambda number: number % 37 + 1, 120, 900, 3)
    futures: list[tuple[int, Future[str]]] = []

    def client(at: int) -> None:
        chosen = random.Random(seed * 100 + at)
        for number in range(at * items, (at + 1) * items):
            try:
                future = lab.submit(number)
            except Overloaded:
                with told.lock:
                    told.refused += 1
                time.sleep(0.0005)
                continue
            with told.lock:
                futures.append((number, future))
            if chosen.random() < 0.2:
                time.sleep(chosen.random() * 0.001)
                if future.cancel():
                    with told.lock:
                        told.cancelled.add(number)

    threads = [Thread(target=client, args=(at,)) for at in range(clients)]
    for thread in threads:
        thread.start()
    while len(futures) < clients * items // 4:
        time.sleep(0.001)
    lab.close(drain)
    for thread in threads:
        thread.join(ENOUGH)
    told.submitted = len(futures)
    assert not wait([future for _, future in futures], ENOUGH).not_done
    for number, future in futures:
        told.outcomes[_outcome(number, future, bad, told.wrong)] += 1
    return told


def _outcome(number: int, future: Future[str], bad: set[int], wrong: list[object]) -> str:
    try:
        found = future.result(0)
    except CancelledError:
        return "cancelled"
    except Overloaded:
        return "shutting down"
    except ValueError as error:
        if number not in bad or str(error) != str(number):
            wrong.append((number, error))
        return "error"
    if number in bad or found != str(number):
        wrong.append((number, found))
    return "result"
