"""Every place where the package can reach a network, found by what its modules import."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from reference_pages.tables import SOURCE, code, table, within

# By the module that is imported: whom it reaches, and when.
ACCESS = {
    "huggingface_hub": (
        "the Hugging Face hub, or `HF_ENDPOINT`",
        "`neural-lab models pull`; all else reads what is here",
    ),
    "pyarrow.fs": ("the address that was named", "`neural-lab score` where its input is an address"),
    "asyncpg": (
        "the PostgreSQL of `NEURAL_LAB_STORE` or `--store`",
        "whenever the store is opened; `neural-lab doctor`",
    ),
    "sqlalchemy": ("the same", "while tables are made or brought up to date"),
    "alembic": ("the same", "while tables are made or brought up to date"),
    "redis": ("the Redis of `NEURAL_LAB_REDIS`", "while the service runs; `neural-lab doctor`"),
    "limits": ("the same", "while the service runs"),
    "mlflow": (
        "the server of `NEURAL_LAB_TRACKING`, if it names one",
        "while something is trained, judged, promoted or put back",
    ),
    "ray": (
        "the cluster of `RAY_ADDRESS`, or one on this computer",
        "with `--engine ray`, and where it serves on Ray",
    ),
    "uvicorn": (
        "whoever asks at `NEURAL_LAB_HOST`, by default this computer alone",
        "while the service runs",
    ),
    "urllib.request": ("this computer", "`neural-lab lab`, until its own service answers"),
    "webbrowser": ("this computer", "`neural-lab lab` opens the page"),
    "socket": ("this computer", "looking whether a port is free; listening"),
}
# What could reach a network as well, and is used nowhere.
UNUSED = (
    "aiohttp", "boto3", "fsspec", "ftplib", "http.client", "http.server", "httpx", "httpx2", "imaplib",
    "requests", "sentry_sdk", "smtplib", "socketserver", "ssl", "telnetlib", "urllib3", "websockets",
    "xmlrpc",
)  # fmt: skip


def block() -> str:
    """Raises `ValueError` for a module that reaches a network in a way that is not told here."""
    found = imported()
    if unknown := sorted(set(found) - set(ACCESS)):
        raise ValueError(f"tools/reference_pages/network.py does not tell of: {', '.join(unknown)}")
    rows = ((*ACCESS[name], code(name), _places(found[name])) for name in ACCESS if name in found)
    return table(("Reaches", "When", "By", "In"), rows)


def imported() -> dict[str, list[Path]]:
    """Modules that can reach a network, and the files that import them, by name or as a string."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(SOURCE.rglob("*.py")):
        names = _names(ast.parse(path.read_text("utf-8")))
        for name in sorted({*filter(None, map(_known, names))}):
            found[name].append(path)
    return found


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("_module", "__import__")):
            yield from (str(each.value) for each in node.args[:1] if isinstance(each, ast.Constant))


def _known(name: str) -> str:
    every = (*ACCESS, *UNUSED)
    return next((each for each in every if name == each or name.startswith(f"{each}.")), "")


def _places(files: list[Path]) -> str:
    short = {within(path).removeprefix("src/neural_lab/") for path in files}
    # One folder has most of them.
    postgres = "backends/postgres/"
    return ", ".join(
        code(each) for each in sorted({postgres if each.startswith(postgres) else each for each in short})
    )
