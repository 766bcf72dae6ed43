"""The one error that means: the input is wrong, and this is how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a loan file.

    Attributes
    ----------
    column : str
        The column it concerns, or "" for the file as a whole.
    problem : str
        What is wrong.
    rows : int
        How many rows it concerns; 0 where rows do not apply.
    first : str
        The first few rows with their values.
    allowed : str
        What is allowed instead.
    remedy : str
        What to do.
    """

    column: str
    problem: str
    rows: int
    first: str
    allowed: str
    remedy: str


class InputError(Exception):
    """A loan file, a setting or an argument cannot be used.

    Parameters
    ----------
    source : str
        What was read: a file's path as it was given.
    faults : list of Fault
        Everything found wrong with it, at least one.
    """

    def __init__(self, source: str, faults: list[Fault]) -> None:
        self.source = source
        self.faults = tuple(faults)
        super().__init__(self.message())

    def __reduce__(self) -> tuple[type[InputError], tuple[str, list[Fault]]]:
        """Survive the way back from another process."""
        return InputError, (self.source, list(self.faults))

    @classmethod
    def of_file(cls, source: str, problem: str, allowed: str, remedy: str) -> InputError:
        """Make the error of a file that is wrong as a whole."""
        return cls(source, [Fault("", problem, 0, "", allowed, remedy)])

    def message(self) -> str:
        """Say what is wrong, where, what is allowed and what to do, as plain text."""
        head = f"error: {printable(self.source)}: "
        if len(self.faults) == 1 and not self.faults[0].rows:
            fault = self.faults[0]
            where = f"column {printable(fault.column)!r}: " if fault.column else ""
            return (
                f"{head}{where}{fault.problem}\n  allowed: {fault.allowed}\n  to do: {fault.remedy}"
            )
        lines = [f"{head}{len(self.faults)} fault{'s' if len(self.faults) > 1 else ''} found"]
        lines.append(self._table())
        lines += [f"to do: {remedy}" for remedy in dict.fromkeys(f.remedy for f in self.faults)]
        return "\n".join(lines)

    def _table(self) -> str:
        frame = pd.DataFrame(
            {
                "column": [printable(fault.column) or "(file)" for fault in self.faults],
                "problem": [fault.problem for fault in self.faults],
                "rows": [f"{fault.rows:,}" if fault.rows else "" for fault in self.faults],
                "first rows": [fault.first for fault in self.faults],
                "allowed": [fault.allowed for fault in self.faults],
            }
        )
        widths = {name: max(len(name), *frame[name].str.len()) for name in frame.columns}
        aligned = {name: f"{{:<{width}}}".format for name, width in widths.items()}
        return frame.to_string(index=False, justify="left", formatters=aligned)


def printable(text: str) -> str:
    """Return `text` with control characters escaped, so that it stays on its line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
