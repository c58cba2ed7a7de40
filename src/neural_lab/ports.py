"""What the lab needs from outside, as protocols. Each implementation is one file in `backends`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from neural_lab.account import Key, User
from neural_lab.audit.fingerprints import Hashes
from neural_lab.audit.postings import Row
from neural_lab.audit.source import Incoming, Source, Stats
from neural_lab.dispute import QUARANTINED, Counts, Decision, Dispute, State
from neural_lab.entry import Entry
from neural_lab.event import Event
from neural_lab.job import Claim, Job
from neural_lab.preferences import Choices
from neural_lab.trail import Draft, Snapshot
from neural_lab.types import Encoding, Floats, Span, TokenScores


class TokenScorer(Protocol):
    """A causal language model, seen only through columns per token, never through logits."""

    @property
    def identity(self) -> str:
        """Name, weights and precision in one word: equal identities give equal columns."""
        ...

    def score(self, texts: Sequence[str]) -> list[TokenScores]:
        """Columns for each text, in the order given; a text's columns do not depend on the others.

        Raises `ScoringFailed` when the model's answer is not finite.
        """
        ...

    def pool(self, text: str, spans: Sequence[Span]) -> NDArray[np.float32]:
        """Mean last hidden state of the tokens of each span, `[spans, width]`; zero where a span has none."""
        ...


class LanguageIdentifier(Protocol):
    """Tells the language of a short text."""

    def identify(self, text: str) -> tuple[str, float]:
        """ISO 639 code of the likeliest language, `zxx` for none at all, and its probability."""
        ...


class Encoder(Protocol):
    """A model that turns passages into vectors, one a sentence, each read in its passage."""

    @property
    def identity(self) -> str:
        """Name, weights and precision in one word: equal identities give equal vectors."""
        ...

    def tokens(self, sentences: Sequence[str]) -> list[list[int]]:
        """The tokens of each sentence, by number."""
        ...

    def encode(self, passages: Sequence[Sequence[Sequence[int]]]) -> list[Encoding]:
        """An encoding per passage, in the order given; none depends on the others.

        A passage is the tokens of its sentences. One that is longer than the model
        can read is read in pieces. Raises `ScoringFailed` when the answer is not finite.
        """
        ...


class Ensemble(Protocol):
    """Learners stacked over the features of passages."""

    def log_odds(self, features: Floats) -> Floats:
        """Log-odds of machine writing, nats, one a row of `features` `[passages, PASSAGE_FEATURES]`.

        Raises `ScoringFailed` when an answer is not finite.
        """
        ...


class Library(Protocol):
    """The sources of one owner. Every method may raise `StoreUnavailable`."""

    def add(self, texts: Sequence[Incoming]) -> list[int | None]:
        """Store texts with their fingerprints in one transaction; all are visible afterwards, or none.

        Numbers ascend in the order given; None for a text that is there already. A
        non-empty path belongs to the text that came from it last: the source that it
        belonged to before goes, unless its text came from elsewhere too, from another path
        or without one. A source shows the path that it was added from, until that leaves it.
        """
        ...

    def recall(self, hashes: Hashes, among: Sequence[int] | None = None, without: int = 0) -> list[Row]:
        """Rows of the hashes that sources have: the number in `hashes`, the source, the packed seeds.

        In ascending order, of those sources `among`, if given, and not the one `without`. Of a
        hash in more than `MOST_SOURCES` there are samples only; see `Row`. Hashes are distinct.
        """
        ...

    def added_from(self, path: str) -> int:
        """The number of the source whose text came from a path; 0 where there is none.

        0 also for a text that came from another path too: that is not this document alone.
        """
        ...

    def texts(self, sources: Sequence[int]) -> dict[int, str]:
        """Texts by number; unknown numbers are left out."""
        ...

    def sources(self, numbers: Sequence[int] | None = None) -> list[Source]:
        """Those of `numbers` that exist, or all, in ascending order."""
        ...

    def search(self, words: str, most: int = 50) -> list[Source]:
        """Sources whose text or title contains `words` literally, in any case, newest first.

        Wildcards mean themselves. Raises `InvalidRequest` for fewer than three characters.
        """
        ...

    def remove(self, sources: Sequence[int]) -> int:
        """Delete sources, and say how many there were.

        Nothing of them can be read from the files of an embedded store again; a server keeps
        copies of its own for a while (docs/postgresql.md).
        """
        ...

    def stats(self) -> Stats: ...


class History(Protocol):
    """The reports that one owner keeps. Every method may raise `StoreUnavailable`."""

    def keep(self, entries: Sequence[Entry]) -> list[int]:
        """Store entries in one transaction and return their numbers."""
        ...

    def entries(self, most: int = 50, before: int | None = None) -> list[Entry]:
        """Newest first, `before` a number, without `text` and `report`."""
        ...

    def entry(self, number: int) -> Entry:
        """One whole entry. Raises `NotFound`."""
        ...

    def search(self, words: str, most: int = 50) -> list[Entry]:
        """As `entries`, those whose text, title or path contains `words`; as `Library.search`."""
        ...

    def delete(self, numbers: Sequence[int]) -> int:
        """Delete entries likewise, and say how many there were."""
        ...

    def purge(self) -> int:
        """Delete all entries likewise."""
        ...

    def expire(self, before: str) -> int:
        """Delete entries created before a moment, written as `created` is, likewise."""
        ...


class Preferences(Protocol):
    """What one owner has chosen."""

    def get(self) -> Choices:
        """The usual choices until others are put."""
        ...

    def put(self, choices: Choices) -> None: ...

    def change(self, changes: Mapping[str, Any]) -> Choices:
        """Choose anew what `changes` names, and return all choices. Atomic: none of two calls is lost."""
        ...


class Disputes(Protocol):
    """The flags that one owner says are wrong, with passages that are stored by consent alone."""

    def add(self, dispute: Dispute) -> Dispute:
        """The dispute with its number. Raises `InvalidRequest` with the code `too_many_disputes`."""
        ...

    def disputes(self, most: int = 50) -> list[Dispute]:
        """The newest first."""
        ...

    def withdraw(self, number: int) -> bool:
        """Delete a dispute as `History.delete` does; False where there is none."""
        ...

    def consent(self, number: int, moment: str) -> Dispute | None:
        """Agree at a moment that detectors are trained on the passage; "" takes that back. None: no such."""
        ...


class Review(Protocol):
    """Disputes of all owners who agreed to training, for whoever decides about them; others are counted."""

    def disputes(self, state: State = QUARANTINED, most: int = 50) -> list[Dispute]:
        """The oldest first, each with its owner."""
        ...

    def dispute(self, number: int) -> Dispute | None: ...

    def decide(self, number: int, decision: Decision, reviewer: int, at: str, note: str = "") -> Dispute:
        """As `dispute.decided`; of several who decide at once, each finds what the one before has made."""
        ...

    def counts(self) -> Counts: ...


class Trail(Protocol):
    """The drafts of one owner, each a chain of snapshots."""

    def append(self, draft: str, title: str, text: str, at: str) -> Snapshot:
        """The snapshot of a text, which may be empty: a new one, or the last if the text is the same.

        Begins the draft if there is none, and gives it the title. Of two calls at the same
        moment one comes after the other. Raises `InvalidRequest` where there is no room;
        see `trail.check_room`.
        """
        ...

    def drafts(self) -> list[Draft]:
        """Those that went on last come first."""
        ...

    def draft(self, draft: str) -> Draft:
        """Raises `NotFound` with the code `no_draft`, as all do that read a draft."""
        ...

    def snapshots(self, draft: str) -> list[Snapshot]:
        """All of a draft, in order."""
        ...

    def text(self, draft: str, seq: int) -> str:
        """The text of one snapshot."""
        ...

    def delete(self, draft: str) -> bool:
        """Delete a draft as `History.delete` does; False where there is none."""
        ...

    def purge(self) -> int:
        """Delete all drafts likewise, and say how many there were."""
        ...


class Accounts(Protocol):
    """Users, their sessions and keys. Digests are of secrets that nobody stores."""

    def add_user(self, name: str, password: str, admin: bool = False) -> User:
        """Raises `InvalidRequest` with the code `name_taken`; names that differ in case only are the same."""
        ...

    def users(self) -> list[User]:
        """All users, in the order they came."""
        ...

    def user(self, number: int) -> User | None: ...

    def named(self, name: str) -> User | None:
        """The user of that name, in any case."""
        ...

    def set_password(self, number: int, password: str) -> None:
        """Change a password hash and end all sessions of the user."""
        ...

    def remove_user(self, number: int) -> bool:
        """Delete a user with sessions and keys; `Store.forget` deletes what the user owns."""
        ...

    def open_session(self, number: int, digest: bytes, expires: str) -> None:
        """`expires` is ISO 8601 in UTC; sessions past it are deleted on the way."""
        ...

    def session(self, digest: bytes, now: str) -> User | None:
        """The user of a session that has not expired."""
        ...

    def close_session(self, digest: bytes) -> None: ...

    def add_key(self, number: int, digest: bytes, label: str, scopes: frozenset[str]) -> Key: ...

    def keys(self, number: int) -> list[Key]: ...

    def key(self, digest: bytes) -> tuple[User, Key] | None: ...

    def remove_key(self, number: int, key: int) -> bool:
        """Delete a key of that user; False where there is none."""
        ...


class Jobs(Protocol):
    """The jobs of one owner."""

    def add(self, kind: str, payload: str, once: str = "", digest: bytes = b"") -> tuple[Job, bool]:
        """A new job and True, or the job that was added with the same non-empty `once` and False.

        Atomic: of two calls at the same moment with one `once`, one adds. `digest` stands for
        the payload and outlasts it. Raises `InvalidRequest` with the code `key_reused` when
        `once` came with another one.
        """
        ...

    def job(self, number: int) -> Job:
        """Raises `NotFound`."""
        ...

    def result(self, number: int) -> str:
        """JSON, "" while there is none. Raises `NotFound`."""
        ...

    def jobs(self, most: int = 50) -> list[Job]:
        """The newest first."""
        ...

    def cancel(self, number: int) -> Job:
        """End a job that has not ended; whoever works on it is told at its next `beat`. Raises `NotFound`."""
        ...

    def remove(self, number: int) -> bool:
        """Delete a job that has ended with all it holds; False where there is none."""
        ...


class Queue(Protocol):
    """The jobs of all owners, as those see them who work on them."""

    def claim(self, worker: str, now: str, lease: str) -> Claim | None:
        """The oldest queued job, or a running one whose lease ended before `now`; None when there is none.

        Its lease lasts until `lease`. Never one job to two workers. Each claim is an attempt.
        """
        ...

    def beat(self, number: int, worker: str, done: int, total: int, lease: str) -> bool:
        """Say how far a job is; False when it was cancelled or went to another worker."""
        ...

    def release(self, number: int, worker: str) -> bool:
        """Let a job go: it is queued again, and this was no attempt; False as for `beat`."""
        ...

    def finish(
        self,
        number: int,
        worker: str,
        result: str,
        error: str = "",
        message: str = "",
        entries: Sequence[Entry] = (),
    ) -> bool:
        """End a job, done or with an error's code and message, and drop its payload; False as for `beat`.

        In the same step `entries` go into the history of its owner: both happen, or neither.
        """
        ...

    def expire(self, before: str) -> int:
        """Delete jobs that ended before a moment."""
        ...


class Events(Protocol):
    """What happened, for watching over a service."""

    def record(self, events: Sequence[Event]) -> None: ...

    def between(self, start: str, end: str, most: int = 100_000) -> list[Event]:
        """Events from `start` on and before `end`, in order."""
        ...

    def expire(self, before: str) -> int: ...


class Store(Protocol):
    """Where sources and reports are kept; nothing of one owner is seen by another."""

    def library(self, owner: str) -> Library: ...

    def history(self, owner: str) -> History: ...

    def preferences(self, owner: str) -> Preferences: ...

    def chosen(self) -> dict[str, Choices]:
        """What owners have chosen, of all who ever did."""
        ...

    def disputes(self, owner: str) -> Disputes: ...

    def review(self) -> Review: ...

    def released_disputes(self) -> list[Dispute]:
        """Of all owners, the oldest first: those that are accepted, and whose owner agrees to training."""
        ...

    def trail(self, owner: str) -> Trail: ...

    def accounts(self) -> Accounts: ...

    def jobs(self, owner: str) -> Jobs: ...

    def queue(self) -> Queue: ...

    def events(self) -> Events: ...

    def forget(self, owner: str) -> None:
        """Delete everything that an owner has, whatever it is, as `Library.remove` deletes."""
        ...

    def expire(self, before: str) -> int:
        """`History.expire` for all owners at once, also of those who do nothing."""
        ...

    def ping(self) -> None:
        """Raises `StoreUnavailable` when the store does not answer."""
        ...

    def close(self) -> None: ...


class Cache(Protocol):
    """Bytes under keys, for a while. A cache that is away has nothing and keeps nothing; it never raises."""

    def get(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """What was put under each key, in the order given; None where that is gone or was damaged."""
        ...

    def put(self, items: Mapping[bytes, bytes]) -> None: ...


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a limiter says of a hit: of `limit` in any `window` seconds `remaining` are left.

    More are left after `reset_after` seconds; to repeat a hit before then that was not
    allowed is in vain.
    """

    allowed: bool
    limit: int
    remaining: int
    reset_after: float
    window: int


class Limiter(Protocol):
    """Allows so many hits a window under every key."""

    def hit(self, key: str, cost: int = 1) -> Allowance:
        """Count `cost` hits, all or none; hits that are not allowed do not count."""
        ...
