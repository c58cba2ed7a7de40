"""How often a document is given to the encoder: once where that can read it at once, else by passages."""

from collections.abc import Sequence

import numpy as np
import pytest

from neural_lab.second_reader import encodings
from neural_lab.text.passages import LONGEST, Passage, passages
from neural_lab.types import Encoding


class Remembering:
    """An `Encoder` whose vectors are the numbers of a passage's tokens, and how many stand before them."""

    identity = "remembering"

    def __init__(self) -> None:
        self.asked: list[list[list[int]]] = []

    def tokens(self, sentences: Sequence[str]) -> list[list[int]]:
        return [[ord(letter) for letter in sentence] for sentence in sentences]

    def encode(self, passages: Sequence[Sequence[Sequence[int]]]) -> list[Encoding]:
        self.asked += [[list(sentence) for sentence in passage] for passage in passages]
        return [self._encoding(passage) for passage in passages]

    def _encoding(self, passage: Sequence[Sequence[int]]) -> Encoding:
        counts = np.array([len(ids) for ids in passage], dtype=np.int64)
        before = np.cumsum(counts) - counts
        return Encoding(np.stack((counts, before), axis=1).astype(np.float32), counts)


def document(*lengths: int) -> tuple[list[list[int]], list[Passage]]:
    """Sentences of so many tokens, and the passages they are cut into."""
    ids = [[at] * length for at, length in enumerate(lengths)]
    return ids, list(passages([str(at) for at in range(len(ids))], lengths))


def test_a_document_that_the_model_can_read_at_once_is_read_once() -> None:
    ids, cut = document(60, 60, 60, LONGEST - 180)
    encoder = Remembering()
    found = encodings(encoder, ids, cut)
    assert encoder.asked == [ids]
    assert len(found) == len(cut) > 1
    for passage, encoding in zip(cut, found, strict=True):
        assert encoding.tokens.tolist() == [len(each) for each in ids[passage.start : passage.end]]
        assert encoding.vectors[:, 1].tolist() == [60 * at for at in range(passage.start, passage.end)]


@pytest.mark.parametrize("lengths", [(60, 60, 60, LONGEST - 179), (40,) * 30, (1000,)])
def test_a_longer_one_is_read_passage_by_passage(lengths: tuple[int, ...]) -> None:
    ids, cut = document(*lengths)
    encoder = Remembering()
    found = encodings(encoder, ids, cut)
    assert encoder.asked == [ids[passage.start : passage.end] for passage in cut]
    assert all(encoding.vectors[0, 1] == 0 for encoding in found)
    assert len(found) == len(cut)
