"""What strings an expression can be, as far as the source alone can tell."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

UNKNOWN = "{…}"
DEEPEST = 8


class Text:
    """A module: its tree, its constants, its functions, and where names come from."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self.tree = ast.parse(path.read_text("utf-8"))
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def calls(self) -> list[ast.Call]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]

    @cached_property
    def constants(self) -> dict[str, ast.AST]:
        found: dict[str, ast.AST] = {}
        for node in self.tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            value = getattr(node, "value", None)
            for target in targets:
                if isinstance(target, ast.Name) and value is not None:
                    found[target.id] = value
                elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                    found |= {
                        each.id: v
                        for each, v in zip(target.elts, value.elts, strict=True)
                        if isinstance(each, ast.Name)
                    }
        return found

    @cached_property
    def imports(self) -> dict[str, tuple[str, str]]:
        return {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        return {node.name: node for node in ast.walk(self.tree) if isinstance(node, kinds)}

    def around(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The function that a node stands in."""
        while node in self.parents:
            node = self.parents[node]
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return node
        return None


class Source:
    """All modules below a package's folder."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(folder.rglob("*.py"))
        names = {
            path: ".".join((folder.name, *path.relative_to(folder).with_suffix("").parts)) for path in paths
        }
        self.modules = {name: Text(path, name) for path, name in names.items()}

    def strings(self, module: Text, at: ast.AST, node: ast.AST) -> list[str]:
        """All strings that `node`, which stands in `module` near `at`, can be; `UNKNOWN` in place of what "
        "varies."""
        values = [value if isinstance(value, str) else UNKNOWN for value in self._values(module, at, node, 0)]
        return list(dict.fromkeys(values)) or [UNKNOWN]

    def pairs(self, module: Text, at: ast.AST, node: ast.AST) -> list[tuple[str, str]]:
        """All pairs of strings that it can be."""
        found = self._values(module, at, node, 0)
        pairs = [each for each in found if isinstance(each, tuple) and len(each) == 2]
        return pairs or [(UNKNOWN, UNKNOWN)]

    def together(self, module: Text, at: ast.AST, code: ast.AST, message: ast.AST) -> list[tuple[str, str]]:
        """Pairs of two expressions that vary together, or none: taken from one pair, or by one key."""
        if isinstance(code, ast.Subscript) and isinstance(message, ast.Subscript):
            tables = [self.table(module, ast.unparse(each.value)) for each in (code, message)]
            return [(given, tables[1].get(key, UNKNOWN)) for key, given in tables[0].items()]
        function = module.around(at)
        for node in ast.walk(function) if function and isinstance(code, ast.Name) else ():
            match node:
                case ast.Assign(targets=[ast.Tuple(elts=[ast.Name(id=first), ast.Name(id=second)])]):
                    if first == code.id:
                        said = self.strings(module, at, message)[0]
                        pairs = self.pairs(module, function.body[0], node.value)
                        return [(given, said.replace(f"{{{second}}}", what)) for given, what in pairs]
        return []

    def table(self, module: Text, name: str) -> dict[Any, str]:
        """A table of constants, wherever the module has it from."""
        for text in (module, *self.modules.values()):
            node = text.constants.get(name)
            if isinstance(node, ast.Dict):
                keys = [ast.literal_eval(key) for key in node.keys if key]
                said = (self.strings(text, text.tree, value)[0] for value in node.values)
                return dict(zip(keys, said, strict=True))
        return {}

    def _values(self, module: Text, at: ast.AST, node: ast.AST | None, depth: int) -> list[Any]:
        if depth > DEEPEST or node is None:
            return [UNKNOWN]
        again = lambda each: self._values(module, at, each, depth + 1)  # noqa: E731
        match node:
            case ast.Constant(value=str() as text):
                return [text]
            case ast.JoinedStr():
                return ["".join(_piece(each) for each in node.values)]
            case ast.BinOp(op=ast.Add()):
                return [f"{a}{b}" for a, b in product(again(node.left), again(node.right))]
            case ast.Tuple() | ast.List():
                return list(product(*(again(each) for each in node.elts)))
            case ast.Dict():
                return [value for each in node.values for value in again(each)]
            case ast.IfExp():
                return [*again(node.body), *again(node.orelse)]
            case ast.BoolOp():
                return [value for each in node.values for value in again(each)]
            case ast.NamedExpr():
                return again(node.value)
            case ast.Subscript():
                return again(node.value)
            case ast.Name():
                return self._named(module, at, node.id, depth + 1)
            case ast.Call():
                return self._called(module, at, node, depth + 1)
        return [UNKNOWN]

    def _named(self, module: Text, at: ast.AST, name: str, depth: int) -> list[Any]:
        function = module.around(at)
        local = list(self._assigned(module, function, name, depth)) if function else []
        if local:
            return local
        if name in module.constants:
            return self._values(module, module.tree, module.constants[name], depth)
        origin, own = module.imports.get(name, ("", ""))
        if origin in self.modules and own in self.modules[origin].constants:
            other = self.modules[origin]
            return self._values(other, other.tree, other.constants[own], depth)
        return [UNKNOWN]

    def _assigned(self, module: Text, function: Any, name: str, depth: int) -> Iterator[Any]:
        """What a name is given inside a function, by assignment or as an argument."""
        for node in ast.walk(function):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            for target in targets if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) else ():
                if isinstance(target, ast.Name) and target.id == name:
                    yield from self._values(module, function.body[0], node.value, depth)
                elif isinstance(target, ast.Tuple):
                    for place, each in enumerate(target.elts):
                        if isinstance(each, ast.Name) and each.id == name:
                            whole = self._values(module, function.body[0], node.value, depth)
                            yield from (v[place] for v in whole if isinstance(v, tuple) and len(v) > place)
        arguments = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        if name in arguments or name in [each.arg for each in function.args.kwonlyargs]:
            place = arguments.index(name) if name in arguments else len(arguments) + DEEPEST
            yield from self._passed(module, function, name, place, depth)

    def _passed(self, home: Text, function: Any, name: str, place: int, depth: int) -> Iterator[Any]:
        method = isinstance(home.parents.get(function), ast.ClassDef)
        for module in self.modules.values():
            known = module is home or module.imports.get(function.name, ("",))[0] == home.name
            for call in module.calls if known else ():
                called = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
                if called == function.name:
                    given = next((each.value for each in call.keywords if each.arg == name), None)
                    at = place - (method and isinstance(call.func, ast.Attribute))
                    given = given or (
                        call.args[at] if 0 <= at < len(call.args) else _standard(function, name)
                    )
                    if isinstance(given, ast.Constant) or given is not None:
                        yield from self._values(module, call, given, depth)

    def _called(self, module: Text, at: ast.AST, call: ast.Call, depth: int) -> list[Any]:
        if isinstance(call.func, ast.Attribute) and call.func.attr == "get":
            more = call.args[1:2]
            return [v for each in (call.func.value, *more) for v in self._values(module, at, each, depth)]
        if isinstance(call.func, ast.Name) and call.func.id in module.functions:
            function = module.functions[call.func.id]
            returned = [n.value for n in ast.walk(function) if isinstance(n, ast.Return)]
            return [v for each in returned for v in self._values(module, function.body[0], each, depth)]
        return [UNKNOWN]


def _standard(function: Any, name: str) -> ast.AST | None:
    """The default of an argument."""
    arguments = [each.arg for each in function.args.args]
    defaults = dict(zip(reversed(arguments), reversed(function.args.defaults), strict=False))
    keywords = dict(
        zip((each.arg for each in function.args.kwonlyargs), function.args.kw_defaults, strict=True)
    )
    return (defaults | keywords).get(name)


def _piece(part: ast.AST) -> str:
    """A filled-in name says what stands there; anything longer does not."""
    if isinstance(part, ast.Constant):
        return str(part.value)
    value = part.value if isinstance(part, ast.FormattedValue) else part
    if isinstance(value, (ast.Name, ast.Attribute)):
        last = value.id if isinstance(value, ast.Name) else value.attr
        return f"{{{last.strip('_').lower()}}}"
    return UNKNOWN
