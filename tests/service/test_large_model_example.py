"""The example of a large model prints the perplexities that the model's own probabilities give."""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import needed

torch = needed("torch")
needed("transformers")
from large_models import PROSE, save

from neural_lab.backends.model_folder import files_of
from neural_lab.backends.torch_model import causal_model
from neural_lab.models.kept import Kept, records

PROGRAM = Path(__file__).parents[2] / "examples" / "large_model.py"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save("gpt2", tmp_path_factory.mktemp("gpt2"))


def run(*words: object, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **settings}
    command = [sys.executable, PROGRAM, *words]
    return subprocess.run(
        [*map(str, command)], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_perplexity_of_each_sentence(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("One plain sentence.", "utf-8")
    found = run(folder, file, NEURAL_LAB_DEVICE="cpu", NEURAL_LAB_DTYPE="float32")
    assert found.returncode == 0, found.stderr
    name, line = found.stdout.splitlines()
    assert name == str(file)
    assert math.isclose(
        float(line.split()[0]), by_hand(folder, "One plain sentence."), rel_tol=0.01, abs_tol=0.1
    )
    assert line.endswith("  One plain sentence.")


def by_hand(folder: Path, text: str) -> float:
    """From all logits, with the token that begins a text before it."""
    model = causal_model(folder, "cpu", "float32")
    ids = torch.tensor([[2, *model.tokenizer.tokens(text).ids]])
    with torch.inference_mode():
        logp = model.module(ids[:, :-1]).logits[0].log_softmax(-1)
    return math.exp(-float(logp.gather(1, ids[0, 1:, None]).mean()))


def test_a_kept_model_is_found_by_its_name(folder: Path, tmp_path: Path, home: Path) -> None:
    kept = home / "models" / "tiny--gpt2"
    shutil.copytree(folder, kept / "source")
    about = {"name": "tiny/gpt2", "revision": None, "origin": "folder", "kind": "scorer"}
    Kept(kept, **about, architecture="GPT2LMHeadModel", licence="", files=records(kept / "source")).write()  # type: ignore[arg-type]
    assert files_of(kept / "source")
    file = tmp_path / "prose.txt"
    file.write_text(PROSE, "utf-8")
    found = run("tiny/gpt2", file, NEURAL_LAB_DEVICE="cpu")
    assert found.returncode == 0, found.stderr
    lines = found.stdout.splitlines()[1:]
    assert len(lines) > 2
    assert all(re.match(r" +\d+\.\d  \S", line) for line in lines)


def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path) -> None:
    missing = run("tiny/other", tmp_path / "x")
    assert missing.returncode == 1
    assert "neural-lab models pull tiny/other" in missing.stderr
    assert "Traceback" not in missing.stderr
    assert "MODEL FILE" in run().stderr
    wrong = run(tmp_path, tmp_path / "x", NEURAL_LAB_DEVICE="gpu")
    assert "NEURAL_LAB_DEVICE" in wrong.stderr
