"""The patterns of secrets that can be recognised by their form: keys and tokens."""

import re
from collections.abc import Iterator

# The patterns, each with texts one of which must occur: searching for texts is fast.
TOKENS = (
    ("AWS access key", "AKIA ASIA ABIA ACCA", r"(?<![A-Z0-9])A(?:KI|SI|BI|CC)A[A-Z0-9]{16}(?![A-Z0-9])"),
    (
        "private key",
        "PRIVATE",
        (
            r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
            r"(?s:.*?)(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)"
        ),
    ),
    ("private key", "AGE-SECRET PuTTY", r"AGE-SECRET-KEY-1[0-9A-Z]{20,}|PuTTY-User-Key-File-(?s:.*)"),
    (
        "GitHub token",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}",
    ),
    (
        "GitLab token",
        "glpat- glptt- gldt- glrt- glcbt- glsoat- glagent-",
        r"gl(?:pat|ptt|dt|rt|cbt|soat|agent)-[\w.-]{16,}",
    ),
    ("Slack token", "xox xapp-", r"xox[a-z]-[\w-]{10,}|xapp-\d-[\w-]{10,}"),
    (
        "webhook",
        "hooks.slack discord .webhook.office.com",
        (
            r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[\w/-]+"
            r"|discord(?:app)?\.com/api/webhooks/\d+/[\w-]+|\.webhook\.office\.com/[\w@/-]+"
        ),
    ),
    (
        "Stripe key",
        "k_live_ k_test_ whsec_",
        r"[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{16,}",
    ),
    ("Google key", "AIza GOCSPX- ya29.", r"AIza[\w-]{35}|GOCSPX-[\w-]{20,}|ya29\.[\w.-]{20,}"),
    ("JSON web token", "eyJ", r"(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?"),
    (
        "package token",
        "npm_ pypi- dckr_pat_ rubygems_",
        r"npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|dckr_pat_[\w-]{20,}|rubygems_[0-9a-f]{40,}",
    ),
    ("Vault token", "hvs. hvb. hvr.", r"hv[sbr]\.[\w-]{20,}"),
    ("API key", "sk-", r"sk-[A-Za-z]{0,8}-?[\w-]{24,}"),
    ("SendGrid key", "SG.", r"SG\.[\w-]{16,}\.[\w-]{16,}"),
    (
        "service token",
        "dop_v1_ NRAK- dapi ATATT3 shp lin_api_ glsa_ sntrys_ PMAK- hf_ .atlasv1. :AA SK key-",
        (
            r"dop_v1_[0-9a-f]{40,}|NRAK-[A-Z0-9]{20,}|dapi[0-9a-f]{32}|ATATT3[\w=-]{20,}"
            r"|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|lin_api_\w{30,}|glsa_\w{32,}|sntrys_[\w+/=]{20,}"
            r"|PMAK-[0-9a-f-]{20,}|hf_[A-Za-z0-9]{30,}|[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}"
            r"|\b\d{8,10}:AA[\w-]{32,}|\bSK[0-9a-f]{32}\b|\bkey-[0-9a-f]{32}\b"
        ),
    ),
    (
        "Azure key",
        "AccountKey= SharedAccess",
        r"(?:AccountKey|SharedAccessKey|SharedAccessSignature)=[^;\s\"']{16,}",
    ),
    (
        "signature",
        "ig= ignature= oken=",
        r"[?&](?:sig|[sS]ignature|X-Amz-(?:Signature|Security-Token))=[\w%+/=-]{16,}",
    ),
)
SIGNS = ("_", "-", ".", "=")


def possible_tokens(text: str) -> "Iterator[tuple[str, re.Pattern[str]]]":
    """The patterns that may match a text, with the kinds of secret; a pattern may come twice."""
    for sign, marks in _BY_SIGN.items():
        if sign in text:
            yield from [look for mark, look in marks if mark in text]


def _by_sign() -> "dict[str, list[tuple[str, tuple[str, re.Pattern[str]]]]]":
    """Patterns by a text that they require: most texts contain few of these."""
    found: dict[str, list[tuple[str, tuple[str, re.Pattern[str]]]]] = {sign: [] for sign in (*SIGNS, "")}
    for label, marks, look in TOKENS:
        for mark in marks.split():
            sign = next((sign for sign in SIGNS if sign in mark), "")
            found[sign].append((mark, (label, re.compile(look))))
    return found


_BY_SIGN = _by_sign()
