"""Which names tell that what they name is a secret: DB_PASSWORD does, password_policy does not."""

import re
from functools import lru_cache

# What a secret is called: a word, or words side by side, anywhere in a name.
KINDS = {
    "password": r"\w*passw(?:or)?d|\w*pwd|\w*passphrase|pw|passwort|passcode",
    "private key": r"private_key|signing_key|ssl_key|tls_key|host_key",
    "key": (
        r"(?:api|access|secret|account|auth|master|encryption|shared|session|service|storage|license"
        r"|client|app|application|deploy|consumer)_?key|secret_access_key|key_material|hmac_key"
    ),
    "token": r"\w*token|jwt|bearer|session_cookie|otp|totp_seed",
    "secret": r"secret|clientsecret|appsecret|htpasswd|psk|preshared_key|pre_shared_key|salt",
    "credentials": r"credential|creds|cred|authorization|auth_header|basic_auth",
    "connection string": r"connection_string|connectionstring|conn_str|dsn",
}
PATTERNS = {kind: re.compile(rf"(?:^|_)(?:{words})s?(?:_|$)") for kind, words in KINDS.items()}

# Each of those holds one of these: a text without any, in small letters, has no name that tells.
HINTS: tuple[str, ...] = ("auth", "bearer", "conn", "cookie", "cred", "dsn", "jwt", "key", "otp", "pass")
HINTS += ("psk", "pw", "salt", "secret", "token")

# A name that ends so is about a secret, and is none itself.
ABOUT = re.compile(
    "age|algorithm|alias|arns?|audience|config|configuration|count|days|duration|enabled|endpoint|expiration"
    "|expire[sd]|expiry|field|file|format|from|grant|hop|hours|id|ids|identifiers?|issuer|kms|length|limits?"
    "|lifetime|manager|method|minutes|mode|names?|options?|path|policy|policies|prefix|provider|ref|reference"
    "|region|required|requirements|reset|rotation|scope|seconds|selector|size|source|spec|status|store|suffix"
    "|time|ttl|types?|units?|ur[il]|usage|user|username|validity|versions?"
)
LONGEST = 200  # characters of a name that are looked at
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@lru_cache(maxsize=65536)
def kind_of_secret(name: str) -> str:
    """The kind of secret that a name tells of; empty if it tells of none."""
    words = _words(name)
    if not words or ABOUT.fullmatch(words[-1]):
        return ""
    normal = "_".join(words)
    return next((kind for kind, pattern in PATTERNS.items() if pattern.search(normal)), "")


def may_name_secret(text: str) -> bool:
    """Whether a text in small letters may hold a name that tells of a secret; this is quick."""
    return any(map(text.__contains__, HINTS))


@lru_cache(maxsize=65536)
def describes_secret(name: str) -> bool:
    """Whether what is so named describes the secret that it stands beside: its ARN, its name, its age."""
    words = _words(name)
    return bool(words) and ABOUT.fullmatch(words[-1]) is not None


def _words(name: str) -> list[str]:
    """The words of a name's last part: of spring.datasource.password, and of /shop/db/password, one."""
    last = re.split(r"[./:]", name[-LONGEST:].rstrip("./: "))[-1]
    words = [word.lower() for word in WORDS.findall(last)]
    while len(words) > 1 and words[-1].isdigit():
        words.pop()
    return words
