from helpers import needed

needed("symspellpy")

from neural_lab.training.build_lexicon import count, read_dictionary, select

DICTIONARY = {"receive": 5.0, "the": 7.0, "donkey": 3.0}


def test_words_of_several_documents_are_known_and_those_of_one_are_not() -> None:
    known = select(count(["a qubit and Kubernetes", "one qubit in Kubernetes", "solo"]), DICTIONARY)
    assert {"qubit", "kubernetes", "donkey"} <= known.keys()
    assert "solo" not in known


def test_a_slip_for_a_common_word_is_unknown_however_many_make_it() -> None:
    texts = ["to receive it " * 100 + "to recieve it"] * 5
    assert "recieve" not in select(count(texts), DICTIONARY)


def test_a_possessive_counts_for_its_noun() -> None:
    assert count(["The qubit's state"]).total["qubit"] == 1


def test_the_dictionary_knows_common_words_best() -> None:
    dictionary = read_dictionary()
    assert max(dictionary, key=dictionary.__getitem__) == "the"
    assert dictionary["the"] > 7
