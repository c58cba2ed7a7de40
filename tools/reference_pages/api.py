"""Every route, from the OpenAPI document that the service serves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from neural_lab.api.app import create_app
from neural_lab.api.config import ServeConfig
from neural_lab.api.problems import TITLES
from reference_pages.tables import code, page, paragraphs, plain, table

ABOUT = """\
The same stands in `/openapi.json` of a running service, for programs. Errors are problem details (RFC 9457)
with [codes](errors.md) that stay; keys, scopes and limits are in [serving](../serving.md#keys). Where a
route says *caller*, that is the owner of the key or session, or, without accounts, whoever sits at the
computer. Any request may be answered with 403, 408, 413, 500 or 503."""
EVERYWHERE = {"403", "408", "413", "500", "503"}


def document() -> dict[str, Any]:
    """The document of a service with all settings as usual, whatever this computer's are."""
    return create_app(ServeConfig.model_construct()).openapi()


def written() -> str:
    found = document()
    routes = [
        (method.upper(), path, operation)
        for path, operations in found["paths"].items()
        for method, operation in operations.items()
    ]
    parts = []
    for tag, group in groupby(routes, key=lambda each: each[2]["tags"][0]):
        parts += [f"## {tag.capitalize()}", *(_route(*each) for each in group)]
    schemas = sorted(found["components"]["schemas"].items())
    return page("HTTP API", ABOUT, *parts, "## Bodies", *(_schema(*each) for each in schemas))


def _route(method: str, path: str, operation: Mapping[str, Any]) -> str:
    statuses = ", ".join(_status(each) for each in operation["responses"] if each not in EVERYWHERE)
    parts = (
        f"### {method} {path}",
        paragraphs(operation.get("description")),
        table(("Parameter", "In", "Type", ""), map(_parameter, operation.get("parameters", []))),
        _sent(operation.get("requestBody", {}).get("content", {})),
        _given(operation["responses"]),
        f"Answers: {statuses}." + ("" if "security" in operation else " Nobody has to be logged in."),
    )
    return "\n\n".join(part for part in parts if part)


def _status(status: str) -> str:
    said = TITLES.get(int(status))
    return f"{status} ({said.lower()})" if said else status


def _sent(content: Mapping[str, Any]) -> str:
    kinds = [f"{_type(each.get('schema', {}))} as `{kind}`" for kind, each in content.items()]
    inline = [
        f"As `{kind}`:\n\n{_fields(each['schema'])}"
        for kind, each in content.items()
        if each["schema"].get("properties")
    ]
    return "\n\n".join((f"Send: {', or '.join(kinds)}.", *inline)) if kinds else ""


def _given(responses: Mapping[str, Any]) -> str:
    kinds = [
        f"{_type(each['schema'])} as `{kind}`" if each.get("schema") else f"`{kind}`"
        for status, response in responses.items()
        if status.startswith("2")
        for kind, each in response.get("content", {}).items()
    ]
    return f"Get: {', or '.join(kinds)}." if kinds else ""


def _parameter(each: Mapping[str, Any]) -> tuple[str, ...]:
    needed = "" if each.get("required") else "may be left out; "
    said = needed + each.get("description", "") + _limits(each["schema"])
    return code(each["name"]), each["in"], _type(each["schema"]), plain(said.strip("; "))


def _schema(name: str, schema: Mapping[str, Any]) -> str:
    parts = (f"### {name} (body)", paragraphs(schema.get("description")), _fields(schema))
    return "\n\n".join(part for part in parts if part)


def _fields(schema: Mapping[str, Any]) -> str:
    needed = set(schema.get("required", ()))
    fields = schema.get("properties", {}).items()
    return table(
        ("Field", "Type", ""),
        ((code(name), _type(each), _about(each, name in needed)) for name, each in fields),
    )


def _about(field: Mapping[str, Any], needed: bool) -> str:
    standard = "" if needed or "default" not in field else f"default {code(json.dumps(field['default']))}"
    parts = ("needed" if needed else "", standard, field.get("description", ""), _limits(field))
    return plain("; ".join(part.strip(" ;").rstrip(".") for part in parts if part))


def _limits(schema: Mapping[str, Any]) -> str:
    return "; ".join(_limit(schema))


def _limit(schema: Mapping[str, Any]) -> Iterator[str]:
    words = {
        "minLength": "at least {} characters", "maxLength": "at most {} characters",
        "minItems": "at least {} entries", "maxItems": "at most {} entries",
        "minimum": "at least {}", "maximum": "at most {}", "exclusiveMinimum": "more than {}",
    }  # fmt: skip
    for each in (schema, *schema.get("anyOf", ())):
        yield from (said.format(f"{each[key]:,.16g}") for key, said in words.items() if key in each)


def _type(schema: Mapping[str, Any]) -> str:
    """A type in words; bodies are links."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()}-body)"
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return ", ".join(code(each) for each in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("format") if schema.get("format") == "binary" else schema.get("type", "object"))
