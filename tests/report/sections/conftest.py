"""Sentences, tables and figures of the sections, with changed evidence."""

from dataclasses import replace

import pytest

from tests.report.drawing.test_tables import cells


@pytest.fixture
def results(simulated_results):
    return simulated_results


@pytest.fixture
def say(results):
    """Return a function that says a sentence with changed evidence."""

    def said(sentence, change, *arguments, **changes):
        evidence = change(results.evidence, *arguments, **changes)
        return sentence(replace(results, evidence=evidence))

    return said


@pytest.fixture
def rows(results):
    """Return a function that gives a table's rows by their names, with changed evidence."""

    def by_name(table, evidence=results.evidence):
        return {row[0]: row[1:] for row in cells(table(replace(results, evidence=evidence)))}

    return by_name
