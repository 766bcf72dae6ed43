"""The words in which reports of this kind name measures, labels and models, as patterns."""

from __future__ import annotations

import re

from analysis.audit.stated import BOTH, MACRO, RESAMPLED, WEIGHTED
from analysis.models.pair import ORIGINAL

MEASURE_WORDS = {
    "balanced_accuracy": r"\bbal(?:anced|\.)?[ _-]{1,2}acc(?:uracy)?(?:[ _-]scores?)?\b",
    "roc_auc": r"(?:roc[ _-])?auc(?:[ _-]score)?|area under|\broc\b",
    "correct": r"\b(?:correct(?:ly)?|right(?:ly)?) (?:for|about)\b|correctly (?:classifie[ds]"
    r"|identifie[ds])",
    "found": r"\b(?:finds?|found|catch(?:es)?|caught|identif(?:y|ies|ied)|detects?|detected"
    r"|captures?|captured|gets)\b",
    "justified": r"(?:of )?(?:its|the|their) (?:warnings?|alarms?|flags?"
    r"|refusals?)(?: that)? (?:are|were) "
    r"(?:justified|right|correct|true)"
    r"|(?:of )?(?:the )?loans (?:that |which )?(?:it|they|(?:the|this|that) model) "
    r"(?:call|label|mark|predict|classif(?:y|ie)|flag)e?[sd]? (?:(?:as|to be) )?"
    r"(?:high[- ]?risk|risky|bad)",
    "other": r"log[ -]?loss|brier|kappa|matthews|\bmcc\b|average precision|error rate"
    r"|cross[- ]validat\w*"
    r"|balanced precision|training accuracy|standard deviation",
    "geometric_mean": r"g-?mean|geometric mean",
    "accuracy": r"(?:overall |plain |total )?accuracy(?:[ _-]scores?)?|\bacc\b|right on"
    r"|\baccurate\b",
    "precision": r"precisions?(?:[ _-]scores?)?|\bprec\b|\bppv\b|positive predictive value",
    "recall": r"recalls?(?:[ _-]scores?)?|\brec\b|sensitivit(?:y|ies)|true positive rate|\btpr\b",
    "specificity": r"specificit(?:y|ies)|true negative rate|\btnr\b",
    "f1_score": r"\bf[ -]?1(?!\d)(?:[ _-]?scores?)?|f1[ -]?measure|\bf[ -]scores?",
    "support": r"\bsupports?\b|test (?:rows|loans|samples)",
    "true_negatives": r"true[ _]negatives?|\btns?\b",
    "false_positives": r"false[ _]positives?|\bfps?\b|false alarms?|(?:refused|rejected|flagged) "
    r"(?:without need|by mistake|wrongly|in error|unnecessarily|needlessly)|wrongly (?:refused"
    r"|rejected|flagged)",
    "false_negatives": r"false[ _]negatives?|\bfns?\b|\bmiss(?:ed|es)\b|undetected|overlook(?:s|ed)"
    r"|accepted (?:in error|wrongly|by mistake)|wrongly accepted",
    "true_positives": r"true[ _]positives?|\btps?\b",
    "refused": r"\b(?:refus|reject|flag|declin)(?:ed|ged|es|s)?\b|turned (?:away|down)",
    "errors": r"\b(?:errors?|mistakes?|misclassifications?|misclassified)\b",
}
LABEL_WORDS = {
    0: r"non[- ]?default\w*|not high[- ]risk|healthy|low[- ]risk|good (?:loans?|borrowers?"
    r"|customers?)"
    r"|\bzeros\b|(?:class|label|status)[ =:]{1,3}['\"(]?0\b(?![.,]\d)|\(['\"]?0['\"]?\)"
    r"|['\"]0['\"]|negative class"
    r"|(?<![\d.,])0[- ]class\b|(?<![\d.,])0(?=\s?[:=]\s)|\b0s\b|(?<=for )0\b(?![.,%]?\d|\s?%)",
    1: r"unhealthy|high[- ]?risk|risky|bad (?:loans?|borrowers?|customers?)|default(?:s|ed|ers?"
    r"|ing)?\b"
    r"|\bones\b(?! (?:that|which|who))|(?:class|label|status)[ =:]{1,3}['\"(]?1\b(?![.,]\d)"
    r"|\(['\"]?1['\"]?\)|['\"]1['\"]"
    r"|positive class|(?<![\d.,])1[- ]class\b"
    r"|(?<![\d.,])1(?=\s?[:=]\s)|\b1s\b|(?<=for )1\b(?![.,%]?\d|\s?%)",
    MACRO: r"macro(?:[- ]?(?:avg|averaged?))?",
    WEIGHTED: r"weighted[- ](?:avg|averaged?)|avg / total",
}
MODEL_WORDS = {
    ORIGINAL: r"\boriginal(?:ly)?\b|(?:model|classifier|experiment)[ #]{0,2}(?:1\b|one\b|(?-i:A\b))"
    r"|(?:1st|first|plain|baseline|unbalanced|imbalanced) (?:logistic |regression ){0,2}"
    r"(?:model|classifier|one|try|data\b|training data|logistic regression)"
    r"|_raw\b|(?:of|by|with|than) the first(?=[:,.])|as they (?:came|are|were)|(?:without|no|before"
    r"|non)[ -](?:over|re|under)?-?sampl\w+",
    RESAMPLED: r"(?:over|re|under|up|down)[ -]?sampl(?:ed|ing|er|es)\b|random(?:over|under)sampler"
    r"|\bsmote\b|_ros\b"
    r"|(?:model|classifier|experiment)[ #]{0,2}(?:2\b|two\b|(?-i:B\b))"
    r"|(?:2nd|second) (?:logistic |regression ){0,2}(?:model|classifier|one|try"
    r"|logistic regression)"
    r"|(?:of|by|with|than) the second(?=[:,.])|(?:balanced )?class[ _-]weight\w*"
    r"|(?:re)?balanced (?:training )?data|re-?weighted",
    BOTH: r"\bboth (?:of )?(?:the |these )?(?:two )?(?:models|classifiers)"
    r"|\bboth (?=have|has|reach|get|give|achieve|score|show)|the two models|either model",
}
# A model after these is what another one is compared to.
OBJECT = re.compile(
    r"\b(?:than|unlike|against|versus|vs\.?|compared (?:to|with)|instead of"
    r"|in contrast to|as opposed to|relative to) "
    r"(?:(?:that|those) (?:of|in) |(?:in|with|by|of) )?(?:the )?$",
    re.IGNORECASE,
)
# A sentence that begins so goes on about the subject of the one before it.
IT = re.compile(r"\W*(?:it|its)\b", re.IGNORECASE)
