"""Write a Parquet file of any number of simulated loans, in pieces that fit into memory."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pyarrow as arrow
import pyarrow.parquet

from analysis.portfolio import simulate
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK, module_12
from benchmarks import noise

PIECE_ROWS = 10 * simulate.ROWS


Make = Callable[[int, int], pd.DataFrame]


def pieces(
    rows: int, piece_rows: int = PIECE_ROWS, make: Make = simulate.portfolio
) -> Iterator[pd.DataFrame]:
    """Simulate one large portfolio as pieces of whole rows, all healthy loans first.

    Each piece has a seed of its own and is simulated once for each label, so that none is kept.

    Parameters
    ----------
    rows : int
        How many loans in all.
    piece_rows : int
        How many are held in memory at once; the last piece takes what is over, too.
    make : callable
        Gives so many loans from a seed.
    """
    number = max(rows // piece_rows, 1)
    sizes = [piece_rows] * (number - 1) + [rows - piece_rows * (number - 1)]
    for label in (HEALTHY, HIGH_RISK):
        for seed, size in enumerate(sizes):
            table = make(size, seed)
            yield table[table[module_12().label_column.name] == label].reset_index(drop=True)


def write(
    out: Path, rows: int, piece_rows: int = PIECE_ROWS, make: Make = simulate.portfolio
) -> None:
    """Write a simulated portfolio of `rows` loans to a Parquet file, a row group a piece."""
    parts = pieces(rows, piece_rows, make)
    first = arrow.Table.from_pandas(next(parts), preserve_index=False)
    with arrow.parquet.ParquetWriter(out, first.schema) as file:
        file.write_table(first)
        for part in parts:
            file.write_table(arrow.Table.from_pandas(part, first.schema, preserve_index=False))


def main() -> None:
    """Write the file that the arguments name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.huge", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000 * simulate.ROWS, metavar="N")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    parser.add_argument("--noise", action="store_true", help="no loan like another")
    options = parser.parse_args()
    make = noise.portfolio if options.noise else simulate.portfolio
    write(options.out, options.rows, make=make)


if __name__ == "__main__":
    main()
