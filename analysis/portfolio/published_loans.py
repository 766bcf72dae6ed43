"""The loans behind the published report: the very file, or the same loans in another form."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

import numpy as np

from analysis.base.entries import Positive, Sha256, Text
from analysis.portfolio.declaration import Declaration, module_12
from analysis.portfolio.loans import Loans

SHA256 = "sha256:"
# What is left of a ratio that was rounded to nine digits.
NINE_DIGITS = 1e-8


@dataclass(frozen=True)
class KnownFile:
    """The file behind the published report, as data/module12.yml records it.

    Attributes
    ----------
    name : str
        The file's usual name.
    producer : str
        Who made the file.
    licence : str
        On what terms it may be used.
    rows : int
        Rows of the file.
    size_bytes : int
        Size of the file in bytes.
    sha256 : str
        SHA-256 of the file's bytes, 64 hexadecimal digits.
    """

    name: Text
    producer: Text
    licence: Text
    rows: Positive
    size_bytes: Positive
    sha256: Sha256


@cache
def known_file() -> KnownFile:
    """Return what data/module12.yml records of the file behind the published report."""
    declared = module_12()
    return KnownFile(
        name=declared.path,
        producer=declared.sources[0].title,
        licence=declared.licenses[0].title,
        rows=declared.rows or 0,
        size_bytes=declared.bytes or 0,
        sha256=(declared.hash or "").removeprefix(SHA256),
    )


def are_these(loans: Loans) -> bool:
    """Whether these are the loans behind the published report, in the same order.

    The form of the file does not matter, nor that of its numbers: CSV or Parquet, columns in any
    order, 10700 or 10700.0, ratios in full or rounded to nine digits.
    """
    declared = module_12()
    if loans.total != known_file().rows:
        return False
    exact = all(
        np.allclose(*each.sides(loans.rows), rtol=NINE_DIGITS, atol=NINE_DIGITS)
        for each in declared.identities
    )
    return exact and SHA256 + content_sha256(loans, declared) == declared.content_hash


def content_sha256(loans: Loans, declared: Declaration) -> str:
    """Return the fingerprint of loans in their order, 64 hexadecimal digits.

    Of the declared columns as 64-bit numbers, one column after the other; those that follow from
    others are left out.
    """
    digest = hashlib.sha256()
    derived = {each.column for each in declared.identities}
    for name in declared.names:
        if name not in derived:
            values = loans.rows[name].to_numpy("<f8") + 0.0
            digest.update(values[loans.inverse].tobytes())
    return digest.hexdigest()
