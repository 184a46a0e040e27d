"""kubectl's JSONPath: what kubectl takes is taken, what it refuses is refused at its place."""

from __future__ import annotations

import pytest

from kubenotes.jsonpath import JSONPathError, parse, parse_relaxed

GOOD = [
    "{.items[*].metadata.name}",
    "{$.items[*].metadata.name}",
    "{@.metadata.name}",
    '{.items[0].status.addresses[?(@.type=="InternalIP")].address}',
    "{.items[?(@.spec.replicas>1)].metadata.name}",
    '{range .items[*]}{.metadata.name}{"\\t"}{.status.phase}{"\\n"}{end}',
    "{range .items[*]}{.metadata.name}",
    "{.metadata.labels.kubernetes\\.io/hostname}",
    "{.metadata.labels['kubernetes\\.io/hostname']}",
    "{.items[-1:].metadata.name}",
    "{.items[0,1].metadata.name}",
    "{.items[::2]}",
    "{..name}",
    "{.items[*]['metadata.name', 'status.capacity']}",
    "no braces at all",
    "",
    "{.contexts[?(@.context.user=='aws-user')].name}",
    "{'한글'}{.metadata.name}",
]
BAD = [
    ("{.items\\[*].metadata.name}", "unrecognized character in action: ']'"),
    ('{.items[?(@.metadata.name=~"a")]}', "~"),
    ("{.items[*}", "unterminated array"),
    ("{.items[*].metadata.name", "unclosed action"),
    ("{.items[a]}", "invalid array index a"),
    ('{.items["a"]}', "single quotes"),
    ("{.items[?(@.a==1}", "unterminated filter"),
    ("{.items[?(@.a==1)}", "] is expected"),
    ('{"open}', "unterminated quoted string"),
    ("{.a,.b}", "unrecognized character in action: ','"),
    ("{....}", "invalid multiple recursive descent"),
    ("{.items | length}", "unrecognized character in action: '|'"),
]


@pytest.mark.parametrize("template", GOOD)
def test_kubectl_takes_it(template: str) -> None:
    parse(template)


@pytest.mark.parametrize(("template", "message"), BAD)
def test_kubectl_refuses_it(template: str, message: str) -> None:
    with pytest.raises(JSONPathError) as caught:
        parse(template)
    assert message in caught.value.message
    assert 0 <= caught.value.offset <= len(template)


@pytest.mark.parametrize("expression", [".metadata.name", "metadata.name", "{.metadata.name}", "{metadata.name}", ""])
def test_relaxed_expressions_may_leave_the_braces_out(expression: str) -> None:
    parse_relaxed(expression)


@pytest.mark.parametrize("expression", ["{.a", ".a}", "{.a}{.b}", ".items\\[*].a"])
def test_relaxed_expressions_have_limits(expression: str) -> None:
    with pytest.raises(JSONPathError):
        parse_relaxed(expression)
