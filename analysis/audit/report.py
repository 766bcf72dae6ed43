"""A report held to account: read, its recipe found, every figure judged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from analysis.audit.judging import claims, consistency
from analysis.audit.judging.claims import Claim
from analysis.audit.judging.judge import judge
from analysis.audit.judging.judged import Judged, Judgement
from analysis.audit.reading import figures, words, written
from analysis.audit.reading.lines import Written
from analysis.audit.recipes import search, told
from analysis.audit.recipes.bench import Bench
from analysis.audit.recipes.search import Found
from analysis.audit.stated import MEASURES, MODELS
from analysis.base import parallel
from analysis.base.display import rate
from analysis.portfolio import declaration, read
from analysis.portfolio.database.address import DataSource
from analysis.portfolio.read import Portfolio


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    Attributes
    ----------
    name : str
        Of the report.
    judged : tuple of Judged
        Its figures in their order.
    found : Found or None
        The recipe that gives them; None where there are no data.
    images : tuple of str
        Pictures, which are not read.
    claims : tuple of Claim
        What it claims in words.
    notes : tuple of str
        What else is to be said, a sentence each.
    """

    name: str
    judged: tuple[Judged, ...]
    found: Found | None
    images: tuple[str, ...]
    claims: tuple[Claim, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> Counter[Judgement]:
        """How many figures and claims have each judgement."""
        figures = Counter(each.judgement for each in self.judged)
        return figures + Counter(each.judgement for each in self.claims)


def audit(report: Path, data: DataSource | None) -> Audit:
    """Hold a report against its loan file, or against itself where none is given.

    Raises
    ------
    InputError
        When either cannot be read.
    """
    text = written.read(report)
    portfolio = None if data is None else read.read(data, declaration.of(data))
    return of(text, portfolio)


def of(text: Written, portfolio: Portfolio | None, bench: Bench | None = None) -> Audit:
    """Hold a report that was read against a portfolio that was.

    Parameters
    ----------
    bench : Bench, optional
        What has tried recipes on this portfolio before.
    """
    declared = None if portfolio is None else portfolio.declaration
    found_words = words.vocabulary(None if declared is None else declared.label)
    stated = figures.read(text, found_words)
    if portfolio is None or declared is None:
        judged = consistency.judge(stated.figures)
        said_so = claims.judge(stated.spoken, stated, found_words)
        return Audit(text.name, tuple(judged), None, text.images, tuple(said_so))
    said = told.told("\n".join(line.text for line in text.lines))
    bench = bench or Bench(portfolio.loans)
    # Fits of a few columns are slowed by more threads, many times where others compute too.
    with parallel.one_thread():
        found = search.find(bench, declared.recipe, said, stated.figures)
        judged = judge(stated.figures, found)
    true = stated if found.trial is None else found.trial.experiment
    said_so = claims.judge(stated.spoken, true, found_words)
    return Audit(text.name, tuple(judged), found, text.images, tuple(said_so), _notes(stated, true))


def _notes(stated: figures.Stated, true: claims.Truth) -> tuple[str, ...]:
    """Say which measure a report asks for and does not state."""
    given = {each.measure for each in stated.figures}
    found = []
    for measure, where in stated.asked.items():
        values = [true.value(measure, None, model) for model in MODELS]
        if measure in given or None in values:
            continue
        figure = " and ".join(rate(value) for value in values if value is not None)
        name = MEASURES[measure].removeprefix("the ")
        found.append(f"{where} asks for the {name}, and none is stated: {figure}.")
    return tuple(found)
