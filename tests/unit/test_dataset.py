"""Labelled texts: every container, every spelling of a label, and no error that quotes the text."""

import gzip
import json
import lzma
from contextlib import suppress

import pytest
from helpers import needed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neural_lab.errors import InvalidRequest, LabError
from neural_lab.training import dataset
from neural_lab.training.dataset import MOST_ERRORS, Columns, Record, read_dataset, validate

SECRET = "zebra marmalade"
ROWS = [{"text": "One, “two”\nthree.", "label": "human"}, {"text": "Four.", "label": "ai"}]
CSV = b'text,label\r\n"One, \xe2\x80\x9ctwo\xe2\x80\x9d\nthree.",human\r\nFour.,ai\r\n'
JSONL = "\n".join(json.dumps(row) for row in ROWS).encode()


def written(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(*paths, **columns):
    return list(read_dataset(paths, Columns(**columns)))


def refused(*paths, **columns):
    """The one message about files that cannot be used as they are."""
    with pytest.raises(InvalidRequest) as caught:
        read(*paths, **columns)
    assert caught.value.code == "invalid_dataset"
    assert SECRET not in caught.value.message
    return caught.value.message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", CSV),
        ("a.csv", b"\xef\xbb\xbf" + CSV),
        ("a.csv", CSV.replace(b"\r\n", b"\n")),
        ("a.csv", CSV.replace(b"\r\n", b"\r")),
        ("a.CSV", CSV),
        ("a.csv.gz", gzip.compress(CSV)),
        ("a.tsv", CSV.replace(b"text,", b"text\t").replace(b",human", b"\thuman").replace(b",ai", b"\tai")),
        ("a.jsonl", JSONL),
        ("a.ndjson", b"\xef\xbb\xbf" + JSONL.replace(b"\n", b"\r\n\r\n") + b"\n"),
        ("a.jsonl.gz", gzip.compress(JSONL[:50]) + gzip.compress(JSONL[50:])),
        ("a.jsonl.xz", lzma.compress(JSONL)),
    ],
)
def test_every_container_gives_the_same_texts(tmp_path, name, content):
    records = read(written(tmp_path, name, content))
    assert [(r.text, r.label) for r in records] == [("One, “two”\nthree.", 0), ("Four.", 1)]
    assert {r.source for r in records} == {"a"}


def test_parquet_gives_the_same_texts(tmp_path):
    arrow = needed("pyarrow")
    parquet = needed("pyarrow.parquet")
    groups = [1.0, None]
    table = arrow.table(
        {**{key: [row[key] for row in ROWS] for key in ROWS[0]}, "group": groups, "id": [7, 8]}
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    records = read(tmp_path / "a.parquet")
    assert [(r.text, r.label, r.group) for r in records] == [
        ("One, “two”\nthree.", 0, "1"),
        ("Four.", 1, "a.parquet:2"),
    ]
    assert refused(tmp_path / "a.parquet", text="essay") == (
        "a.parquet: has no column “essay”; its columns are text, label, group, id."
    )


def test_parquet_without_pyarrow_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(dataset.importlib.sys.modules, "pyarrow.parquet", None)
    with pytest.raises(InvalidRequest, match="install the extra `train`"):
        read(written(tmp_path, "a.parquet", b"PAR1"))


def test_parquet_counts_what_it_unpacks_to(tmp_path, monkeypatch):
    arrow, parquet = needed("pyarrow"), needed("pyarrow.parquet")
    table = arrow.table({"text": ["a" * 1000] * 1000, "label": [0] * 1000})
    parquet.write_table(table, tmp_path / "a.parquet")
    monkeypatch.setattr(dataset, "UNPACKED_BYTES", 500_000)
    assert "over 500,000 bytes" in refused(tmp_path / "a.parquet")


def test_parquet_of_bytes_is_not_text(tmp_path):
    arrow, parquet = needed("pyarrow"), needed("pyarrow.parquet")
    parquet.write_table(arrow.table({"text": [SECRET.encode()], "label": [0]}), tmp_path / "a.parquet")
    assert refused(tmp_path / "a.parquet") == "a.parquet:1: column “text” is not text."


def test_all_columns_are_read_and_what_is_missing_is_empty(tmp_path):
    rows = [
        {
            "text": "a",
            "label": 1,
            "source": "s",
            "domain": "d",
            "model": "m",
            "attack": "x",
            "writer": 4.0,
            "group": 3,
        },
        {"text": "b", "label": 0, "domain": None, "writer": float("nan"), "model": 2.5, "pair": "p"},
        {"text": "c", "label": 0, "group": "", "extra": ["ignored"]},
    ]
    path = written(tmp_path, "a.b.jsonl", "\n".join(map(json.dumps, rows)))
    assert read(path) == [
        Record("a", 1, "s", "d", "m", "x", "4", "3", "a.b.jsonl:1"),
        Record("b", 0, "a.b", "", "2.5", "", "", "p", "a.b.jsonl:2"),
        Record("c", 0, "a.b", "", "", "", "", "a.b.jsonl:3", "a.b.jsonl:3"),
    ]


def test_columns_can_have_other_names(tmp_path):
    path = written(tmp_path, "a.csv", "essay,by,prompt\nOne.,human,7\n")
    (record,) = read(path, text="essay", label="by", group="prompt")
    assert (record.text, record.label, record.group) == ("One.", 0, "7")


@pytest.mark.parametrize(("name", "content"), [("a.csv", CSV), ("a.jsonl", JSONL)])
def test_a_renamed_column_has_to_be_there(tmp_path, name, content):
    message = refused(written(tmp_path, name, content), group="promt")
    assert message == f"{name}: has no column “promt”; its columns are text, label."


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        *((label, 0) for label in (0, 0.0, False, "0", " Human ", "FALSE")),
        *((label, 1) for label in (1, 1.0, True, "1", "MACHINE", "Ai", "generated", "True")),
    ],
)
def test_labels_are_understood(tmp_path, label, expected):
    (record,) = read(written(tmp_path, "a.jsonl", json.dumps({"text": "a", "label": label})))
    assert record.label == expected


@pytest.mark.parametrize(
    "label", [2, -1, 0.5, float("nan"), float("inf"), None, "", "nan", SECRET, [1], {}, "10"]
)
def test_other_labels_are_not_guessed(tmp_path, label):
    path = written(tmp_path, "a.jsonl", json.dumps({"text": "a", "label": label}))
    assert refused(path).startswith("a.jsonl:1: column “label” is none of 0, human, false, 1, machine")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", f"text,label\na,1\n{SECRET},1,2\n", "a.csv:3: has 3 cells under a header of 2."),
        ("a.csv", f"text,label\n{SECRET}\n", "a.csv:2: has 1 cells under a header of 2."),
        ("a.csv", "text,label\n\n  ,1\n", "a.csv:3: column “text” is blank."),
        ("a.csv", b"text,label\nb\xe9b\xe9,1\n", "a.csv:2: column “text” is not UTF-8."),
        ("a.csv", "text,label\na\0b,1\n", "a.csv:2: column “text” has NUL characters."),
        ("a.csv", f'text,label\n"{SECRET}', "a.csv: has a stray quotation mark before line 3."),
        ("a.csv", f'text,label\n"a"{SECRET},1\n', "a.csv: has a stray quotation mark before line 3."),
        ("a.csv", "text,label\na,1\n".encode("utf-16"), "a.csv: is not UTF-8; save it as UTF-8."),
        ("a.csv", "text,label,text\na,1,b\n", "a.csv: has 2 columns of the name “text”."),
        ("a.csv", "", "a.csv: has no column “text”; its columns are none."),
        (
            "a.csv",
            f'"{SECRET} and much more than that",1\n',
            "a.csv: has no column “text”; its columns are (a name of 39 characters), 1.",
        ),
        (
            "a.jsonl",
            f'{{"txt": "{SECRET}", "label": 1}}',
            "a.jsonl: has no column “text”; its columns are txt, label.",
        ),
        ("a.jsonl", '{"text": "a", "label": 1}\n{"label": 1}', "a.jsonl:2: column “text” is missing."),
        ("a.jsonl", '{"text": null, "label": 1}', "a.jsonl:1: column “text” is blank."),
        ("a.jsonl", '{"text": ["a"], "label": 1}', "a.jsonl:1: column “text” is not text."),
        (
            "a.jsonl",
            '{"text": "a", "label": 1, "group": [1]}',
            "a.jsonl:1: column “group” is neither text nor a number.",
        ),
        ("a.jsonl", f"\n{SECRET}", "a.jsonl:2: is not JSON."),
        ("a.jsonl", "[" * 100_000, "a.jsonl:1: is not JSON."),
        ("a.jsonl", '{"text": "a", "label": ' + "1" * 5000 + "}", "a.jsonl:1: is not JSON."),
        ("a.jsonl", f'["{SECRET}"]', "a.jsonl:1: is not a JSON object."),
        ("a.jsonl", b'{"text": "b\xe9", "label": 1}', "a.jsonl:1: is not UTF-8."),
        ("a.jsonl.gz", gzip.compress(JSONL)[:-9], "a.jsonl.gz: cannot be read: it is damaged or incomplete."),
        ("a.jsonl.gz", JSONL, "a.jsonl.gz: cannot be read: it is damaged or incomplete."),
        ("a.jsonl.xz", lzma.compress(JSONL)[:-9], "a.jsonl.xz: cannot be read: it is damaged or incomplete."),
        ("a.jsonl.xz", JSONL, "a.jsonl.xz: cannot be read: it is damaged or incomplete."),
    ],
)
def test_what_is_wrong_is_said_with_file_row_and_column(tmp_path, name, content, message):
    assert refused(written(tmp_path, name, content)) == message


def test_damage_inside_packed_data_is_reported(tmp_path):
    packed = gzip.compress(JSONL)[:10] + b"\xff" * 40
    assert "it is damaged or incomplete" in refused(written(tmp_path, "a.jsonl.gz", packed))


def test_line_ends_inside_a_text_stay_as_they_are(tmp_path):
    (record,) = read(written(tmp_path, "a.csv", 'text,label\r\n"a\r\nb\rc\nd",1\r\n'))
    assert record.text == "a\r\nb\rc\nd"


@pytest.mark.parametrize("name", ["a.txt", "a", "a.parquet.gz", "a.gz"])
def test_other_kinds_of_files_are_refused(tmp_path, name):
    assert "ends in none of .csv, .tsv" in refused(written(tmp_path, name, b"x"))


def test_missing_files_are_reported(tmp_path):
    for name in ("none.csv", "none.jsonl.gz"):
        assert refused(tmp_path / name) == f"{name}: cannot be read: No such file or directory."


def test_good_rows_come_first_then_all_errors_at_once(tmp_path):
    bad = written(tmp_path, "a.csv", "text,label\na,1\n,1\nb,9\n")
    rows = read_dataset([bad, tmp_path / "none.csv", written(tmp_path, "c.csv", "text,label\nc,0\n")])
    assert [next(rows).text, next(rows).text] == ["a", "c"]
    with pytest.raises(InvalidRequest) as caught:
        next(rows)
    places = ["a.csv:3: ", "a.csv:4: ", "none.csv: "]
    assert [caught.value.message.index(place) for place in places] == sorted(
        caught.value.message.index(place) for place in places
    )


def test_the_twentieth_error_is_the_last(tmp_path):
    message = refused(written(tmp_path, "a.csv", "text,label\n" + "a,9\n" * 50))
    assert message.count("column “label”") == MOST_ERRORS
    assert message.endswith("There may be more.")


def test_a_text_may_be_long_but_not_endless(tmp_path):
    most = dataset.TEXT_CHARACTERS
    lines = [json.dumps({"text": "a" * size, "label": 0}) for size in (most, most + 1)]
    path = written(tmp_path, "a.jsonl", "\n".join(lines))
    assert refused(path) == "a.jsonl:2: column “text” has over 2,000,000 characters."
    assert len(next(read_dataset([path])).text) == most


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
@pytest.mark.parametrize(
    "content", ["a" * 5000, 'text,label\n"' + "\n" * 5000, 'text,label\n"' + '\n","' * 2000]
)
def test_a_row_without_end_is_not_taken_into_memory(tmp_path, monkeypatch, name, content):
    monkeypatch.setattr(dataset, "ROW_CHARACTERS", 1000)
    if name == "a.jsonl":
        content = content.replace("\n", " ")
    assert refused(written(tmp_path, name, content)).endswith("has a row of over 1,000 characters.")


def test_many_rows_are_no_long_row(tmp_path, monkeypatch):
    monkeypatch.setattr(dataset, "ROW_CHARACTERS", 100)
    assert len(read(written(tmp_path, "a.csv", "text,label\n" + "some words,1\n" * 100))) == 100
    assert len(read(written(tmp_path, "a.jsonl", '{"text": "some words", "label": 1}\n' * 100))) == 100


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_packed_files_together_are_bounded(tmp_path, monkeypatch, pack):
    monkeypatch.setattr(dataset, "UNPACKED_BYTES", 3000)
    line = json.dumps({"text": "é" * 100, "label": 1}, ensure_ascii=False)  # 222 characters, over 2,000 bytes
    suffix = {"gzip": "gz", "lzma": "xz"}[pack.__module__]
    content = pack("\n".join([line] * 8).encode())
    one, two = (written(tmp_path, f"{name}.jsonl.{suffix}", content) for name in "ab")
    assert len(read(one)) == 8
    assert refused(one, two).startswith(
        f"b.jsonl.{suffix}: unpacks, after the files before it, to over 3,000"
    )


def test_folders_are_read_in_order_without_what_is_hidden(tmp_path):
    for name in ("b.csv", "a.jsonl", "c/d.csv", ".hidden.csv", ".git/e.csv"):
        written(tmp_path, name, JSONL if name.endswith("jsonl") else CSV)
    written(tmp_path, "notes.txt", "not data")
    records = read(tmp_path)
    assert [r.row for r in records[::2]] == ["a.jsonl:1", "b.csv:2", "c/d.csv:2"]


def test_files_of_the_same_name_keep_apart_and_the_same_file_is_read_once(tmp_path):
    one, two = (written(tmp_path, f"{folder}/a.csv", CSV) for folder in ("x", "y"))
    records = read(one, two, one)
    assert [r.row for r in records] == [f"{path.as_posix()}:{n}" for path in (one, two) for n in (2, 3)]
    assert [r.row for r in read(one)] == ["a.csv:2", "a.csv:3"]


def test_an_empty_folder_is_an_error(tmp_path):
    assert "holds no file that ends in .csv" in refused(tmp_path)


def test_lone_surrogates_do_not_come_through(tmp_path):
    path = written(tmp_path, "a.jsonl", '{"text": "a \\ud800 b", "label": 1, "domain": "\\udc80"}')
    (record,) = read(path)
    assert (record.text, record.domain) == ("a \ufffd b", "\ufffd")


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl", "a.csv.gz", "a.jsonl.xz", "a.parquet"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(content=st.binary(max_size=200) | st.text(alphabet='text,label\t\n\r"{}:01\0é', max_size=200))
def test_nothing_but_a_lab_error_comes_out_of_any_file(tmp_path, name, content):
    if name == "a.parquet":
        needed("pyarrow")
    content = content if isinstance(content, bytes) else content.encode()
    if name.startswith("a.csv") or name.startswith("a.tsv"):
        content = b"text,label\n" + content if name[2:5] == "csv" else b"text\tlabel\n" + content
    packed = {"a.csv.gz": gzip.compress, "a.jsonl.xz": lzma.compress}
    for packing in (bytes, packed.get(name, bytes)):
        with suppress(LabError):
            records = read(written(tmp_path, name, packing(content)))
            assert all(r.text.strip() and r.label in (0, 1) and r.row and r.group for r in records)


def test_damaged_parquet_is_reported(tmp_path):
    arrow, parquet = needed("pyarrow"), needed("pyarrow.parquet")
    parquet.write_table(arrow.table({"text": ["a"] * 50, "label": [0] * 50}), tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    for cut in (0, 4, len(whole) // 2, len(whole) - 1):
        assert refused(written(tmp_path, "b.parquet", whole[:cut])).startswith("b.parquet: cannot be read")
    assert "cannot be read" in refused(written(tmp_path, "b.parquet", whole.replace(b"text", b"\x95ext")))


def records_of(human, machine):
    return [Record("a", label, "", "", "", "", "", "", "") for label in [0] * human + [1] * machine]


@pytest.mark.parametrize(
    ("human", "machine", "least", "code"),
    [(0, 500, 100, "one_class"), (500, 0, 0, "one_class"), (99, 500, 100, "too_few_texts")],
)
def test_too_little_of_a_class_is_said(human, machine, least, code):
    with pytest.raises(InvalidRequest, match=f"{human} human and {machine} machine") as caught:
        validate(records_of(human, machine), least)
    assert caught.value.code == code


def test_enough_of_both_classes_is_enough():
    validate(records_of(100, 100))
    validate(records_of(1, 1), least=1)
