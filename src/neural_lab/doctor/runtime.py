"""ONNX Runtime, which reads with the embedded models."""

from collections.abc import Iterator
from importlib import import_module

from neural_lab.doctor.checked import Checked, failed, ok
from neural_lab.doctor.machine import Machine

NEEDED = "CPUExecutionProvider"


def runtime(_: Machine) -> Iterator[Checked]:
    # By way of the module that keeps the library from telling its maker of this machine.
    onnxruntime = import_module("neural_lab.backends.onnx_session").onnxruntime

    providers = [str(each) for each in onnxruntime.get_available_providers()]
    said = f"{onnxruntime.__version__} with {', '.join(providers)}."
    if NEEDED not in providers:
        yield failed("runtime", said, f"It lacks {NEEDED}: reinstall onnxruntime.")
    else:
        yield ok("runtime", said, version=str(onnxruntime.__version__))
