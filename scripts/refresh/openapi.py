"""Turn what a kube-apiserver says about itself into the project's schemas and resources.

The dialect of a definition is a part of OpenAPI: type, format, properties, required, items,
additionalProperties, enum, pattern, limits, nullable, the x-kubernetes list and
preserve-unknown-fields marks, and "$ref" with only the name of another definition. A value that
is an integer or a string is {"x-int-or-string":true}. An object takes no other fields than its
properties, unless it has additionalProperties or the preserve-unknown-fields mark.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

KEPT = (
    "type",
    "format",
    "nullable",
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "required",
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-preserve-unknown-fields",
)
ARBITRARY = "x-kubernetes-preserve-unknown-fields"
# The server says of these only that they are objects, as it says of a struct without fields;
# but they hold any object at all.
OPAQUE = (
    "io.k8s.apimachinery.pkg.runtime.RawExtension",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1",
)


def reduced(schema: Schema) -> Schema:
    """One schema in the project's dialect."""
    if "$ref" in schema:
        return {"$ref": schema["$ref"].rsplit("/", 1)[-1]}
    # A reference with a default or a mark of its own is wrapped: {"allOf":[{"$ref":…}],…}.
    wrapped = schema.get("allOf", [])
    if len(wrapped) == 1 and set(wrapped[0]) == {"$ref"}:
        return reduced(wrapped[0])
    if schema.get("x-kubernetes-int-or-string") or schema.get("format") == "int-or-string":
        limits = ("minimum", "maximum", "minLength", "maxLength", "pattern", "nullable")
        return {"x-int-or-string": True, **{k: schema[k] for k in limits if k in schema}}
    result: Schema = {key: schema[key] for key in KEPT if key in schema}
    if "oneOf" in schema and "type" not in schema:  # a Quantity is a string or a number
        result["oneOf"] = [reduced(one) for one in schema["oneOf"]]
    if "properties" in schema:
        properties = schema["properties"]
        result["properties"] = {name: reduced(properties[name]) for name in sorted(properties)}
        # The server fills a default in before it asks for what is required. Empty defaults of
        # built-in kinds are only Go's zero values.
        given = {name for name, one in properties.items() if one.get("default")}
        if given & set(result.get("required", ())):
            result["required"] = [name for name in result["required"] if name not in given]
            if not result["required"]:
                del result["required"]
    for key in ("items", "additionalProperties"):
        value = schema.get(key)
        if isinstance(value, dict):
            result[key] = reduced(value)
        elif value is not None:
            result[key] = value
    return result


def references(schema: Schema) -> set[str]:
    """The names of the definitions that a schema in the dialect refers to."""
    found = {schema["$ref"]} if "$ref" in schema else set()
    inner = [*schema.get("properties", {}).values(), schema.get("items")]
    for one in [*inner, schema.get("additionalProperties")]:
        if isinstance(one, dict):
            found |= references(one)
    return found


def reachable(kinds: dict[str, str], definitions: dict[str, Schema]) -> dict[str, Schema]:
    """Only the definitions that some kind needs."""
    waiting, kept = set(kinds.values()), {}
    while waiting:
        name = waiting.pop()
        kept[name] = definitions[name]
        waiting |= references(definitions[name]) - kept.keys()
    return kept


def api_version(group: str, version: str) -> str:
    """What a manifest writes as apiVersion."""
    return f"{group}/{version}" if group else version


def resources(discovery: list[Any]) -> list[Schema]:
    """The resources of the aggregated discovery documents, in the order of the server.

    The order is the one in which kubectl looks a short name up: core, then group by group.
    """
    result = []
    for document in discovery:
        for group in document["items"]:
            for version in group["versions"]:
                for resource in version["resources"]:
                    subresources = resource.get("subresources", [])
                    result.append(
                        {
                            "group": group["metadata"].get("name", ""),
                            "version": version["version"],
                            "plural": resource["resource"],
                            "singular": resource.get("singularResource", ""),
                            "kind": resource["responseKind"]["kind"],
                            "namespaced": resource["scope"] == "Namespaced",
                            "short": resource.get("shortNames", []),
                            "cats": resource.get("categories", []),
                            "verbs": resource["verbs"],
                            "subs": [one["subresource"] for one in subresources],
                        }
                    )
    return result


def served_kinds(discovery: list[Any]) -> set[str]:
    """The kinds of resources, of their subresources and of their lists, as group/version/Kind."""
    result = set()
    for document in discovery:
        for group in document["items"]:
            for version in group["versions"]:
                own = group["metadata"].get("name", ""), version["version"]
                for resource in version["resources"]:
                    result.add(f"{api_version(*own)}/{resource['responseKind']['kind']}List")
                    for one in [resource, *resource.get("subresources", [])]:
                        kind = one.get("responseKind") or {}
                        of = (kind.get("group"), kind["version"]) if kind.get("version") else own
                        if kind:
                            result.add(f"{api_version(of[0] or '', of[1])}/{kind['kind']}")
    return result


def schemas(documents: list[Any], discovery: list[Any]) -> tuple[dict[str, str], dict[str, Schema]]:
    """The kinds that are served, and the definitions they need, from the OpenAPI v3 documents."""
    served = served_kinds(discovery)
    kinds: dict[str, str] = {}
    definitions: dict[str, Schema] = {}
    for document in documents:
        for name, schema in document.get("components", {}).get("schemas", {}).items():
            definitions[name] = {ARBITRARY: True} if name in OPAQUE else reduced(schema)
            for of in schema.get("x-kubernetes-group-version-kind", []):
                key = f"{api_version(of['group'], of['version'])}/{of['kind']}"
                if key in served:
                    kinds[key] = name
    return kinds, reachable(kinds, definitions)
