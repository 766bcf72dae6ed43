"""The fingerprint of loans, whatever their order and whichever file or database they lie in."""

from __future__ import annotations

import hashlib

import numpy as np

from analysis.portfolio.distinct import Distinct, hashed


def of(loans: Distinct) -> str:
    """Return the SHA-256 of the loans' hashes in ascending order, each with its count.

    The columns are those declared, in that order, as 64-bit numbers: a category by the place of its
    level, NaN for a gap. pandas' `hash_pandas_object` gives the hash of each loan, 64 bits; hashes
    and counts follow each other as unsigned little-endian numbers.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    hashes = hashed(loans.rows, np.float64)
    counts = loans.counts
    if counts.max(initial=1) > 1:
        counts = counts[np.argsort(hashes)]
    hashes.sort()
    first = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1]))
    digest = hashlib.sha256(hashes[first].astype("<u8", copy=False).data)
    digest.update(np.add.reduceat(counts, first).astype("<u8", copy=False).data)
    return digest.hexdigest()
