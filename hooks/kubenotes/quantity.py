"""Read Kubernetes' quantities: 500m, 1Gi, 2, 1e3.

Source: the grammar of k8s.io/apimachinery/pkg/api/resource.Quantity.
"""

from __future__ import annotations

import re
from decimal import Decimal

_QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)")
_POWERS = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}


def parse(text: str) -> Decimal | None:
    """The number that `500m`, `1Gi` or `1e3` is; None where it is no quantity."""
    match = _QUANTITY.fullmatch(text)
    if not match:
        return None
    number, exponent, suffix = Decimal(match[1]), match[2], match[3] or ""
    if exponent:
        return number.scaleb(int(exponent)) if len(exponent) < 4 else None
    if suffix.endswith("i"):
        return number * Decimal(1024) ** ("KMGTPE".index(suffix[0]) + 1)
    return number.scaleb(_POWERS[suffix])
