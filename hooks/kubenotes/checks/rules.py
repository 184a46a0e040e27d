"""What the API server refuses though the schema allows it: ranges, and fields that must agree with each other.

Source: the server's own validation (pkg/apis/*/validation of Kubernetes), whose verdict on every
file in tests/cases/rules/ is recorded in tests/truth/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ..quantity import parse
from ..yaml_reader import Kind, Mapping, Node, Scalar, Sequence
from .fields import FILLED_IN, Finding, is_placeholder

_POD_SPECS = {
    "Pod": "spec",
    "PodTemplate": "template.spec",
    "CronJob": "spec.jobTemplate.spec.template.spec",
    "Job": "spec.template.spec",
    "Deployment": "spec.template.spec",
    "ReplicaSet": "spec.template.spec",
    "DaemonSet": "spec.template.spec",
    "StatefulSet": "spec.template.spec",
    "ReplicationController": "spec.template.spec",
}
_SELECTING = frozenset(["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"])
_RESTARTS = {
    **dict.fromkeys((*_SELECTING, "ReplicationController"), ("Always",)),
    **dict.fromkeys(("Job", "CronJob"), ("OnFailure", "Never")),
}
# Kinds whose names become host names in part, and kinds whose names need only be host names in all.
_LABEL_NAMED = frozenset(["Namespace", "Service"])
_SUBDOMAIN_NAMED = frozenset(_POD_SPECS) | {
    *("ConfigMap", "Secret", "ServiceAccount", "PersistentVolume", "PersistentVolumeClaim", "StorageClass"),
    *("Ingress", "NetworkPolicy", "HorizontalPodAutoscaler", "PodDisruptionBudget"),
    *("ResourceQuota", "LimitRange", "PriorityClass"),
}
_LABEL = re.compile(r"(?=.{1,63}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_SUBDOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_WORD = re.compile(r"(?=.{1,63}$)[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9]*(?:[-_.][A-Z0-9]+)*")
_HANDLERS = ("exec", "grpc", "httpGet", "tcpSocket")
_PORTS = range(1, 65536)
_NODE_PORTS = range(30000, 32768)


def check(manifest: Mapping, kind: str) -> Iterator[Finding]:
    """Check one object of a built-in kind whose fields are known to be right."""
    yield from _named(manifest, kind)
    for path in ("metadata.labels", "spec.template.metadata.labels"):
        yield from _labels(_at(manifest, path))
    if kind in _SELECTING:
        yield from _selector(manifest)
    if kind == "PersistentVolumeClaim":
        yield from _claim(manifest)
    if kind == "Service":
        yield from _service(manifest)
    pod = _at(manifest, _POD_SPECS[kind]) if kind in _POD_SPECS else None
    if isinstance(pod, Mapping):
        yield from _pod(manifest, pod, kind)


def _named(manifest: Mapping, kind: str) -> Iterator[Finding]:
    """The form of metadata.name, for the kinds whose names have one."""
    name = _at(manifest, "metadata.name")
    text = _text(name)
    if name is None or not text:
        return
    if kind in _LABEL_NAMED and not _LABEL.fullmatch(text):
        yield _say(name, "wrong-value", f"{text!r} is no name for a {kind}: a-z, 0-9, -, at most 63, no - at its ends")
    elif kind in _SUBDOMAIN_NAMED and not _SUBDOMAIN.fullmatch(text):
        yield _say(name, "wrong-value", f"{text!r} is no name for a {kind}: a-z, 0-9, - and ., no - or . at its ends")


def _labels(labels: Node | None) -> Iterator[Finding]:
    for key, value in labels.entries if isinstance(labels, Mapping) else ():
        text = _text(value)
        if not is_placeholder(key) and not FILLED_IN.search(key.text) and not _is_label_key(key.text):
            yield _say(key, "wrong-value", f"{key.text!r} is no label key: [prefix/]name, letters, digits, -, _ and .")
        if text and not _WORD.fullmatch(text):
            yield _say(value, "wrong-value", f"{text!r} is no label value: letters, digits, -, _ and ., at most 63")


def _is_label_key(text: str) -> bool:
    """`name`, or `prefix/name` with a host name for a prefix."""
    prefix, slash, name = text.rpartition("/")
    return bool(_WORD.fullmatch(name)) and (not slash or bool(_SUBDOMAIN.fullmatch(prefix)))


def _claim(manifest: Mapping) -> Iterator[Finding]:
    spec = _at(manifest, "spec")
    modes = _at(manifest, "spec.accessModes")
    if isinstance(spec, Mapping) and not (isinstance(modes, Sequence) and modes.items) and not _open(modes):
        yield _say(modes or spec, "missing-field", "a PersistentVolumeClaim needs at least one of accessModes")
    if (
        isinstance(spec, Mapping)
        and _at(spec, "resources.requests.storage") is None
        and not _open(spec.get("resources"))
    ):
        yield _say(spec, "missing-field", "a PersistentVolumeClaim needs resources.requests.storage")


def _open(node: Node | None) -> bool:
    return isinstance(node, Scalar) and is_placeholder(node)


def _selector(manifest: Mapping) -> Iterator[Finding]:
    wanted, labels = _at(manifest, "spec.selector.matchLabels"), _at(manifest, "spec.template.metadata.labels")
    if not isinstance(wanted, Mapping):
        return
    for key, value in wanted.entries:
        found = labels.get(key.text) if isinstance(labels, Mapping) else None
        if _text(value) is None or (found is not None and _text(found) is None):
            continue
        if found is None or _text(found) != _text(value):
            has = f"have {key.text}={_text(found)}" if found is not None else f"have no {key.text}"
            yield _say(
                found or value,
                "disagreement",
                f"the selector wants {key.text}={_text(value)}, the template's labels {has}",
            )


def _service(manifest: Mapping) -> Iterator[Finding]:
    given = _at(manifest, "spec.type")
    kind = _text(given) if given is not None else "ClusterIP"
    for port in _items(_at(manifest, "spec.ports")):
        yield from _range(port, "port", _PORTS)
        yield from _range(port, "targetPort", _PORTS)
        node_port = port.get("nodePort")
        if isinstance(node_port, Scalar) and node_port.text not in ("", "0") and kind == "ClusterIP":
            yield _say(node_port, "disagreement", "nodePort is only for a Service of type NodePort or LoadBalancer")
        else:
            yield from _range(port, "nodePort", _NODE_PORTS, zero=True)


def _pod(manifest: Mapping, pod: Mapping, kind: str) -> Iterator[Finding]:
    restart = pod.get("restartPolicy")
    allowed = _RESTARTS.get(kind)
    if allowed and (policy := _text(restart)) and policy not in allowed and restart is not None:
        yield _say(restart, "wrong-value", f"restartPolicy is {policy!r}, a {kind} takes {' or '.join(allowed)}")
    if allowed and restart is None and kind in ("Job", "CronJob"):
        yield _say(pod, "missing-field", f"restartPolicy is not there: a {kind} needs {' or '.join(allowed)}")
    volumes = {_text(volume.get("name")) for volume in _items(pod.get("volumes"))}
    if kind == "StatefulSet":
        volumes |= {_text(_at(claim, "metadata.name")) for claim in _items(_at(manifest, "spec.volumeClaimTemplates"))}
    names: set[str] = set()
    for group in ("initContainers", "containers"):
        for container in _items(pod.get(group)):
            yield from _container(container, volumes, names)


def _container(container: Mapping, volumes: set[str | None], names: set[str]) -> Iterator[Finding]:
    name = container.get("name")
    if name is not None and (text := _text(name)):
        if not _LABEL.fullmatch(text):
            yield _say(name, "wrong-value", f"{text!r} is no name for a container: a-z, 0-9 and -, no - at its ends")
        if text in names:
            yield _say(name, "disagreement", f"two containers are named {text!r}")
        names.add(text)
    for port in _items(container.get("ports")):
        yield from _range(port, "containerPort", _PORTS)
    for mount in _items(container.get("volumeMounts")):
        wanted = mount.get("name")
        # A volume whose own name is to be filled in may be the one.
        if wanted is not None and (text := _text(wanted)) and text not in volumes and None not in volumes:
            yield _say(wanted, "disagreement", f"no volume is named {text!r}")
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        yield from _probe(container, probe)
    yield from _resources(container)


def _probe(container: Mapping, name: str) -> Iterator[Finding]:
    probe = container.get(name)
    if not isinstance(probe, Mapping):
        return
    handlers = [key for key, value in probe.entries if key.text in _HANDLERS and value.kind is not Kind.NULL]
    if len(handlers) != 1 and not any(is_placeholder(key) or is_placeholder(value) for key, value in probe.entries):
        found = " and ".join(key.text for key in handlers) or "none"
        place: Node = handlers[1] if len(handlers) > 1 else probe
        yield _say(place, "disagreement", f"{name} has {found}, it needs exactly one of {', '.join(_HANDLERS)}")


def _resources(container: Mapping) -> Iterator[Finding]:
    limits, requests = _at(container, "resources.limits"), _at(container, "resources.requests")
    if not isinstance(limits, Mapping) or not isinstance(requests, Mapping):
        return
    for key, value in requests.entries:
        asked, most = _amount(value), _amount(limits.get(key.text))
        if asked is not None and most is not None and asked > most and isinstance(value, Scalar):
            limit = limits.get(key.text)
            shown = limit.text if isinstance(limit, Scalar) else ""
            yield _say(value, "disagreement", f"the request of {key.text} ({value.text}) is over its limit ({shown})")


def _range(owner: Mapping, name: str, allowed: range, *, zero: bool = False) -> Iterator[Finding]:
    """A port outside its range; `zero` may stand for one that the server picks."""
    node = owner.get(name)
    if not isinstance(node, Scalar) or node.kind is not Kind.INTEGER or not re.fullmatch(r"-?\d+", node.text):
        return
    number = int(node.text)
    if number not in allowed and not (zero and number == 0):
        yield _say(node, "wrong-value", f"{name} is {number}, expected {allowed.start} to {allowed.stop - 1}")


def _say(node: Node, code: str, message: str) -> Finding:
    return Finding(node.line, node.column, code, message)


def _amount(node: Node | None) -> Decimal | None:
    return parse(node.text) if isinstance(node, Scalar) and not is_placeholder(node) else None


def _text(node: Node | None) -> str | None:
    """A scalar's text; None for what is no scalar, or for the reader to fill in (`<name>`, `web-$N`, `NAME`)."""
    if not isinstance(node, Scalar) or is_placeholder(node):
        return None
    return None if FILLED_IN.search(node.text) or _CAPITALS.fullmatch(node.text) else node.text


def _at(node: Node | None, path: str) -> Node | None:
    for step in path.split("."):
        node = node.get(step) if isinstance(node, Mapping) else None
    return node


def _items(node: Node | None) -> Iterator[Mapping]:
    if isinstance(node, Sequence):
        yield from (item for item in node.items if isinstance(item, Mapping))
