"""Who is refused: the section on groups that no model was told of, where any is declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.base import display
from analysis.base.display import DASH, count, percent, plural, share
from analysis.evidence.groups.decisions import LEAST_LOANS, LEAST_SHARE
from analysis.findings.finding import FOUR_FIFTHS
from analysis.findings.groups import UNEQUAL, Compared, calibration, compared, lowest_ratio
from analysis.report.drawing import escape
from analysis.report.drawing.cells import NAME, Columns, Writer
from analysis.report.drawing.markdown import Markdown, joined
from analysis.report.drawing.tables import Table
from analysis.results import Results

HEADING = "Who is refused"
# A column of more groups is shown by so many of its largest; results.json has all of them.
MOST_GROUPS = 6
METHOD = (
    "Acceptance is the share of a group that is not sent to review; its ratio is that to the most "
    f"accepted group, and below {FOUR_FIFTHS:g} a rule of thumb asks for a reason. A small group, "
    f"of fewer than {LEAST_LOANS} test loans or {percent(LEAST_SHARE, 0)} of them, is shown and "
    "not judged. Shares have Wilson's interval [@wilson1927], ratios that made of two such "
    "[@newcombe2016], loans of equal features counting as one draw each [@rao1992]; what is "
    "observed for each one expected has Jeffreys' [@brown2001], and counts as unlike that of all "
    f"other loans from a ratio of {UNEQUAL:.2f} on. Beyond chance allows for all pairs of groups "
    "and all choices together, of calibration for all groups and both models [@dunn1961]."
)


def section(results: Results) -> Markdown:
    """Return the section, its heading included; nothing where no group is declared."""
    tables = [groups(results, each).markdown for each in compared(results.evidence)]
    return joined([f"### {HEADING}", refused(results), *tables, METHOD] if tables else [])


def refused(results: Results) -> str:
    """Say by each column which group is accepted the least, and whether that is beyond chance."""
    said = []
    for each in compared(results.evidence):
        said.append(escape.markdown(lowest_ratio(results.words, each)))
        if each.lowest is not None:
            below, judged = len(each.below), plural(len(each.judged), "ratio")
            said.append(
                f"Of {judged}, {display.number_or_none(below)} {'is' if below <= 1 else 'are'} "
                f"shown to be below four fifths{_for_all(each)}."
            )
        said.append(escape.said(calibration(results.words, each)))
    return " ".join(said)


def _for_all(found: Compared) -> str:
    """Say why none is, where the interval of the lowest by itself would have it so."""
    lowest = found.lowest
    if lowest is None or len(found.below) or not lowest["ratio_high"] < FOUR_FIFTHS:
        return ""
    return " when chance is allowed for in all of them together"


def groups(results: Results, found: Compared) -> Table:
    """Show what each choice does to each group of a column."""
    words, rows = results.words, _shown(found)
    names = [_name(results, row) for row in rows.to_dict("records")]
    frame = rows.drop(columns=["column", "use"]).assign(**{NAME: names})
    refused = f"{display.capital(words.healthy)} sent to review, %"
    columns: Columns = {
        "loans": ("Loans", count),
        "accepted": ("Accepted, %", _spans(rows, "accepted", _in_percent)),
        "ratio": ("Ratio", _spans(rows, "ratio", share)),
        "refused": (refused, _spans(rows, "refused", _in_percent)),
        "recall": ("Recall, %", _spans(rows, "recall", _in_percent)),
        "observed_expected": ("Observed / expected", _spans(rows, "observed_expected", share)),
    }
    title = display.capital(words.within(found.column))
    left = _left(found)
    more = f"; {count(len(left))} small or further groups are taken together" if left else ""
    caption = f"Both models by {escape.markdown(words.within(found.column))}, with 95 % intervals"
    place = f"groups-{found.place}"
    return Table.of(place, title, frame, columns, caption + more, results.findings)


def _shown(found: Compared) -> pd.DataFrame:
    """Return the rows of the groups that the report has room for, the others as one."""
    left = found.rows["group"].isin(_left(found))
    shown = [found.rows[~left], _together(found, found.rows[left])]
    return pd.concat([each for each in shown if len(each)]).reset_index(drop=True)


def _left(found: Compared) -> list[str]:
    """Return the groups that are taken together: small ones and, of many, further ones."""
    order = found.rows.drop_duplicates("group").sort_values(
        ["small", "loans"], ascending=[True, False], kind="stable"
    )
    kept = set(order.loc[~order["small"], "group"].head(MOST_GROUPS)) | set(found.unlike["group"])
    if found.lowest is not None:
        kept |= {found.lowest["group"], found.lowest["against"]}
    left = [each for each in order["group"] if each not in kept]
    return left if len(left) > 1 else []  # one would take as much room alone


def _together(found: Compared, rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row a choice of what it does to some groups together, without intervals."""
    sums = ["loans", "high_risk", "tn", "fp", "fn", "tp", "expected"]
    same = ["column", "use", "choice", "model", "threshold"]
    made = rows.groupby(same, sort=False, as_index=False)[sums].sum()
    accepted = (made["tn"] + made["fn"]) / made["loans"]
    best = found.rows[found.rows["group"] == found.rows["against"]]
    most = best.set_index("choice")["accepted"].reindex(made["choice"]).to_numpy()
    return made.assign(
        group=f"{rows['group'].nunique()} other groups",
        small=False,
        accepted=accepted,
        ratio=accepted / most,
        refused=_part(made["fp"], made["tn"] + made["fp"]),
        recall=_part(made["tp"], made["high_risk"]),
        observed_expected=_part(made["high_risk"], made["expected"]),
    ).reindex(columns=found.rows.columns)


def _part(part: pd.Series[int], whole: pd.Series[float]) -> pd.Series[float]:
    return part / whole.where(whole > 0)


def _name(results: Results, row: Mapping[Any, Any]) -> str:
    small = " (small)" if row["small"] else ""
    group = results.words.group(row).strip("“”")
    return f"{group}{small}, {results.words.model_titles[row['model']]} at {row['threshold']:g}"


def _in_percent(value: float) -> str:
    return count(100 * value)


def _spans(rows: pd.DataFrame, name: str, write: Writer) -> list[str]:
    """Write figures with their intervals: 81 (71 to 89); a dash where one is undefined."""
    texts = []
    for value, low, high in rows[[name, f"{name}_low", f"{name}_high"]].to_numpy(float):
        within = "" if pd.isna(low) else f" ({write(low)} to {write(high)})"
        texts.append(DASH if pd.isna(value) else f"{write(value)}{within}")
    return texts
