"""Which release of Neural Lab this is."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def release() -> str:
    """The version that is installed; "0" for a source tree that is not."""
    try:
        return version("neural-lab")
    except PackageNotFoundError:
        return "0"
