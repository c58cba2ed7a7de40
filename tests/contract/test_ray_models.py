"""What every `TokenScorer` and `Encoder` owes, asked of replicas that Ray holds in processes of their own.

The tests are those of the contract: here they meet other fixtures of the same names.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import test_scorer
from helpers import needed
from test_encoder import (  # noqa: F401 (collected again, for the encoder below)
    folder,
    model,
    test_a_sentence_is_read_in_its_passage,
    test_a_text_that_spells_out_a_special_token_does_not_become_one,
    test_a_vector_and_a_count_for_every_sentence,
    test_an_encoding_does_not_depend_on_its_companions,
    test_errors_say_nothing_of_the_text,
    test_tokens_that_the_model_does_not_have_are_refused,
)
from test_scorer import (  # noqa: F401 (collected again, for the scorer below)
    test_a_texts_columns_do_not_depend_on_its_companions,
    test_columns_are_those_of_a_distribution,
    test_pool_gives_a_vector_a_span_and_zero_where_there_is_nothing,
    test_repetition_is_less_surprising,
    test_word_order_matters,
)

from neural_lab.backends.bundle import Bundle
from neural_lab.backends.onnx_encoder import OnnxEncoder
from neural_lab.backends.ray_models import RayEncoder, RayScorer, bundle_encoder, bundle_scorer
from neural_lab.backends.ray_processes import RayProcesses, cluster
from neural_lab.compose import EMBEDDED
from neural_lab.errors import ModelUnavailable

pytestmark = [
    pytest.mark.timeout(300),
    # Ray leaves pipes of the processes that it started to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def started() -> Iterator[None]:
    needed("ray")
    with cluster(6):
        yield


@pytest.fixture(scope="module")
def scorer(started: None) -> Iterator[RayScorer]:
    opened = RayScorer(2, bundle_scorer, EMBEDDED)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def encoder(started: None, folder: Path) -> Iterator[RayEncoder]:  # noqa: F811
    opened = RayEncoder(2, OnnxEncoder, folder / "int8.onnx", folder / "tokenizer.json", "int8", 1)
    yield opened
    opened.close()


def test_they_are_the_models_of_the_bundle(scorer: RayScorer) -> None:
    assert scorer.identity == Bundle(EMBEDDED).scorer(1).identity
    plain = Bundle(EMBEDDED).scorer(1).score(test_scorer.TEXTS)
    pairs = zip(scorer.score(test_scorer.TEXTS), plain, strict=True)
    assert all(test_scorer.same(one, two, 0) for one, two in pairs)
    second = RayEncoder(1, bundle_encoder, EMBEDDED)
    assert second.identity == bundle_encoder(EMBEDDED).identity
    second.close()


def test_a_process_that_is_killed_over_its_work_is_no_loss(started: None) -> None:
    processes = RayProcesses(2)
    before = processes.each(os.getpid, [(), ()])
    killing = threading.Timer(1, os.kill, (before[0], signal.SIGKILL))
    killing.start()
    assert processes.each(subprocess.call, [(["sleep", "3"],)] * 4) == [0] * 4
    killing.join()
    after = processes.each(os.getpid, [(), ()])
    assert len({*before, *after}) == 3
    processes.close()


def test_what_goes_wrong_there_is_told_here_as_it_was(started: None) -> None:
    processes = RayProcesses(1)
    with pytest.raises(ModelUnavailable) as failure:
        processes.each(bundle_scorer, [(Path("/nowhere"),)])
    assert failure.value.code == "no_bundle"
    processes.close()
