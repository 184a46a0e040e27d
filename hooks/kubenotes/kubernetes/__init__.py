"""What is known about Kubernetes, by version: kinds and their fields, resource types, command trees.

The JSON beside this file is made by `scripts/refresh/` from the real programs and carries the
version it was made from. It is read when it is first asked for and shared from then on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent

Schema = Mapping[str, Any]


class UnknownVersion(Exception):
    """A Kubernetes version for which there is no data."""

    def __init__(self, version: str) -> None:
        known = ", ".join(versions())
        super().__init__(f"no data for Kubernetes {version!r}; known: {known} (scripts/refresh/ makes more)")


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag of one command, as cobra has it."""

    name: str
    type: str
    short: str = ""
    default: str = ""
    no_value_default: str | None = None
    required: bool = False
    hidden: bool = False
    deprecated: str = ""

    @property
    def takes_value(self) -> bool:
        """Whether the next word is the value when no `=` follows the flag."""
        return self.no_value_default is None


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a tool's tree, with the flags it inherits."""

    path: str
    use: str
    runnable: bool
    arguments: str
    flags: Mapping[str, Flag]
    shorthands: Mapping[str, Flag]
    commands: Mapping[str, Command]
    aliases: tuple[str, ...] = ()
    names: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource type of the API server."""

    group: str
    version: str
    plural: str
    singular: str
    kind: str
    namespaced: bool
    short: tuple[str, ...]
    categories: tuple[str, ...]
    subresources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schemas:
    """The kinds of one version and the definitions they are made of."""

    kinds: Mapping[str, str]
    definitions: Mapping[str, Schema]

    def of(self, api_version: str, kind: str) -> Schema | None:
        """The schema of a kind; `v1` and `apps/v1` are both apiVersions."""
        name = self.kinds.get(f"{api_version}/{kind}")
        return self.definitions[name] if name else None

    def names(self) -> set[str]:
        """Every kind, without its apiVersion."""
        return {key.rsplit("/", 1)[1] for key in self.kinds}

    def built_in(self, api_version: str) -> bool:
        """Whether the server itself serves this apiVersion: a core group, or one without a foreign domain."""
        group = api_version.rpartition("/")[0]
        return "." not in group or group.endswith(".k8s.io")

    def versions_of(self, kind: str) -> list[str]:
        """Every apiVersion that has this kind."""
        return sorted(key.removesuffix(f"/{kind}") for key in self.kinds if key.endswith(f"/{kind}"))

    def kinds_in(self, api_version: str) -> list[str]:
        """Every kind of this apiVersion."""
        return sorted(key.rsplit("/", 1)[1] for key in self.kinds if key.rsplit("/", 1)[0] == api_version)


@cache
def versions() -> tuple[str, ...]:
    """The Kubernetes minors there is data for, oldest first."""
    found = (path.stem for path in (_DATA / "resources").glob("*.json"))
    return tuple(sorted(found, key=lambda version: [int(part) for part in version.split(".")]))


@cache
def schemas(version: str) -> Schemas:
    """The server's kinds, the component configurations and the Gateway API.

    Raises:
        UnknownVersion: there is no data for this version.
    """
    kinds: dict[str, str] = {}
    definitions: dict[str, Schema] = {}
    for name in (f"schemas/{version}.json", f"schemas/config-{version}.json", "schemas/gateway-api.json"):
        data = _load(name, version)
        kinds.update(data["kinds"])
        definitions.update(data["definitions"])
    return Schemas(kinds, definitions)


@cache
def resources(version: str) -> tuple[Resource, ...]:
    """The resource types that the server of this version lists, and those of the Gateway API.

    Raises:
        UnknownVersion: there is no data for this version.
    """
    return tuple(
        Resource(
            group=row["group"],
            version=row["version"],
            plural=row["plural"],
            singular=row["singular"],
            kind=row["kind"],
            namespaced=row["namespaced"],
            short=tuple(row["short"]),
            categories=tuple(row["cats"]),
            subresources=tuple(row["subs"]),
        )
        for name in (f"resources/{version}.json", "schemas/gateway-api.json")
        for row in _load(name, version)["resources"]
    )


@cache
def command_tree(tool: str, version: str) -> Command:
    """The command tree of `kubectl` or `kubeadm`.

    Raises:
        UnknownVersion: there is no data for this version.
    """
    return _command(_load(f"commands/{tool}-{version}.json", version)["tree"], {})


@cache
def outputs(version: str) -> Mapping[str, frozenset[str]]:
    """The `--output` formats that each kubectl command takes; a command that is not there was not asked.

    Raises:
        UnknownVersion: there is no data for this version.
    """
    rows = _load(f"outputs/kubectl-{version}.json", version)["outputs"]
    return {command: frozenset(formats) for command, formats in rows.items()}


@cache
def tools() -> frozenset[str]:
    """The tools whose command lines can be checked."""
    return frozenset(path.stem.rsplit("-", 1)[0] for path in (_DATA / "commands").glob("*.json"))


def _load(name: str, version: str) -> dict[str, Any]:
    try:
        text = (_DATA / name).read_text("utf-8")
    except FileNotFoundError:
        raise UnknownVersion(version) from None
    data: dict[str, Any] = json.loads(text)
    return data


def _command(row: dict[str, Any], inherited: Mapping[str, Flag]) -> Command:
    own = {
        flag["name"]: Flag(
            name=flag["name"],
            type=flag["type"],
            short=flag.get("short", ""),
            default=flag.get("default", ""),
            no_value_default=flag.get("noOptDefault"),
            required=flag.get("required", False),
            hidden=flag.get("hidden", False),
            deprecated=flag.get("deprecated", "") or "",
        )
        for flag in row.get("flags", ())
    }
    flags = {**inherited, **own}
    persistent = {flag["name"]: own[flag["name"]] for flag in row.get("flags", ()) if flag.get("persistent")}
    children: dict[str, Command] = {}
    for child in row.get("commands", ()):
        command = _command(child, {**inherited, **persistent})
        for name in (command.path.rsplit(" ", 1)[-1], *command.aliases):
            children[name] = command
    return Command(
        path=row["path"],
        use=row["use"],
        runnable=row.get("runnable", False),
        arguments=row.get("args") or "",
        flags=flags,
        shorthands={flag.short: flag for flag in flags.values() if flag.short},
        commands=children,
        aliases=tuple(row.get("aliases", ())),
        names=tuple(row.get("validArgs") or ()),
    )
