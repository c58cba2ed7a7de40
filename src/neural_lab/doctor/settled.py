"""The settings: `settings.toml` and the environment, those of the service as well where it is installed."""

from collections.abc import Iterator
from importlib.util import find_spec

from neural_lab.doctor.checked import Checked, failed, not_installed, ok
from neural_lab.doctor.machine import Machine
from neural_lab.errors import InvalidRequest
from neural_lab.settings import FILE, Settings, home, read_computing, read_settings


def settled(machine: Machine) -> Iterator[Checked]:
    """Raises `InvalidRequest` that names the setting which is wrong, and no value."""
    read, computing = read_settings(), read_computing()
    path = home() / FILE
    where = f"{path} and the environment can be read" if path.exists() else f"There is no {path}"
    how = f"for large models device {computing.device} and precision {computing.dtype}"
    yield ok("settings", f"{where}; {_kept(read)}; {how}.")
    if find_spec("pydantic_settings") is None:
        yield not_installed("settings.serve", "The service", "serve")
        return
    yield _service(machine)


def _service(machine: Machine) -> Checked:
    from neural_lab.api.config import read_config

    try:
        config = read_config(host=machine.host, port=machine.port)
    except InvalidRequest as error:
        return failed("settings.serve", error.message, "")
    users = "users log in" if config.accounts else "nobody logs in"
    workers = "1 process" if config.workers == 1 else f"{config.workers} processes"
    said = f"The service listens at {config.host} port {config.port} with {workers}; {users}."
    return ok("settings.serve", said, workers=config.workers)


def _kept(read: Settings) -> str:
    if not read.keep:
        return "reports are not kept"
    return (
        f"reports are kept for {read.keep_days} days" if read.keep_days else "reports are kept until deleted"
    )
