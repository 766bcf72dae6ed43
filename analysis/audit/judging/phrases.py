"""The phrases in which reports claim that a model is better, or without errors."""

from __future__ import annotations

import re

DOUBT = re.compile(
    r"\b(?:would|could|should|if|whether|may|might|expect\w*|must|aim|want\w*|hope|suppose|unless"
    r"|when|ideal\w*|usually|typically|generally|often|sometimes|can"
    r"|tends?|theory|wrong to|not true|claim\w*)\b",
    re.I,
)
# What takes a claim back behind it, or says it of other loans.
EXCEPT = re.compile(
    r"\b(?:ideal|the goal|but (?:one|two|three|a few|\d+)|except|apart from|worth|to speak of"
    r"|(?:on|in|for|of) (?:the |its )?(?:training|validation|other|another|most|many|some))\b",
    re.IGNORECASE,
)
# What takes a claim of no errors back right before it.
HARDLY = re.compile(
    r"(?:\b(?:no|not|nor|neither|none|nearly|almost|practically|virtually|hardly|close to)\b"
    r"|n['\u2019]t\b)\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
NOT = re.compile(r"\b(?:not|never|nor|neither|without|no|hardly)\b|n['\u2019]t\b", re.I)
_RISKY = r"(?:high[- ]?risk|risky|bad|defaulted|defaulting) (?:loans?|borrowers?|ones?|customers?)"
_HEALTHY = r"(?:healthy|good) (?:loans?|borrowers?|ones?|customers?)"
_CALLS = (
    r"(?:calls?|called|classif\w+(?: as)?|labell?(?:ed|s)(?: as)?|predict\w*(?: as| to be)?|marks?"
    r"|marked(?: as)?)"
)
_FINDS = (
    r"(?:finds?|found|catch(?:es)?|caught|identif(?:ies|ied)|detect(?:s|ed)?|captures?|captured)"
)
# Claims that there is none of something: what there must be none of, and its words.
_NONE = (
    (
        "false_negatives",
        rf"\bno {_RISKY} (?:\w+ ){{0,3}}?(?:{_CALLS} (?:as )?healthy|(?:was|were|is|are|gets?"
        rf"|got) missed"
        rf"|slip\w*)"
        rf"|(?:neither model|the models?|it|\w+ model) (?:n?ever ){{0,2}}calls? an? (?:bad|risky"
        rf"|high-risk) loan healthy"
        rf"|(?:did not|does not|didn't|doesn't|never|do not) miss(?:es|ed)? "
        rf"(?:(?:a single|any|even one|one)(?:(?: \w+)? (?:{_RISKY}|loan|default))?"
        rf"|an? (?:{_RISKY}|loan|default))"
        rf"|{_FINDS} (?:all(?: of)?(?: the)?|every(?: single)?|each) (?:them\b|{_RISKY}|default\w*"
        rf"|high-risk\b)"
        rf"|every loan that (?:the model|it) calls healthy is healthy"
        rf"|(?:made|makes|has|with|there are) no (?:errors?|mistakes?) (?:on|in|for|with|among) "
        rf"(?:the |its )?healthy predictions"
        rf"|\bno (?:false negatives|missed defaults?|defaults? (?:was|were|is|are) missed)"
        rf"|\bmiss(?:es|ed) (?:none|no (?:{_RISKY}|defaults?))",
    ),
    (
        "false_positives",
        rf"\bno (?:false (?:positives|alarms))|\bno {_HEALTHY} (?:\w+ ){{0,2}}?(?:refused|rejected"
        rf"|flagged|"
        rf"{_CALLS} (?:as )?high-risk)"
        rf"|every loan that (?:the model|it) (?:flags|refuses"
        rf"|calls high-risk) is (?:really )?(?:high-risk|risky)"
        rf"|(?:made|makes|has|with|there are) no (?:errors?|mistakes?) (?:on|in|for|with|among) "
        rf"(?:the |its )?(?:{_HEALTHY}|healthy class)",
    ),
    (
        "errors",
        r"(?:made|makes|has|with|there are) no (?:errors?|mistakes?)\b(?! (?:on|in|for|with|among))"
        r"|without (?:any |a single )(?:errors?|mistakes?)"
        r"|(?:classif\w+|predict\w*) (?:all|every) (?:the |of the )?loans? (?:correctly|rightly"
        r"|perfectly)",
    ),
)
NONE = [(measure, re.compile(pattern, re.IGNORECASE)) for measure, pattern in _NONE]
_UP = r"higher|better|greater|larger|bigger|best|highest|stronger"
_DOWN = r"lower|worse|smaller|lowest|worst|poorer|weaker"
COMPARATIVE = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.IGNORECASE)
TREND = re.compile(
    r"\b(?:(?P<up>ris(?:es|en)|rose|go(?:es)? up|went up|increas(?:es|ed)|improv(?:es|ed)"
    r"|gr[eo]ws?|"
    r"climb(?:s|ed)|jump(?:s|ed))|(?P<down>f[ae]lls?|drop(?:s|ped)|decreas(?:es|ed)|declin(?:es"
    r"|ed)|"
    r"go(?:es)? down|went down|shr[ia]nks?|worsen(?:s|ed)|suffer(?:s|ed)))\b",
    re.IGNORECASE,
)
# What improves or hurts a number of errors may make it smaller or greater.
_NO_COUNT = r"(?!.{0,20}\bfalse)"
CHANGE = re.compile(
    r"\b(?:(?P<up>(?:rais|increas)(?:es|ed)|(?:lift|boost)(?:s|ed)"
    rf"|improv(?:es|ed){_NO_COUNT})|(?:reduc|decreas)(?:es|ed)|lower(?:s|ed)|cuts?"
    rf"|(?:hurts?|worsen(?:s|ed)|harm(?:s|ed)){_NO_COUNT}) "
    r"(?:(?:the|its|their|our|overall|number of|share of) )*",
    re.IGNORECASE,
)
THAN = re.compile(
    r"\b(?:is|are|was|were) (?:\w+ )?(?:(?P<up>higher|greater|better)|lower|smaller|worse) than "
    r"(?:(?:that|those|the one) )?(?:(?:of|in|with|for) )?(?:the )?",
    re.IGNORECASE,
)
_HOW = r"(?P<how>more|fewer|less)"
_COUNTED = (
    ("true_positives", rf"{_FINDS} {_HOW}(?: of)?(?: the)? {_RISKY}"),
    ("false_negatives", rf"{_HOW} (?:false negatives|missed (?:defaults?|{_RISKY}))"),
    (
        "false_negatives",
        rf"miss(?:es|ed) {_HOW}(?:(?: of)?(?: the)? {_RISKY}|\b(?! than \d| of | \w+ loans))",
    ),
    ("false_negatives", rf"false negatives (?:are|were) {_HOW}"),
    ("false_positives", rf"{_HOW} (?:false positives|false alarms)"),
    ("false_positives", rf"false positives (?:are|were) {_HOW}"),
    (
        "false_positives",
        r"(?:wrongly|mistakenly) (?:flag|reject|refuse|declin|turn)(?:s|es|ed|ged|s away|ed away)? "
        rf"{_HOW}(?: of)?(?: the)? {_HEALTHY}",
    ),
    (
        "errors",
        rf"{_HOW} (?:errors|mistakes)\b(?! \w+ (?:the |its )?(?:{_RISKY}|{_HEALTHY}|class))",
    ),
)
COUNTED = [(measure, re.compile(rf"\b{said}", re.IGNORECASE)) for measure, said in _COUNTED]
PATTERNS = (*(said for _, said in (*NONE, *COUNTED)), COMPARATIVE, THAN, TREND, CHANGE)
