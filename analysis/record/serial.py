"""Values of the program's own kinds as bytes, and back: reading them runs no code.

The bytes open with a checksum of the rest, so that damage is noticed, wherever a bit of it lies.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # loaded where a value is of their kinds: texts are read without them
    import numpy as np
    import pandas as pd

OWN = "analysis."  # the package whose dataclasses may be read back
KIND, OF = "kind", "of"
NUMBERS = "biuf"  # NumPy's kinds of booleans, whole numbers and decimals


class DamagedError(ValueError):
    """Bytes that are not what was once written."""


def dump(value: Any) -> bytes:
    """Return a value of dataclasses, frames, arrays, tuples, lists, dictionaries and plain values.

    Raises
    ------
    TypeError
        When it holds anything else.
    """
    content = json.dumps(_written(value), ensure_ascii=False, separators=(",", ":"))
    # A byte of a file's name that is no text arrives as half a character, and stays one.
    return sealed(content.encode("utf-8", "surrogatepass"))


def sealed(content: bytes) -> bytes:
    """Return bytes with their checksum before them."""
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def load(content: bytes) -> Any:
    """Return the value that `dump` wrote.

    Raises
    ------
    DamagedError
        When these are not the bytes of one.
    """
    checksum, _, encoded = content.partition(b"\n")
    if checksum != hashlib.sha256(encoded).hexdigest().encode():
        raise DamagedError("its checksum is another")
    try:
        return _read(json.loads(encoded.decode("utf-8", "surrogatepass")))
    except (ValueError, TypeError, KeyError, AttributeError, ImportError, RecursionError) as error:
        raise DamagedError(f"it is of another version ({error})") from None


def _written(value: Any) -> Any:
    """Turn a value into what JSON knows; what it does not know is marked with its kind."""
    if value is None or type(value) in {bool, int, float, str}:
        return value
    if isinstance(value, list):
        return [_written(each) for each in value]
    kind, parts = _marked(value)
    return {KIND: kind, OF: parts}


def _marked(value: Any) -> tuple[str, Any]:
    """Return the kind of a value, and its parts as JSON knows them."""
    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    if isinstance(value, tuple):
        return "tuple", [_written(each) for each in value]
    if isinstance(value, dict):
        return "dict", [[_written(key), _written(each)] for key, each in value.items()]
    if isinstance(value, pd.DataFrame):
        columns = [[name, *_column(series)] for name, series in value.items()]
        index = None if isinstance(value.index, pd.RangeIndex) else _column(value.index)
        return "frame", [len(value), value.index.name, index, columns]
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in NUMBERS:
        single = isinstance(value, np.generic)
        return "number" if single else "array", [value.dtype.str, value.tolist()]
    if is_dataclass(value) and type(value).__module__.startswith(OWN):
        name = f"{type(value).__module__}:{type(value).__qualname__}"
        return name, {each.name: _written(getattr(value, each.name)) for each in fields(value)}
    raise TypeError(f"{type(value).__name__} is of no kind that is kept")


def _column(values: pd.Series[Any] | pd.Index[Any]) -> list[Any]:
    return [str(values.dtype), values.tolist()]


def _read(found: Any) -> Any:
    if isinstance(found, list):
        return [_read(each) for each in found]
    if not isinstance(found, dict):
        return found
    kind, parts = found[KIND], found[OF]
    if kind in READERS:
        return READERS[kind](parts)
    module, _, name = kind.partition(":")
    if not module.startswith(OWN):
        raise TypeError(f"{kind} is not of this program")
    made = getattr(importlib.import_module(module), name)
    if not (isinstance(made, type) and is_dataclass(made)):
        raise TypeError(f"{kind} is no kind of value")
    return made(**{key: _read(each) for key, each in parts.items()})


def _frame(parts: list[Any]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    rows, name, index, columns = parts
    labels = pd.RangeIndex(rows) if index is None else pd.Index(index[1], dtype=index[0])
    return pd.DataFrame(
        {title: pd.Series(values, labels, dtype) for title, dtype, values in columns},
        labels.rename(name),
    )


def _array(parts: list[Any]) -> np.ndarray[Any, Any]:
    import numpy as np  # noqa: PLC0415

    return np.array(parts[1], dtype=parts[0])


def _number(parts: list[Any]) -> Any:
    import numpy as np  # noqa: PLC0415

    return np.dtype(parts[0]).type(parts[1])


READERS: dict[str, Callable[[Any], Any]] = {
    "tuple": lambda parts: tuple(_read(each) for each in parts),
    "dict": lambda parts: {_read(key): _read(each) for key, each in parts},
    "frame": _frame,
    "array": _array,
    "number": _number,
}
