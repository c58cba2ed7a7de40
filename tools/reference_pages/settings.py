"""Every setting and every environment variable that anything in the package reads."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic_core import PydanticUndefined

from neural_lab import settings
from neural_lab.api.config import ServeConfig
from reference_pages.tables import ROOT, SOURCE, code, page, plain, table, within

PREFIX = "NEURAL_LAB_"
VARIABLE = re.compile(PREFIX + r"[A-Z][A-Z0-9_]*")
TESTING = ("tests", "benchmarks", "tools", "examples", "Makefile")
ABOUT = """\
The environment comes before `settings.toml` in the data folder (`NEURAL_LAB_HOME`), and that before the
default. In the file the settings of the next section stand at the top, those of the service in the table
`[serve]`. Lists have commas in the environment; switches are `1` or `0`. [Serving](../serving.md#settings)
says more of those of the service."""
BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


def written() -> str:
    named = {f"{PREFIX}{name.upper()}" for name in ServeConfig.model_fields} | set(
        settings._VARIABLES.values()
    )
    rest = {name: files for name, files in read_in(SOURCE).items() if name not in named}
    return page(
        "Settings",
        ABOUT,
        "## What is kept, and where",
        table(("Setting", "Variable", "Default", ""), _kept()),
        "## The service",
        table(("Setting", "Variable", "Default", "Bounds", ""), map(_served, *_fields())),
        "## Variables without a setting",
        table(("Variable", "", "Read in"), (_variable(*each) for each in sorted(rest.items()))),
        "## Variables of others",
        "Read because the systems and libraries around define them.",
        table(("Variable", "Read in"), (_foreign(*each) for each in sorted(foreign().items()))),
        "## Variables of tests, benchmarks and examples",
        table(
            ("Variable", "Read in"), (_foreign(*each) for each in sorted(_testing(named | set(rest)).items()))
        ),
    )


def read_in(folder: Path) -> Mapping[str, list[Path]]:
    """Our own variables and the files whose code names them in full."""
    return _found(folder, lambda text: [text] if VARIABLE.fullmatch(text) else [])


def foreign() -> Mapping[str, list[Path]]:
    """Variables of others that are read from the environment by name."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in _modules(SOURCE):
        for name in sorted(set(_read(ast.parse(path.read_text("utf-8"))))):
            if not name.startswith(PREFIX):
                found[name].append(path)
    return found


def _testing(known: set[str]) -> Mapping[str, list[Path]]:
    found: dict[str, list[Path]] = defaultdict(list)
    for top in TESTING:
        for path in sorted((ROOT / top).rglob("*")) or [ROOT / top]:
            if path.is_file() and path.suffix in ("", ".py", ".sh", ".js"):
                for name in sorted(set(VARIABLE.findall(path.read_text("utf-8", "replace"))) - known):
                    found[name].append(path)
    return {name: files for name, files in found.items() if not name.endswith("_")}


def _found(folder: Path, names: Any) -> Mapping[str, list[Path]]:
    found: dict[str, list[Path]] = defaultdict(list)
    for path in _modules(folder):
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        texts = (
            each.value for each in nodes if isinstance(each, ast.Constant) and isinstance(each.value, str)
        )
        for name in sorted({name for text in texts for name in names(text)}):
            found[name].append(path)
    return found


def _modules(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*.py"))


def _read(tree: ast.AST) -> Iterator[str]:
    """Constants asked of `os.environ` or `getenv`, also by way of a tuple that is walked through."""
    tuples = {
        target.id: [e.value for e in node.value.elts if isinstance(e, ast.Constant)]
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        asked = _asked(node)
        if isinstance(asked, ast.Constant) and isinstance(asked.value, str):
            yield asked.value
        elif isinstance(asked, ast.Name):
            walked = [
                each.iter.id
                for each in ast.walk(tree)
                if isinstance(each, (ast.For, ast.comprehension))
                and isinstance(each.target, ast.Name)
                and each.target.id == asked.id
                and isinstance(each.iter, ast.Name)
            ]
            yield from (value for name in walked for value in tuples.get(name, []))


def _asked(node: ast.AST) -> ast.AST | None:
    """What an expression asks the environment for."""
    if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
        return node.slice
    if isinstance(node, ast.Call) and node.args:
        called = ast.unparse(node.func)
        if called.endswith(("environ.get", "environ.setdefault", "environ.pop", "getenv")):
            return node.args[0]
    return None


def _kept() -> Iterator[tuple[str, ...]]:
    yield (
        "",
        code(f"{PREFIX}HOME"),
        "the platform's folder for data",
        "database, secret, models, `settings.toml`",
    )
    shown = {"store": "`sqlite:///` and `lab.db` in that folder", "keep": "`true`", "keep_days": "none"}
    for name, variable in settings._VARIABLES.items():
        yield code(name), code(variable), shown.get(name, ""), plain(settings._HAS_TO_BE.get(name, ""))


def _fields() -> tuple[list[str], list[Any]]:
    return list(ServeConfig.model_fields), list(ServeConfig.model_fields.values())


def _served(name: str, field: Any) -> tuple[str, ...]:
    standard = field.default_factory() if field.default_factory else field.default
    none = standard is None or standard is PydanticUndefined or standard == []
    shown = "none" if none else code(str(standard).lower() if isinstance(standard, bool) else standard)
    return code(name), code(f"{PREFIX}{name.upper()}"), shown, _bounds(field), plain(field.description or "")


def _bounds(field: Any) -> str:
    found = [
        f"{words} {getattr(each, short):,}"
        for each in field.metadata
        for short, words in BOUNDS.items()
        if getattr(each, short, None) is not None
    ]
    choices = getattr(field.annotation, "__args__", ()) if "Literal" in str(field.annotation) else ()
    return ", ".join((*found, *(code(choice) for choice in choices)))


def _variable(name: str, files: list[Path]) -> tuple[str, ...]:
    setting = name.removeprefix(PREFIX).lower()
    said = settings._HAS_TO_BE.get(setting) or SAID.get(name) or _doc(files[0])
    return code(name), plain(said), _places(files)


SAID = {
    "NEURAL_LAB_HOME": "the data folder, see above",
    "NEURAL_LAB_BUNDLE": "folder of another detector than the one that would be used",
}


def _doc(path: Path) -> str:
    """The first sentence of a module stands for a variable that it alone reads."""
    first = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n\n")[0]
    return " ".join(first.split())


def _foreign(name: str, files: list[Path]) -> tuple[str, str]:
    return code(name), _places(files)


def _places(files: list[Path]) -> str:
    return ", ".join(code(within(path).removeprefix("src/neural_lab/")) for path in files)
