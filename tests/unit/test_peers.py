"""Peers: each score by hand, the same texts for all, and the table."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from helpers import needed

needed("scipy")

from neural_lab.errors import InvalidRequest
from neural_lab.training.bench_detect import peer_card, peer_text, save, tpr_interval
from neural_lab.training.dataset import Record
from neural_lab.training.peers import (
    PEERS,
    compression,
    fast_detectgpt,
    known_peers,
    perplexity,
    phrases,
    score,
)
from neural_lab.types import TokenScores

HUMAN = "The bus was late again, so I walked home along the river and watched two herons quarrel over a fish."
MACHINE = (
    "Moreover, it is important to note that technology plays a crucial role in today's digital age. "
    "Furthermore, it is essential to delve into the ever-evolving landscape of valuable insights."
)


def tokens() -> TokenScores:
    places = np.arange(4)
    columns = ([-1.0, -2.0, -3.0, -2.0], [2.0, 2.5, 3.0, 2.5], [1.0, 1.0, 1.0, 1.0], [0, 1, 2, 3])
    return TokenScores(places, places + 1, *(np.array(column, dtype=float) for column in columns))


def test_scores_of_tokens_by_hand() -> None:
    assert perplexity(tokens()) == -2.0
    assert fast_detectgpt(tokens()) == pytest.approx((-8 + 10) / 2)


def test_phrases_per_hundred_words() -> None:
    assert phrases(HUMAN) == 0
    assert phrases("Moreover, we delve into it.") == pytest.approx(100 * 2 / 5)
    assert phrases("Overalls are not overall.") == 0
    assert phrases("…") == 0


def test_compression_rewards_what_the_preset_and_the_text_itself_hold() -> None:
    assert compression(MACHINE) > compression(HUMAN)
    assert compression(HUMAN * 5) > compression(HUMAN)
    assert -2 < compression(HUMAN) < 0


def test_one_text_that_cannot_be_scored_is_named_by_its_error() -> None:
    assert score(SimpleNamespace(), ("\u200b", PEERS)) == "blank_text"  # type: ignore[arg-type]
    assert score(SimpleNamespace(), (HUMAN, ("phrases",))) == [0.0]  # type: ignore[arg-type]


def test_peers_are_known_by_name() -> None:
    assert known_peers([]) == PEERS
    assert known_peers(["phrases", "phrases"]) == ("phrases",)
    with pytest.raises(InvalidRequest, match="--peer has to be one of perplexity"):
        known_peers(["gptzero"])


def records(n: int) -> list[Record]:
    return [Record("t", at % 2, "ab"[at % 4 // 2], "", "", "", "", "", f"f:{at}") for at in range(n)]


def test_the_table_has_every_peer_for_all_texts_and_each_source(tmp_path: Path) -> None:
    rows = records(800)
    label = np.array([row.label for row in rows])
    rng = np.random.default_rng(0)
    scores = {"good": label + rng.normal(size=800) / 3, "blind": rng.normal(size=800)}
    card = peer_card(rows, scores, {"blank_text": 3})
    assert list(card["groups"]) == ["all", "a", "b"]
    good, blind = (card["groups"]["all"]["peers"][name] for name in scores)
    assert good["auroc"] > 0.95
    assert blind["auroc_interval"][0] < 0.5 < blind["auroc_interval"][1]
    low, high = good["tpr_interval"]
    assert low <= good["tpr_at_1_percent_fpr"] <= high
    text = peer_text(card)
    assert "3 more could not be scored" in text
    assert text.count("| good |") == 3
    save(rows, scores, tmp_path / "peers.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "peers.jsonl").read_text().splitlines()]
    assert [line["scores"]["good"] for line in lines] == scores["good"].tolist()
    assert all("text" not in line for line in lines)


def test_the_interval_of_a_rate_moves_with_its_cut() -> None:
    label = np.array([0] * 100 + [1] * 100)
    apart = np.concatenate((np.linspace(0, 1, 100), np.linspace(2, 3, 100)))
    assert tpr_interval(label, apart, 0.01) == [1.0, 1.0]
    mixed = np.concatenate((np.linspace(0, 1, 100), np.linspace(0.5, 1.5, 100)))
    low, high = tpr_interval(label, mixed, 0.01)
    assert low < 0.51 < high
    assert high - low > 0.1
