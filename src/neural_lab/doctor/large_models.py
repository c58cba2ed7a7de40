"""The large models kept on this machine: their files, and what was exported of them."""

from collections.abc import Iterator
from pathlib import Path

from neural_lab.doctor.checked import Checked, failed, not_here, ok
from neural_lab.doctor.machine import Machine
from neural_lab.errors import ModelUnavailable
from neural_lab.models.integrity import Problem, problems
from neural_lab.models.kept import Kept, kept_folders, opened

MIB = 2**20
WRONG = {
    "missing": "is missing",
    "altered": "is not as it was",
    "other_source": "was made from other files than those that are kept",
}


def large_models(_: Machine) -> Iterator[Checked]:
    """Every file is read to its end."""
    folders = kept_folders()
    if not folders:
        advice = "If you want one: neural-lab models pull NAME"
        yield not_here("models", "No large model is kept on this machine.", advice)
    for folder in folders:
        yield _checked(folder)


def _checked(folder: Path) -> Checked:
    name = f"models.{folder.name}"
    try:
        kept = opened(folder)
        found = problems(kept, lambda _: None)
    except ModelUnavailable as error:
        return failed(name, error.message, "")
    if found:
        what = "; ".join(f"{each.file} {WRONG[each.what]}" for each in found)
        return failed(name, f"{what}.", _advice(found, kept))
    form = "its files and its export are" if kept.exported else "its files are"
    said = f"{kept.kind} {kept.name}, {kept.bytes / MIB:,.0f} MiB: {form} as they were."
    return ok(name, said, bytes=kept.bytes)


def _advice(found: list[Problem], kept: Kept) -> str:
    if all(each.file.startswith("onnx/") for each in found):
        return f"Convert it again: neural-lab models export {kept.name}"
    return f"Get it again, as it was: {kept.again}"
