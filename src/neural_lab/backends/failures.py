"""What goes wrong inside a model, said without the text that it went wrong on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from neural_lab.errors import LabError, ModelUnavailable, ScoringFailed


@contextmanager
def loading(folder: Path, what: str) -> Iterator[None]:
    """Turn any failure inside into a `ModelUnavailable` that names the model as `what`."""
    try:
        yield
    except LabError:
        raise
    except Exception as error:
        raise ModelUnavailable("damaged_model", f"The {what} in {folder} cannot be loaded.") from error


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turn any failure inside into a `ScoringFailed` that names the model as `what` and nothing else."""
    try:
        yield
    except LabError:
        raise
    except Exception:
        # Without its cause: runtimes quote the text they failed on.
        raise ScoringFailed("model_failed", f"The {what} could not read this text.") from None


def not_finite(what: str) -> ScoringFailed:
    return ScoringFailed("not_finite", f"The {what} gave an answer that is not a number.")
