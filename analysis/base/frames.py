"""Tables of results: what their schemas have in common."""

from __future__ import annotations

import pandera.pandas as pa


class Frame(pa.DataFrameModel):
    """A table of results: exactly the columns that its class names."""

    class Config:
        """What holds for all of them."""

        strict = True
