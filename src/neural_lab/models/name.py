"""Names of models, and the folders that models of these names are kept in."""

from pathlib import Path

from neural_lab.backends.hub import NAME
from neural_lab.errors import InvalidRequest
from neural_lab.settings import home as usual_home

MODELS = "models"


def checked(name: str) -> str:
    """`name`, if a model can be called so, on the hub or here. Raises `InvalidRequest`."""
    parts = name.split("/")
    if NAME.fullmatch(name) and not any(".." in part or "--" in part or part[-1] in ".-" for part in parts):
        return name
    message = "A model is named as on the hub, such as gpt2 or distilbert/distilroberta-base."
    raise InvalidRequest("model_name", message)


def models_folder(home: Path | None = None) -> Path:
    return (usual_home() if home is None else home) / MODELS


def folder_of(name: str, home: Path | None = None) -> Path:
    """Where the model called `name` is kept, if it is. Raises `InvalidRequest`."""
    return models_folder(home) / checked(name).replace("/", "--")
