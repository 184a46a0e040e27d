"""The arithmetic of quorums, and every way to write a marker wrong."""

from __future__ import annotations

import pytest

from kubenotes import quorum
from kubenotes.quorum import QuorumError


# https://etcd.io/docs/v3.6/faq/, "Why an odd number of cluster members?"
@pytest.mark.parametrize(
    ("members", "majority", "failures"),
    [(1, 1, 0), (2, 2, 0), (3, 2, 1), (4, 3, 1), (5, 3, 2), (6, 4, 2), (7, 4, 3), (8, 5, 3), (9, 5, 4)],
)
def test_the_table_of_the_etcd_faq(members: int, majority: int, failures: int) -> None:
    assert (quorum.quorum(members), quorum.tolerated(members)) == (majority, failures)


@pytest.mark.parametrize("members", range(1, 100))
def test_a_quorum_is_the_smallest_majority(members: int) -> None:
    size = quorum.quorum(members)
    assert 2 * size > members >= 2 * (size - 1)
    assert quorum.tolerated(members) == (members - 1) // 2


@pytest.mark.parametrize("members", [0, -1])
def test_no_cluster_is_smaller_than_one(members: int) -> None:
    with pytest.raises(ValueError, match="at least 1 member"):
        quorum.quorum(members)


@pytest.mark.parametrize(
    ("arguments", "sizes"),
    [
        ("1-7", (1, 2, 3, 4, 5, 6, 7)),
        ("1,3,5", (1, 3, 5)),
        ("3 5 7", (3, 5, 7)),
        (" 1-3, 5 ", (1, 2, 3, 5)),
        ("5,3,5", (5, 3)),
        ("99", (99,)),
    ],
)
def test_sizes(arguments: str, sizes: tuple[int, ...]) -> None:
    assert quorum.parse(arguments).sizes == sizes


def test_options() -> None:
    table = quorum.parse("1-5; highlight=3,5; columns=members,quorum")
    assert table == quorum.Table((1, 2, 3, 4, 5), ("members", "quorum"), frozenset({3, 5}))


@pytest.mark.parametrize(
    ("arguments", "offset", "message"),
    [
        ("", 0, "no sizes"),
        ("  ", 0, "no sizes"),
        ("0", 0, "at least 1"),
        ("0-3", 0, "at least 1"),
        ("-3", 0, "not a number"),
        ("3-", 0, "not a number"),
        ("three", 0, "not a number"),
        ("1, drei", 3, "not a number"),
        ("３", 0, "not a number"),
        ("1.5", 0, "not a number"),
        ("100", 0, "more than 99"),
        ("1-1000000", 0, "more than 99"),
        ("7-1", 0, "reversed: write 1-7"),
        ("1--3", 0, "not a number"),
        ("1-7; colour=red", 5, "unknown option 'colour=red'"),
        ("1-7; highlight", 5, "unknown option 'highlight'"),
        ("1-7;", 4, "unknown option ''"),
        ("1-7; highlight=9", 15, "no row for 9"),
        ("1-7; highlight=", 15, "no sizes"),
        ("1-7; columns=members,speed", 21, "unknown column 'speed'"),
        ("1-7; columns=", 13, "unknown column ''"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(arguments: str, offset: int, message: str) -> None:
    with pytest.raises(QuorumError) as caught:
        quorum.parse(arguments)
    assert message in caught.value.message
    assert caught.value.offset == offset


def test_the_rendered_table() -> None:
    table = quorum.render(quorum.parse("3,4; highlight=3"))
    assert table.splitlines() == [
        "| 멤버 | 쿼럼 | 견디는 장애 | 바로 아래 홀수와 비교 |",
        "| --: | --: | --: | :-- |",
        "| **3** | **2** | **1** | **—** |",
        "| 4 | 3 | 1 | 3과 똑같이 1개를 견디는데, 쿼럼은 2에서 3으로 늘고 고장 날 멤버도 하나 늘어난다 |",
    ]


def test_particles_follow_the_number_as_it_is_read() -> None:
    assert [quorum.cost(size).split()[0] for size in (2, 4, 6, 8, 10)] == ["1과", "3과", "5와", "7과", "9와"]
    assert [quorum.cost(size).split("에서 ")[1].split()[0] for size in (2, 4, 6, 10, 18)] == [
        "2로",
        "3으로",
        "4로",
        "6으로",
        "10으로",
    ]
