"""Decides which names indicate a secret: DB_PASSWORD does, password_policy does not.

The words are from published lists and from plans: gitleaks' generic-api-key (config/gitleaks.toml),
detect-secrets' KeywordDetector (plugins/keyword.py), Sentry's scrubber (sentry_sdk/scrubber.py) and Django's
debug page (django/views/debug.py).
"""

import re
from functools import lru_cache

# Names of secrets: a word, or adjacent words, anywhere in a name.
KINDS = {
    "password": (
        r"\w*passw(?:or)?d|\w*pwd|\w*pass_?phrase|pass_?word|pw|passwort|pass_?code|kennwort|contrasena|senha"
        r"|mot_de_passe|pin_?code"
    ),
    "private key": r"(?:private|privat|priv|signing|ssl|tls|pgp|gpg|rsa|dsa|ecdsa|ca|host)_?key",
    "key": (
        r"(?:api|access|secret|account|auth|master|encryption|shared|session|service|storage|license"
        r"|client|app|application|deploy|consumer|enc|pass|fernet|aes|crypt|crypto|encrypt|decrypt|decryption|cipher"
        r"|cookie|csrf|nonce|webhook|security|admin|root)_?key"
        r"|secret_access_key|key_material|hmac_?key|jwt_?key|key_?pass"
    ),
    "token": (
        r"\w*token|jwt|bearer|(?:session|auth|erlang)_cookie|otp|totp_seed|(?:recovery|backup|access)_codes?"
    ),
    "secret": (
        r"secret|clientsecret|appsecret|htpasswd|psk|preshared_key|pre_shared_key|salt|hmac|mnemonic"
        r"|seed_phrase|(?:mfa|otp|totp|wallet|recovery)_seed|shared_access_signature"
    ),
    "credentials": (
        r"credential|creds|cred|authorization|auth_header|basic_auth|service_account_json|kube_?config(?:_raw)?"
        r"|(?:sasl_)?jaas(?:_config)?|docker_?auth_config|docker_?config_?json"
    ),
    "connection string": r"connection_string|connectionstring|conn_str|dsn",
}
PATTERNS = {kind: re.compile(rf"(?:^|_)(?:{words})s?(?:_|$)") for kind, words in KINDS.items()}

# Names of secrets only at a name's end, apart from words in QUALIFIERS after it.
ENDS = {
    "password": re.compile(r"(?:^|_)\w*pass(?:es)?$"),
    "auth": re.compile(r"(?:^|_)auth$"),
    "token": re.compile(r"_(?:pat|sas)$|(?:^|_)stripe_sk$"),
    "webhook": re.compile(r"(?:^|_)webhook$"),
}
QUALIFIERS = re.compile(
    "prod|production|staging|stage|dev|development|test|qa|uat|live|sandbox|old|new|current|previous|next"
    "|primary|secondary|main|backup|rw|ro|db|default|value|raw|plain|plaintext|base64|hash|v"
)
OF_TEXTS = frozenset({"auth", "webhook"})
"""Kinds whose names indicate a secret only if the value is a text: blocks have such names too."""

# Names that end like a secret's but are not: forwarded headers, kinds of authentication.
HARMLESS_ENDS = re.compile(
    r"(?:^|_)(?:"
    r"(?:by|com|encom|sur|tres|under|over|low|high|band|multi|single|two|one|all|first|second|boarding|season"
    r"|proxy|fastcgi|uwsgi|scgi|grpc|memcached|must|should|did|no)_?pass(?:es)?"
    r"|(?:requires?|required|enables?|enabled|disabled?|uses?|no|skip|with|without|needs?|allow|is|has|client"
    r"|server|m?tls|ssl|mutual|iam|ldap|saml|oidc|o|jwt|kerberos|windows|anonymous|default|external|social|pre"
    r"|post|identity|digest|cert|certificate)_auth"
    r"|chpasswd"
    r")$"
)
# SOMETHING_KEY as an environment variable is a secret, except these, which identify something.
HARMLESS_KEYS = re.compile(
    "3|annotation|anon|any|attribute|bucket|cache|cluster|column|config|context|counter|csv|data|dedup"
    "|deduplication|dict|dictionary|event|feature|field|file|filter|flag|foreign|group|hash|header|hot"
    "|idempotency|index|item|job|json|kms|label|lang|lock|locale|lookup|map|measurement|message|meta|metadata"
    "|metric|msg|object|order|param|parameter|partition|primary|prom|pub|public|publishable|query|queue|range"
    "|record|redis|registry|route|routing|row|search|shard|site|sort|source|state|stream|sub|tag|target|topic"
    "|trace|tracking|translation|unique|user"
)

# Each telling name contains one of these: a lower-case text without any has no telling name.
HINTS: tuple[str, ...] = ("auth", "bearer", "conn", "cookie", "cred", "dsn", "jwt", "key", "otp", "pass")
HINTS += ("contrasena", "hmac", "kennwort", "kube_config", "kubeconfig", "mnemonic", "pincode", "pin_code")
HINTS += ("psk", "pw", "salt", "secret", "seed", "senha", "service_account_json", "signature", "token")
HINTS += ("_pat", "_sas", "stripe_sk", "webhook", "jaas", "dockerconfig", "docker_config")
HINTS += ("recovery_code", "backup_code", "access_code")

# A name with this end describes a secret but is not one.
ABOUT = re.compile(
    "age|algorithm|alias|arns?|audience|config|configuration|count|days|duration|enabled|endpoint|expiration"
    "|expire[sd]|expiry|field|file|format|from|grant|hop|hours|id|ids|identifiers?|issuer|kms|length|limits?"
    "|lifetime|manager|method|minutes|mode|names?|options?|path|policy|policies|prefix|provider|ref|reference"
    "|region|required|requirements|reset|rotation|scope|seconds|selector|size|source|spec|status|store|suffix"
    "|time|ttl|types?|units?|updated|ur[il]|usage|used|user|username|validity|versions?"
)
LONGEST = 200  # only so many characters of a name are examined
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
CONFIGURATIONS = re.compile(r"(?:^|_)(?:kube_config(?:_raw)?|jaas_config|docker_?auth_config)$")
"""Names of configurations that contain credentials."""


@lru_cache(maxsize=65536)
def kind_of_secret(name: str) -> str:
    """The kind of secret that a name indicates; "" if it indicates none."""
    words = _words(name)
    normal = "_".join(words)
    if (
        not words
        or HARMLESS_ENDS.search(normal)
        or (ABOUT.fullmatch(words[-1]) and not CONFIGURATIONS.search(normal))
    ):
        return ""
    known = next((kind for kind, pattern in PATTERNS.items() if pattern.search(normal)), "")
    return known or _by_its_end(words) or _by_its_key(name, words)


def _by_its_end(words: list[str]) -> str:
    while len(words) > 1 and QUALIFIERS.fullmatch(words[-1]):
        words = words[:-1]
    normal = "_".join(words)
    return next((kind for kind, pattern in ENDS.items() if pattern.search(normal)), "")


def _by_its_key(name: str, words: list[str]) -> str:
    """Only names in capitals, which are environment variables: other keys are often lookup keys."""
    is_variable = name.isupper() and len(words) > 1 and words[-1] == "key"
    return "key" if is_variable and not HARMLESS_KEYS.fullmatch(words[-2]) else ""


def may_name_secret(text: str) -> bool:
    """A quick test whether a lower-case text may contain a telling name."""
    return any(map(text.__contains__, HINTS))


@lru_cache(maxsize=65536)
def describes_secret(name: str) -> bool:
    """Whether a name describes a secret next to it: its ARN, its name, its age."""
    words = _words(name)
    return bool(words) and ABOUT.fullmatch(words[-1]) is not None


def _words(name: str) -> list[str]:
    """The words of a name's last part, as in spring.datasource.password or /shop/db/password."""
    last = re.split(r"[./:]", name[-LONGEST:].rstrip("./: "))[-1]
    words = [word.lower() for word in WORDS.findall(last)]
    while len(words) > 1 and words[-1].isdigit():
        words.pop()
    return words
