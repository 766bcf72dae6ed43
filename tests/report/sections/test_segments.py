"""Who bears the decisions: the sentence branch by branch, the table by content."""

from dataclasses import replace

from analysis.report.sections import segments
from tests.report.drawing.test_tables import cells


def test_segments_of_the_real_file(real_results):
    found = {row[0]: row[1:] for row in cells(segments.segments(real_results))}
    assert found["Borrower income $51,500 to $102,400 a year"] == [
        "4,837", "616", "13.7 %", "91.4 %", "15.1 %", "99.8 %",
    ]  # fmt: skip
    assert found["Derogatory marks 1"][:2] == ["6,059", "7"]
    assert found["Borrower income $30,800 to $44,800 a year"][-1] == "\u2013"
    assert segments.chosen(real_results) == ("borrower_income", "loan_size", "derogatory_marks")
    assert segments.bearing(real_results).startswith(
        "Of the 665 test loans that the original model predicts to be high-risk, 100.0 % are loans "
        "with borrower income of $51,500 to $102,400 a year, as are 25.0 % of all test loans; of "
        "the 731 test loans"
    )


def test_the_strongest_columns_where_none_are_declared(real_results):
    words = real_results.words
    undeclared = replace(words, declaration=replace(words.declaration, segments=()))
    # Income and four others are one score, which one of them stands for.
    assert segments.chosen(replace(real_results, words=undeclared)) == (
        "derogatory_marks",
        "num_of_accounts",
        "borrower_income",
    )


def test_a_model_that_predicts_no_high_risk_loan(say):
    def silent(evidence):
        frame = evidence.segments.copy()
        rows = frame["model"] == "original"
        frame.loc[rows, "share_of_refused"] = float("nan")
        frame.loc[rows, ["fp", "tp"]] = 0
        return replace(evidence, segments=frame)

    text = say(segments.bearing, silent)
    assert text.startswith("The original model predicts no loan to be high-risk; of the ")


def test_a_model_that_predicts_one_high_risk_loan(say):
    def one(evidence):
        frame = evidence.segments.copy()
        rows = frame[frame["model"] == "original"].index
        frame.loc[rows, ["fp", "tp", "share_of_refused"]] = 0
        first = frame.loc[rows].groupby("column").head(1).index
        frame.loc[first, ["tp", "share_of_refused"]] = 1
        return replace(evidence, segments=frame)

    text = say(segments.bearing, one)
    assert text.startswith("The only test loan that the original model predicts to be high-risk is")
    assert "%" not in text.split(";")[0]


def test_a_model_that_sends_all_loans_to_review_has_no_segment_that_bears_more(say):
    def all_of_them(evidence):
        frame = evidence.segments.copy()
        rows = frame["model"] == "original"
        frame.loc[rows, "fp"] = frame.loc[rows, "loans"] - frame.loc[rows, "tp"]
        return replace(evidence, segments=frame)

    text = say(segments.bearing, all_of_them)
    assert text.startswith("The original model predicts every test loan to be high-risk; of the ")


def test_the_figures_hold_both_models(results):
    frame = segments.segments(results).frame
    assert frame["loans"].groupby(frame["column"]).sum().eq(results.split.test_rows).all()
    assert {"recall_original", "share_of_refused_oversampled"} <= set(frame.columns)
