"""What a single name, number or address in pipeline.toml may be, and why AWS or a host would refuse it."""

import re

from modules.config.regions import REGIONS
from modules.config.rules import SettingsRule, at_least, between, items, matching, nearest, text

SLUG = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
AWS_PREFIXES = ("aws", "ssm", "amzn-", "internal-", "sthree-")
RESERVED_ENVIRONMENTS = (
    "access",
    "alerts",
    "artifacts",
    "build",
    "cache",
    "delivery",
    "foundation",
    "pipeline",
    "plan",
    "source-events",
    "tfstate",
)
MOST_TAGS = 46
DEFAULT_INSTANCE_TYPES = {"x86_64": "t3.small", "arm64": "t4g.small"}
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
INSTANCE_TYPE = (
    r"(?P<family>[a-z]+)(?P<generation>[0-9]+)(?P<attributes>[a-z]*)(-[a-z0-9]+)?"
    r"\.(nano|micro|small|medium|large|[0-9]*xlarge|metal(-[0-9]+xl)?)"
)
_SLUG_WORDS = "must be lower-case letters, digits and single hyphens, starting with a letter, such as"


def _service(value: str) -> str | None:
    if not re.fullmatch(SLUG, value):
        return f'{_SLUG_WORDS} "my-app"'
    if len(value) < 2:
        return "must have at least 2 characters: ECR takes no shorter repository name"
    reserved = next((each for each in AWS_PREFIXES if f"{value}-".startswith(each)), None)
    if reserved:
        return f'must not begin with "{reserved}": every name begins with it, and AWS keeps those for itself'
    return None


def _environment(value: str) -> str | None:
    if not re.fullmatch(SLUG, value):
        return f'{_SLUG_WORDS} "staging"'
    if value in RESERVED_ENVIRONMENTS:
        return "is taken: other parts of the pipeline are named so; choose another name"
    return None


def _region(value: str) -> str | None:
    if value in REGIONS:
        return None
    if value.startswith(("cn-", "us-gov-", "us-iso", "eu-isoe-", "eusc-")):
        return "is in another partition than aws, which is not supported"
    guess = nearest(value, REGIONS)
    hint = f'did you mean "{guess}"?' if guess else 'for example "eu-central-1"'
    return f"must be an AWS region; {hint}"


def _port(value: int) -> str | None:
    if value == 22:
        return "is taken on the hosts by their own SSH server; choose another, such as 8080"
    return None if 1 <= value <= 65535 else "must be between 1 and 65535"


def _instance_type(value: str) -> str | None:
    match = re.fullmatch(INSTANCE_TYPE, value)
    if not match:
        return 'must be an EC2 instance type, such as "t3.small"'
    if match["family"] == "mac":
        return "cannot run the hosts: EC2's Macs take dedicated hosts"
    if match["family"] + match["generation"] == "a1":
        return 'cannot run the hosts: Amazon Linux 2023 needs Graviton2 or later; use for example "t4g.small"'
    return None


def architecture_of(instance_type: str) -> str:
    """The CPU of an instance type: Graviton's have a g first after the generation (t4g, c7gn, im4gn)."""
    match = re.fullmatch(INSTANCE_TYPE, instance_type)
    return "arm64" if match and match["attributes"].startswith("g") else "x86_64"


def _retention(value: int) -> str | None:
    if value in RETENTION_DAYS:
        return None
    near = min(RETENTION_DAYS, key=lambda days: abs(days - value))
    return f"must be a number of days that CloudWatch offers; the nearest is {near}"


def _tags(values: dict[str, str]) -> str | None:
    if len(values) <= MOST_TAGS:
        return None
    return f"must not hold more than {MOST_TAGS}, and holds {len(values)}: AWS takes 50, four are set here"


def _latency(value: float) -> str | None:
    return None if 0 < value < float("inf") else "must be a number of seconds above 0"


SERVICE = text(_service, SLUG)
ENVIRONMENT: SettingsRule[str] = SettingsRule(
    _environment, {"pattern": f"^(?:{SLUG})$", "not": {"enum": list(RESERVED_ENVIRONMENTS)}}
)
ACCOUNT = matching(r"[0-9]{12}", 'must be 12 digits in quotes, such as "123456789012"')
REGION: SettingsRule[str] = SettingsRule(_region, {"enum": list(REGIONS)})
PORT: SettingsRule[int] = SettingsRule(_port, {"minimum": 1, "maximum": 65535, "not": {"const": 22}})
HEALTH_PATH = matching(
    r"/[A-Za-z0-9._~%/?=&:@+,-]*",
    'must be a path that starts with /, without spaces or quotes, such as "/readyz"',
)
INSTANCE = text(_instance_type, re.sub(r"\?P<\w+>", "", INSTANCE_TYPE))
EMAIL = matching(
    r"[A-Za-z0-9.!#%&'*+/=?^_`|~-]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}",
    'must be an e-mail address, such as "team@example.com"',
    longest=254,
)
RETENTION: SettingsRule[int] = SettingsRule(_retention, {"enum": list(RETENTION_DAYS)})
LATENCY: SettingsRule[float] = SettingsRule(_latency, {"exclusiveMinimum": 0})
HOSTS = at_least(1)
THRESHOLD = at_least(1)
KEEP_IMAGES = between(10, 10_000)
HEALTHY_HOSTS = at_least(0)
PERCENT = between(0, 99)
ZONES = between(1, 4)
EMAILS = items("address", fold=True)
ENVIRONMENTS: SettingsRule[tuple[object, ...]] = SettingsRule(
    lambda value: None if value else "must hold at least one: add a table [[environments]]", {"minItems": 1}
)
TAGS: SettingsRule[dict[str, str]] = SettingsRule(
    _tags, {"maxProperties": MOST_TAGS, "propertyNames": {"minLength": 1, "maxLength": 128}}
)
