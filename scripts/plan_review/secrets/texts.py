"""Finds secrets by their form: keys, tokens, private keys, passwords in URLs and assignments."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from math import log2

from plan_review.secrets.names import kind_of_secret, may_name_secret
from plan_review.secrets.token_patterns import possible_tokens

Span = tuple[int, int, str]  # start, end, kind of secret
SHORTEST = 14  # the least length of a secret recognised by its form
SHORTEST_NAMED = 5  # as PW=me

URLS = (
    re.compile(
        r"(?<![\w+.-])[A-Za-z][A-Za-z0-9+.-]*+://[^\s/?#@:\"'<>]{0,256}:(?P<secret>[^\s\"'<>]{1,256})@",
        re.ASCII,
    ),
    re.compile(r"://(?P<secret>[^\s/:@\"'<>]{16,256})@"),
)
# Each with words, one of which must occur: searching for words is fast.
PRINTED = r"\b(?:echo|printf)\b(?: +(?:-\w+|[\"']%s(?:\\n)?[\"']))* +(?P<secret>QUOTED)"
READS_IT = (
    r"(?:sudo +)?(?:[^\n|;]{0,99}?--(?:password-)?stdin\b|[^\n|;]{0,99}?--with-token\b|sudo +-\w*S\b"
    r"|vault +login\b)"
)
COMMANDS = (
    (("bearer", "basic"), r"(?i)\b(?:bearer|basic)\s+(?=[a-z+/._~-]{0,99}[\d=])(?P<secret>[\w+/=.~-]{8,})"),
    (("-u", "--proxy"), r"(?<!\S)(?:-u|--user|--proxy-user)[ =]?[^\s:]{1,99}:(?P<secret>[^\s\"']+)"),
    (
        ("login", "sshpass", "mysql"),
        r"\b(?:docker +login|sshpass|mysql\w{0,9})\b[^\n|;]{0,99}?\s-p ?(?P<secret>QUOTED)",
    ),
    (("redis-cli",), r"\bredis-cli\b[^\n|;]{0,99}?\s-a +(?P<secret>QUOTED)"),
    (("requirepass", "masterauth"), r"(?i)\b(?:requirepass|masterauth)[ \t]+(?P<secret>QUOTED)"),
    (("htpasswd",), r"\bhtpasswd +-\w*b\w* +(?:-\S+ +)*\S+ +\S+ +(?P<secret>QUOTED)"),
    (("pass:",), r"(?<![\w-])pass:(?P<secret>[^\s\"']+)"),
    (("login",), r"\blogin\b[^\n|;]{0,99}?\s(?:-p|--pass) +(?P<secret>QUOTED)"),
    (("stdin", "token", "sudo", "login"), rf"{PRINTED}\s*\|\s*{READS_IT}"),
    (("<<<",), rf"{READS_IT}[^\n|;]{{0,99}}?<<< *(?P<secret>QUOTED)"),
    (("login",), r"\blogin\s+\S{1,99}\s+password\s+(?P<secret>\S+)"),
    (("identified", "password"), r"(?i)\b(?:identified +by|password) +(?P<secret>'[^'\n]{1,999}')"),
    (("chpasswd",), r"(?<![\w:])\w{1,99}:(?P<secret>[^\s\"'|]{1,128})[\"']?\s*\|\s*(?:sudo +)?chpasswd"),
    (
        ("$",),
        r"(?P<secret>\$(?:1|2[abxy]?|5|6|7|y|gy|apr1|argon2\w{1,2}|pbkdf2[\w-]{0,9}|scrypt)\$[\w./$=,+-]{12,})",
    ),
)
COMMANDS_BY = [
    (word, re.compile(pattern.replace("QUOTED", r"[^\s\"']+|\"[^\"]+\"|'[^']+'")))
    for words, pattern in COMMANDS
    for word in words
]
NAME = r"(?P<name>[A-Za-z_][\w.-]*+)"
ASSIGNS = r"(?:=>|:=|=|:(?!//))"
QUOTED = r"\\+\"(?s:.*?)\\+\"|\"(?:[^\"\\]|\\.)*+\"?|'[^']*+'?"
BLOCK = r"[|>][-+]?\d?[ \t]*\n(?:[ \t]+\S.*(?:\n|\Z))++"
SETS = (
    r"\b(?:(?:config(?:ure)?|CONFIG)[ \t]+)?(?:set|SET|config)"
    r"(?:[ \t]+--(?:profile|region|location|prefix)[ =]\S+|[ \t]+--\w[\w-]*)*"
)
# How a name precedes its value, and what the value is; used only if the name is telling.
NAMED = (
    # If a line begins with the name, the rest of the line is its value, and so is a block below it.
    (
        rf"(?m)^[ \t]*(?:- )?[\"']?{NAME}[\"']?[ \t]*{ASSIGNS}[ \t]*(?:!!?\w+[ \t]+)?",
        rf"{BLOCK}|{QUOTED}|\S.*",
    ),
    (rf"(?:(?<![\w:/.@-])|(?<=\$env:))-{{0,2}}{NAME}\\*[\"']?\s*+{ASSIGNS}\s*+", rf"{QUOTED}|[^\s\"';]+"),
    (rf"(?<!\S)--?{NAME}[ \t]+", r"\"[^\"]*+\"?|'[^']*+'?|[^\s\"'-][^\s\"']*"),
    (rf"(?m)^[ \t]*(?:ENV|ARG|setenv)[ \t]+{NAME}[ \t]+", r".+"),
    # As in `aws configure set aws_secret_access_key x` and `npm config set //host/:_authToken x`.
    (
        rf"{SETS}[ \t]+(?:\S*[/:])?{NAME}[ \t]+",
        QUOTED + r"|\S+",
    ),
    (rf"<{NAME}(?:\s[^<>]{{0,200}})?>", r"[^<>]+"),
)
NAMED_BY = [(re.compile(name), re.compile(f"(?P<secret>{value})")) for name, value in NAMED]
SECRET_MANIFEST = re.compile(
    r"(?m)^([ \t]*(?:- )?)[\"']?kind[\"']?[ \t]*:[ \t]*[\"']?Secret[\"']?[ \t]*(?:#.*)?$"
)
HOLDS = re.compile(
    r"(?m)^([ \t]*(?:- )?)[\"']?(?:data|stringData|binaryData)[\"']?[ \t]*:[ \t]*(?P<held>.*\n?)"
)
LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
CHPASSWD = re.compile(r"(?m)^(?P<indent>[ \t]*)chpasswd:.*\n(?P<block>(?:(?P=indent)[ \t]+.*(?:\n|\Z))+)")
USER_AND_PASSWORD = re.compile(r"(?m)^[ \t]*(?:- *)?[\"']?[\w.-]+:(?P<secret>[^\s\"']+)[\"']?[ \t]*$")
MARKS = ("=", ":", " ", "$", "<", "\t")  # a text without any of these contains no named secret
FORTY = re.compile(r"(?<![A-Za-z0-9/+_.:=-])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_-])")
SURE_OF_FORTY = 4.2  # bits per character; 40 random characters have 4.7, words and paths less than 4

# Values in the place of a secret that are not one: references, booleans, placeholders.
NO_SECRET = re.compile(
    r"(?i)\s*(?:|true|false|null|none|nil|yes|no|required|optional|enabled|disabled|\d{1,3}|\*+"
    r"|arn:[\w-]+:.*|\{\{resolve:.*|\$\{?[\w.:()/-]+\}?|\$\(.*|%[\w()]+%?|<[\w .-]+>|\{\{.*\}\}"
    r""
    r"|aws_iam|custom|cognito_user_pools|projects/.*/cryptoKeys/.*"
    r"|(?:ssm|secretsmanager|vault|awssm|awsps|sops)://?.*|alias/[\w/-]+|\(hidden: .*"
    r"|(?-i:(?:~|\.{1,2})?(?:/[a-z0-9._-]{1,32}){2,})|(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+)(?: .*)?)\s*"
)
# Kinds of authentication, under a name such as AUTH.
SCHEME = re.compile(
    r"(?i)basic|digest|bearer|any|off|on|ldaps?|kerberos|ntlm|oauth2?|oidc|saml2?|iam|jwt|m?tls|trust|md5"
    r"|scram-sha-\d+|anonymous|password|token|local|internal|external|\w+_auth"
)


def no_secret(value: str, kind: str) -> bool:
    """Whether a value is harmless even under a name that indicates this kind of secret."""
    return NO_SECRET.fullmatch(value) is not None or (kind == "auth" and SCHEME.fullmatch(value) is not None)


def spans(text: str) -> list[Span]:
    """The positions of secrets in a text, in order and without overlaps."""
    if len(text) < SHORTEST_NAMED:
        return []
    found = known(text)
    if any(map(text.__contains__, MARKS)):
        small = text.lower()
        found += _in_places(text, small)
        found += _for_kubernetes(text) if "secret" in small else ()
        found += _for_cloud_init(text) if "chpasswd" in small else ()
        found += _named(text) if may_name_secret(small) else ()
    return apart(found) if found else found


def known(text: str) -> list[Span]:
    """Where secrets are that are known by themselves, whatever stands around them."""
    if len(text) < SHORTEST:
        return []
    found = [*_marked(text), *_forty(text)]
    return apart(found) if found else found


def replaced(text: str, found: list[Span], hidden: Callable[[str, str], str]) -> str:
    """The text with each secret masked. hidden: called with the secret and its kind."""
    parts, position = [], 0
    for start, end, label in found:
        parts += [text[position:start], hidden(text[start:end], label)]
        position = end
    return "".join((*parts, text[position:]))


def _marked(text: str) -> Iterator[Span]:
    for label, look in possible_tokens(text):
        yield from ((*match.span(), label) for match in look.finditer(text))


def _in_places(text: str, small: str) -> Iterator[Span]:
    """The passwords in URLs and commands."""
    if "://" in text:
        yield from (
            span for url in URLS for match in url.finditer(text) if (span := _value(match, "password"))
        )
    for word, command in COMMANDS_BY:
        if word in small:
            yield from (span for match in command.finditer(text) if (span := _value(match, "password")))


def _for_kubernetes(text: str) -> Iterator[Span]:
    """Everything that a Secret's manifest contains, under any key."""
    position = 0
    for document in re.split(r"(?m)^(?=---)", text):
        columns = {len(found[1]) for found in SECRET_MANIFEST.finditer(document)}
        for found in HOLDS.finditer(document) if columns else ():
            end = _end_of_block(document, found.end(), len(found[1]))
            if len(found[1]) in columns and document[found.start("held") : end].strip():
                yield position + found.start("held"), position + end, "Kubernetes secret"
        position += len(document)


def _end_of_block(text: str, start: int, column: int) -> int:
    """The end of the lines that are indented by more than ``column``, from a line's start."""
    for line in LINE.finditer(text, start):
        if line.group().strip() and len(line.group()) - len(line.group().lstrip(" \t")) <= column:
            return line.start()
    return len(text)


def _for_cloud_init(text: str) -> Iterator[Span]:
    """The passwords below `chpasswd:`, one per line after a user's name."""
    for block in CHPASSWD.finditer(text):
        for line in USER_AND_PASSWORD.finditer(text, *block.span("block")):
            if span := _value(line, "password"):
                yield span


def _named(text: str) -> Iterator[Span]:
    """What stands behind a telling name, however it is written."""
    for name, value in NAMED_BY:
        position = 0
        while named := name.search(text, position):
            position = named.end("name")
            kind = kind_of_secret(named["name"])
            match = value.match(text, named.end()) if kind else None
            if match and (span := _value(match, kind)):
                yield span
                position = match.end()


def _forty(text: str) -> Iterator[Span]:
    """AWS secret keys, which have no prefix: 40 characters that look random."""
    for match in FORTY.finditer(text):
        if _is_noise(match.group()):
            yield match.start(), match.end(), "AWS secret key"


def _is_noise(word: str) -> bool:
    kinds = (str.islower, str.isupper, str.isdigit)
    if not all(any(map(kind, word)) for kind in kinds):
        return False
    return -sum(n / len(word) * log2(n / len(word)) for n in Counter(word).values()) >= SURE_OF_FORTY


def _value(match: "re.Match[str]", label: str) -> Span | None:
    """Where the value is without its quotes, unless it is harmless."""
    value = match["secret"].strip("\\\"'\n")
    if no_secret(value, label):
        return None
    start = match.start("secret") + match["secret"].index(value)
    return start, start + len(value), label


def apart(found: list[Span]) -> list[Span]:
    """Spans in order; overlapping ones are merged."""
    merged: list[Span] = []
    for start, end, label in sorted(found):
        if merged and start < merged[-1][1]:
            first = merged[-1]
            merged[-1] = (first[0], max(end, first[1]), first[2])
        else:
            merged.append((start, end, label))
    return merged
