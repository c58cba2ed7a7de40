"""The fitted ensemble as a scikit-learn object on disk, for training alone; serving uses ONNX."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile

from skops.io import dump, get_untrusted_types
from skops.io import load as load_skops
from skops.io.exceptions import UntrustedTypesFoundException

from neural_lab.errors import ModelUnavailable
from neural_lab.training.ensemble import Ensemble

ALLOWED = (
    "neural_lab.training.ensemble.Ensemble",
    "neural_lab.training.ensemble.clipped",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
)
"""Types that a file may hold beside those skops trusts by itself; nothing in it is ever run."""


def save(ensemble: Ensemble, path: Path) -> None:
    """Write `ensemble` as a skops file: no pickle."""
    path.parent.mkdir(parents=True, exist_ok=True)
    dump(ensemble, path, compression=ZIP_DEFLATED)


def load(path: Path) -> Ensemble:
    """Read a file of `save`. Raises `ModelUnavailable` when it is damaged or holds any other type."""
    try:
        strangers = sorted(set(get_untrusted_types(file=path)) - set(ALLOWED))
        ensemble = None if strangers else load_skops(path, trusted=list(ALLOWED))
    except (OSError, BadZipFile, ValueError, KeyError, TypeError, UntrustedTypesFoundException) as error:
        raise ModelUnavailable("damaged_ensemble", f"{path} is no ensemble that was saved here.") from error
    if not isinstance(ensemble, Ensemble):
        raise ModelUnavailable("untrusted_ensemble", f"{path} holds types that are not allowed.")
    return ensemble
