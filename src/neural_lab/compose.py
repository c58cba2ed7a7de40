"""The composition root: the one place that knows which backend stands behind which port."""

import os
from pathlib import Path

from neural_lab.backends.bundle import Bundle
from neural_lab.backends.language import LangId
from neural_lab.service import Lab

EMBEDDED = Path(__file__).parent / "bundles" / "embedded"


def open_lab(folder: Path | None = None, threads: int | None = None) -> Lab:
    """A lab on the bundle in `folder`, else in `NEURAL_LAB_BUNDLE`, else on the embedded one.

    `threads` read side by side; as many as processors by default. Raises
    `ModelUnavailable`.
    """
    bundle = Bundle(folder or Path(os.environ.get("NEURAL_LAB_BUNDLE") or EMBEDDED))
    models = bundle.scorer(threads), bundle.lexicon(), bundle.second(threads), bundle.ensemble()
    return Lab(bundle.detector(), *models, LangId())
