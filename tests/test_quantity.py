"""Quantities as Kubernetes reads them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kubenotes.quantity import parse


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", "2"),
        ("500m", "0.5"),
        ("0.5", "0.5"),
        (".5", "0.5"),
        ("1.", "1"),
        ("1Ki", "1024"),
        ("1Gi", "1073741824"),
        ("1G", "1000000000"),
        ("1e3", "1000"),
        ("1E3", "1000"),
        ("1E", "1000000000000000000"),
        ("100n", "0.0000001"),
        ("-1", "-1"),
        ("0", "0"),
    ],
)
def test_what_a_quantity_is(text: str, number: str) -> None:
    assert parse(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "1gb", "1 Gi", "1Gib", "one", "1K", "1e", "m", "1,5", "1e99999"])
def test_what_is_none(text: str) -> None:
    assert parse(text) is None
