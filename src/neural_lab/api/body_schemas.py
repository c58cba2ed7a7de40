"""What OpenAPI says of bodies that routes read themselves."""

from __future__ import annotations

from typing import Any

from neural_lab.api.media import FORM, JSON
from neural_lab.api.schemas import Given


def body_of(json: type[Given] | None = None, *, form: type[Given]) -> dict[str, Any]:
    """For `openapi_extra`: a form with a file and the fields of `form`, or JSON."""
    schemas = {JSON: json_schema(json)} if json else {}
    schemas[FORM] = _form_schema(form)
    content = {media: {"schema": schema} for media, schema in schemas.items()}
    return {"requestBody": {"required": True, "content": content}}


def _form_schema(options: type[Given]) -> dict[str, Any]:
    file = {"type": "string", "format": "binary"}
    return {
        "type": "object",
        "required": ["file"],
        "properties": {"file": file, **options.model_json_schema()["properties"]},
        "additionalProperties": False,
    }


def json_schema(kind: type[Given]) -> dict[str, Any]:
    """With its parts in their places: in a larger document references would lead nowhere."""
    schema = kind.model_json_schema()
    parts = {f"#/$defs/{name}": part for name, part in schema.pop("$defs", {}).items()}

    def placed(node: Any) -> Any:
        if isinstance(node, dict):
            return placed(parts[node["$ref"]]) if "$ref" in node else {k: placed(v) for k, v in node.items()}
        return [placed(each) for each in node] if isinstance(node, list) else node

    found: dict[str, Any] = placed(schema)
    return found
