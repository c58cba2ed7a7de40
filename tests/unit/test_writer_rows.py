"""Error rows by kind of writer: counted where there are enough human texts."""

import numpy as np
from helpers import needed

needed("sklearn")
needed("matplotlib")

from judging import judged

from neural_lab.training.figures import wilson
from neural_lab.training.writer_rows import writer_rows


def test_rows_count_what_was_flagged_by_kind_of_writer_and_length() -> None:
    label = [0] * 80 + [1] * 20
    probability = [0.9] * 2 + [0.65] * 3 + [0.1] * 75 + [0.95] * 20
    words = [200] * 60 + [90] * 20 + [200] * 20
    found = judged(label, probability, words=words)
    groups = np.array(["non_native"] * 100)
    rows = {(row.target, row.minimum_words): row for row in writer_rows(found, groups)}
    long = rows[0.01, 150]
    assert (long.kind, long.group, long.flagged, long.texts) == ("writer", "non_native", 2, 60)
    assert (long.machine_flagged, long.machine_texts) == (20, 20)
    assert long.interval == wilson(2, 60)
    assert rows[0.05, 150].flagged == 5
    # Twenty short texts are too few to say anything.
    assert (0.01, 50) not in rows


def test_texts_of_unknown_writers_make_no_row() -> None:
    assert list(writer_rows(judged([0] * 50, [0.1] * 50), np.array([""] * 50))) == []
