"""What readers learn from: passages, mixed texts, lessons without what is measured."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from helpers import needed

needed("torch")
needed("sklearn")

from tokenizers import Tokenizer, models, pre_tokenizers

from neural_lab.errors import InvalidRequest
from neural_lab.training.dataset import Record
from neural_lab.training.detection import MIXED, Example, example_of
from neural_lab.training.encoder_data import FIRST, LAST, LONGEST_TOKENS, Sampler, Texts, batches
from neural_lab.training.leaks import Split
from neural_lab.training.mixing import mixed_examples
from neural_lab.training.sources import Sources
from neural_lab.training.user_data import folds_of, user_examples

RECIPE = Sources.read()
HUMAN, MACHINE = "wombat", "xylophone"


def tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordLevel({"[UNK]": 3, HUMAN: 1, MACHINE: 2}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    return made


def texts(sources: tuple[str, ...] = ("outfox", "m4_subset"), each: int = 30) -> Texts:
    """Texts of twelve sentences of ten words, of one word only: who wrote it is plain to see."""
    rows = [(source, label) for source in sources for label in (0, 1) for _ in range(each)]
    sentences = [[" ".join([(HUMAN, MACHINE)[label]] * 10)] * 12 for _, label in rows]
    named = [RECIPE.named(source) for source, _ in rows]
    label = np.array([label for _, label in rows])
    fold = np.array([source.fold for source in named])
    source = np.array([source for source, _ in rows])
    return Texts(sentences, label, source, source, np.ones(len(rows)), fold)


def test_tokens_bear_the_label_of_who_wrote_their_sentence() -> None:
    drawn = list(islice(Sampler(texts(), tokenizer(), 1).passages(), 200))
    assert {passage.pure for passage in drawn} == {True, False}
    for passage in drawn:
        assert (passage.ids[0], passage.ids[-1]) == (FIRST, LAST)
        assert len(passage.ids) <= LONGEST_TOKENS
        plain = np.isin(passage.ids, (1, 2)) & (passage.sentence >= 0)
        assert (passage.labels[plain] == passage.ids[plain] - 1).all()
        assert passage.pure == (len(set(passage.labels[passage.sentence >= 0].tolist())) == 1)


def test_both_kinds_are_drawn_alike_and_the_seed_decides() -> None:
    one, again = (
        [p.ids.tolist() for p in islice(Sampler(texts(), tokenizer(), 5).passages(), 50)] for _ in "ab"
    )
    assert one == again
    share = np.mean([p.labels[1] for p in islice(Sampler(texts(), tokenizer(), 2).passages(), 600)])
    assert 0.4 < share < 0.6


def test_batches_hold_passages_of_like_length() -> None:
    batch = next(batches(Sampler(texts(), tokenizer(), 3).passages(), 8))
    lengths = [len(passage.ids) for passage in batch]
    assert len(batch) == 8
    assert max(lengths) - min(lengths) < 80


def example(source: str, label: int, at: int, words: int = 80) -> Example:
    body = " ".join(
        f"Thing {at} number {n} of {source} was {('seen', 'made')[label]} here." for n in range(words // 9)
    )
    found = example_of({"text": body, "label": label}, RECIPE.named(source), RECIPE, (60, 400))
    assert found
    return found


def test_mixed_texts_know_who_wrote_which_sentence() -> None:
    pool = [example("outfox", label, at) for at in range(6) for label in (0, 1)]
    made = list(mixed_examples(pool, 4, 1))
    assert made
    for each in made:
        assert each.label == MIXED
        assert set(each.marked) == {0, 1}
        for span, mark in zip(each.sentences, each.marked, strict=True):
            assert ("made" if mark else "seen") in span.of(each.text)


def test_no_reader_learns_from_its_own_source_or_from_a_copy_of_what_it_measures() -> None:
    one = " ".join(f"Word{n} stands in the essay that everybody copied." for n in range(12))
    learn = texts(("outfox", "m4_subset"))
    essays = Texts(
        [[one], [one.upper()], ["Quite another text about gardens and rain."], *learn.sentences],
        np.concatenate(([1, 1, 1], learn.label)),
        np.concatenate((["argugpt", "detectrl", "argugpt"], learn.family)),
        np.concatenate((["x"] * 3, learn.domain)),
        np.ones(len(learn.label) + 3),
        np.concatenate(([2, 0, 2], learn.fold)),
    )
    measured = example_of({"text": one, "label": 1}, RECIPE.named("argugpt"), RECIPE, (25, 400))
    assert measured
    rows = tuple(replace(row, stays=row.stays or row.name == "argugpt") for row in RECIPE.sources)
    split = Split([measured], essays, replace(RECIPE, sources=rows))
    second = split.learnt(2)
    assert not split.apart(2)[[0, 2]].any()
    assert second[:3].tolist() == [False, True, True]
    assert not second[essays.family == "outfox"].any()
    assert second[essays.family == "m4_subset"].all()
    # The copy in another source was learnt from, so the example cannot be measured.
    assert split.measurable() == []


def records(count: int, groups: int) -> list[Record]:
    made = []
    for at in range(count):
        text = " ".join(f"Line {n} of text {at} says thing {at * 31 + n}." for n in range(10))
        made.append(Record(text, at % 2, "own", "", "", "", "", f"g{at % groups}", f"a.csv:{at}"))
    return made


def test_a_group_stays_in_one_fold() -> None:
    given = records(120, 24)
    fold = folds_of(given, 1)
    owners = {(record.group, number) for record, number in zip(given, fold.tolist(), strict=True)}
    assert len(owners) == 24
    assert {example.fold for example in user_examples(given, RECIPE)} == set(fold.tolist())


def test_too_few_groups_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="independent groups"):
        folds_of(records(60, 4), 1)
