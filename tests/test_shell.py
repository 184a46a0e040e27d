"""Commands in shell snippets: found, unquoted, placed; and on our own notes, as shfmt finds them."""

from __future__ import annotations

import pytest

from kubenotes.note import Snippet
from kubenotes.shell import UNKNOWN, place, read


def snippet(code: str) -> Snippet:
    rows = code.count("\n") + 1
    return Snippet(code, tuple(range(1, rows + 1)), (0,) * rows)


def words(code: str, *, console: bool = False) -> list[list[str]]:
    script = read(snippet(code), console=console)
    return [[word.value.replace(UNKNOWN, "?") for word in command.words] for command in script.commands]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("kubectl get pods", [["kubectl", "get", "pods"]]),
        ("kubectl get pods \\\n  -A", [["kubectl", "get", "pods", "-A"]]),
        ("kubectl get pods -l 'a in (b, c)'", [["kubectl", "get", "pods", "-l", "a in (b, c)"]]),
        ("""kubectl get po -o jsonpath='{"\\n"}'""", [["kubectl", "get", "po", "-o", 'jsonpath={"\\n"}']]),
        ('kubectl get po -o jsonpath="{.a}\\""', [["kubectl", "get", "po", "-o", 'jsonpath={.a}"']]),
        ("kubectl get po -o jsonpath={.items[*].a}", [["kubectl", "get", "po", "-o", "jsonpath={.items[*].a}"]]),
        ("kubectl logs <pod> -c <container>", [["kubectl", "logs", "?????", "-c", "???????????"]]),
        ('kubectl get $do "$x" a$y', [["kubectl", "get", "?", "?", "a?"]]),
        ("kubectl get po $(echo a b) `date`", [["kubectl", "get", "po", "?", "?"], ["echo", "a", "b"], ["date"]]),
        ("sudo -u root kubectl get po", [["kubectl", "get", "po"]]),
        ("sudo -E A=1 kubeadm init", [["kubeadm", "init"]]),
        ("watch -n 1 kubectl get po", [["kubectl", "get", "po"]]),
        ("watch 'kubectl get po'", [["kubectl", "get", "po"]]),
        ("time timeout 5s kubectl get po", [["kubectl", "get", "po"]]),
        (
            "kubectl get po -o name | xargs -n 1 kubectl delete",
            [["kubectl", "get", "po", "-o", "name"], ["kubectl", "delete"]],
        ),
        ("bash -c 'kubectl get po; kubectl get no'", [["kubectl", "get", "po"], ["kubectl", "get", "no"]]),
        ("ssh -p 22 node01 'sudo kubeadm reset'", [["kubeadm", "reset"]]),
        ("ssh node01 sudo kubeadm reset", [["kubeadm", "reset"]]),
        ("if kubectl get po; then echo; fi", [["kubectl", "get", "po"], ["echo"]]),
        ("for n in a b; do kubectl drain $n; done", [["kubectl", "drain", "?"]]),
        ("! kubectl get po > /tmp/a 2>&1", [["kubectl", "get", "po"]]),
        ("kubectl get po # kubectl foo", [["kubectl", "get", "po"]]),
        (
            "A=1 kubectl get po && kubectl get no || true",
            [["kubectl", "get", "po"], ["kubectl", "get", "no"], ["true"]],
        ),
        ("kubectl run x -- sh -c 'kubectl foo'", [["kubectl", "run", "x", "--", "sh", "-c", "kubectl foo"]]),
        ('echo 가나 "다" 라', [["echo", "가나", "다", "라"]]),
        (
            "$ kubectl get po\nNAME READY\nkubectl 1/1\n$ kubectl get no",
            [["kubectl", "get", "po"], ["kubectl", "get", "no"]],
        ),
    ],
)
def test_commands(code: str, expected: list[list[str]]) -> None:
    assert words(code) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("$ kubectl get po\nkubectl get no\n", [["kubectl", "get", "po"]]),
        ("# kubectl get po\n", [["kubectl", "get", "po"]]),
        ("root@cp1:~# kubectl get po\n", [["kubectl", "get", "po"]]),
        ("[user@cp1 ~]$ kubectl get po\n", [["kubectl", "get", "po"]]),
        ("controlplane $ kubectl get po\n", [["kubectl", "get", "po"]]),
        ("$ kubectl get po \\\n>   -A\nkubectl get no\n", [["kubectl", "get", "po", "-A"]]),
        ("$ kubectl patch x -p 'a\nb'\nout 'put\n", [["kubectl", "patch", "x", "-p", "a\nb"]]),
        ("error: kubectl $ foo\n", []),
    ],
)
def test_console_has_commands_only_behind_prompts(code: str, expected: list[list[str]]) -> None:
    assert words(code, console=True) == expected


def test_heredocs_are_snippets_of_their_own() -> None:
    script = read(snippet("cat <<EOF | kubectl apply -f -\nkind: Pod\nEOF\nkubectl get po\n"))
    assert [body.code for body in script.heredocs] == ["kind: Pod\n"]
    assert script.heredocs[0].place(0, 6) == (2, 7)
    assert [command.words[0].value for command in script.commands] == ["cat", "kubectl", "kubectl"]
    assert [word.value for word in script.commands[1].words] == ["kubectl", "apply", "-f", "-"]


@pytest.mark.parametrize(
    "code", ["kubectl apply -f - <<'EOF'\na: 1\nEOF\n", 'kubectl apply -f - << "EOF"\na: 1\nEOF\n']
)
def test_the_dash_before_a_heredoc_stays(code: str) -> None:
    assert words(code) == [["kubectl", "apply", "-f", "-"]]


def test_a_here_string_is_not_a_heredoc() -> None:
    script = read(snippet("grep a <<< 'b'\nkubectl get po\n"))
    assert not script.heredocs
    assert len(script.commands) == 2


@pytest.mark.parametrize(
    ("code", "word", "index", "expected"),
    [
        ("kubectl get pods", 2, 0, (1, 13)),
        ("a\n  kubectl 'get' --x=1", 1, 0, (2, 12)),
        ("kubectl -o 'ab'", 2, 1, (1, 14)),
        ("echo 가; kubectl get", 1, 0, (1, 17)),
    ],
)
def test_every_character_has_its_place(code: str, word: int, index: int, expected: tuple[int, int]) -> None:
    command = read(snippet(code)).commands[-1]
    assert place(snippet(code), command.words[word].offset(index)) == expected
