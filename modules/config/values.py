"""Rules for single names, numbers and addresses in pipeline.toml, with the reasons of AWS or the hosts."""

import re

from modules.config.regions import REGIONS
from modules.config.rules import SettingsRule, at_least, between, items, matching, nearest, text

SLUG = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
AWS_PREFIXES = ("aws", "ssm", "amzn-", "internal-", "sthree-")
RESERVED_ENVIRONMENTS = (
    "access",
    "alerts",
    "apply",
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
MOST_CPUS = 1024
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
INSTANCE_TYPE = (
    r"((?P<family>[a-z]{1,5})(?P<generation>[1-9][0-9]?)(?P<attributes>[a-z]{0,4})(-(?P<more>[a-z0-9]{1,6}))?"
    r"|u-[1-9][0-9]?tb1)"
    r"\.(nano|micro|small|medium|large|([2-9]|[1-9][0-9]{1,2})?xlarge|metal(-([2-9]|[1-9][0-9]{1,2})xl)?)"
)
MACS = r"mac[0-9]*(-[a-z0-9]+)?\.metal"
ANSWER_SECONDS = 60
"""How long the load balancer waits for a response, in seconds."""
MOST_COUNTED = 1_000_000_000
"""More responses than a load balancer can give in five minutes."""
_WORD = r"[A-Za-z0-9!#%&'*+/=?^_`|~-]+"
LOCAL_PART = rf"{_WORD}(\.{_WORD})*"
LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
TOP_LEVEL = r"([A-Za-z]{2,}|[Xx][Nn]--[A-Za-z0-9-]*[A-Za-z0-9])"
DOMAIN = rf"({LABEL}\.)+{TOP_LEVEL}"
_SLUG_WORDS = "must be lower-case letters, digits and single hyphens, starting with a letter, such as"


def _service(value: str) -> str | None:
    if not re.fullmatch(SLUG, value):
        return f'{_SLUG_WORDS} "my-app"'
    if len(value) < 2:
        return "must have at least 2 characters: ECR allows no shorter repository name"
    reserved = next((aws_prefix for aws_prefix in AWS_PREFIXES if f"{value}-".startswith(aws_prefix)), None)
    if reserved:
        return f'must not begin with "{reserved}": all names would begin with it, but AWS reserves it'
    return None


def _environment(value: str) -> str | None:
    if not re.fullmatch(SLUG, value):
        return f'{_SLUG_WORDS} "staging"'
    if value in RESERVED_ENVIRONMENTS:
        return "is reserved for another part of the pipeline; choose another name"
    return None


def _region(value: str) -> str | None:
    if value in REGIONS:
        return None
    if value.startswith(("cn-", "us-gov-", "us-iso", "eu-isoe-", "eusc-")):
        return "is in a partition other than aws, which is not supported"
    guess = nearest(value, REGIONS)
    hint = f'did you mean "{guess}"?' if guess else 'for example "eu-central-1"'
    return f"must be an AWS region; {hint}"


def _port(value: int) -> str | None:
    if value == 22:
        return "is used by the SSH server of the hosts; choose another, such as 8080"
    return None if 1 <= value <= 65535 else "must be between 1 and 65535"


def _cpus(value: float) -> str | None:
    return None if 0.01 <= value <= MOST_CPUS else f"must be between 0.01 and {MOST_CPUS}"


def _egress_port(value: int) -> str | None:
    if value == 22:
        return "is the SSH port, which no security group here opens in either direction"
    return None if 1 <= value <= 65535 else "must be between 1 and 65535"


def _instance_type(value: str) -> str | None:
    if re.fullmatch(MACS, value):
        return "cannot run the hosts: EC2 Mac instances need dedicated hosts"
    if not re.fullmatch(INSTANCE_TYPE, value):
        return 'must be an EC2 instance type, such as "t3.small"'
    if value.startswith("a1."):
        return 'cannot run the hosts: Amazon Linux 2023 needs Graviton2 or later; use for example "t4g.small"'
    return None


def architecture_of(instance_type: str) -> str:
    """Return the CPU architecture of an instance type.

    Types with Graviton have a g right after the generation (t4g, c7gn, im4gn); p6e-gb200 has Nvidia's Grace.
    """
    match = re.fullmatch(INSTANCE_TYPE, instance_type)
    arm = match and ((match["attributes"] or "").startswith("g") or (match["more"] or "").startswith("gb"))
    return "arm64" if arm else "x86_64"


def _retention(value: int) -> str | None:
    if value in RETENTION_DAYS:
        return None
    near = min(RETENTION_DAYS, key=lambda days: abs(days - value))
    return f"must be a retention that CloudWatch Logs offers; the nearest is {near}"


def _tags(values: dict[str, str]) -> str | None:
    if len(values) <= MOST_TAGS:
        return None
    return (
        f"must have at most {MOST_TAGS} tags; it has {len(values)}: AWS allows 50, and four are set already"
    )


def _latency(value: float) -> str | None:
    if not value > 0:
        return "must be a number of seconds above 0"
    if value < 0.001:
        return "must be at least 0.001: no answer is faster, so the alarm would always be in ALARM"
    if value < ANSWER_SECONDS:
        return None
    return (
        f"must be below {ANSWER_SECONDS}: the load balancer does not wait longer for an answer,"
        " so the alarm would never go off"
    )


def _email(value: str) -> str | None:
    """Check an address by RFC 5321 (4.5.3.1) and RFC 1035; SNS accepts only ASCII."""
    name, at, domain = value.rpartition("@")
    labels = domain.split(".")
    if not at or not re.fullmatch(LOCAL_PART, name) or not re.fullmatch(DOMAIN, domain):
        return 'must be an e-mail address, such as "team@example.com"'
    if len(name) > 64:
        return f"must have at most 64 characters before the @; this has {len(name)}"
    long = next((label for label in labels if len(label) > 63), None)
    if long:
        return f"must have at most 63 characters between dots; {long[:10]}… has {len(long)}"
    return None if len(value) <= 254 else f"must have at most 254 characters; this has {len(value)}"


SERVICE = text(_service, SLUG)
ENVIRONMENT: SettingsRule[str] = SettingsRule(
    _environment, {"pattern": f"^(?:{SLUG})$", "not": {"enum": list(RESERVED_ENVIRONMENTS)}}
)
ACCOUNT = matching(r"[0-9]{12}", 'must be 12 digits in quotes, such as "123456789012"')
REGION: SettingsRule[str] = SettingsRule(_region, {"enum": list(REGIONS)})
PORT: SettingsRule[int] = SettingsRule(_port, {"minimum": 1, "maximum": 65535, "not": {"const": 22}})
EGRESS_PORT: SettingsRule[int] = SettingsRule(
    _egress_port, {"minimum": 1, "maximum": 65535, "not": {"const": 22}}
)
CONTAINER_PORT = between(1, 65535)
HEALTH_SECONDS = between(10, 450)
"""In seconds. appspec.yml gives health_check.sh 600, of which a rollback takes up to 100."""
STOP_SECONDS = between(1, 300)
MEMORY_MIB = between(32, 8_388_608)
CPUS: SettingsRule[float] = SettingsRule(_cpus, {"minimum": 0.01, "maximum": MOST_CPUS})
PIDS = between(16, 4_194_304)
TMP = "/tmp"  # noqa: S108 - of the container, which has it to itself
TMPFS = matching(
    r"(/[A-Za-z0-9._-]+)+(:(size=[1-9][0-9]{0,8}[kmg]?|mode=[0-7]{3,4})(,(size=[1-9][0-9]{0,8}[kmg]?|mode=[0-7]{3,4}))*)?",
    'must be an absolute path, and may have options, such as "/tmp" or "/var/cache:size=64m"',
)
TMPFS_LIST = items("directory", most=16)
CODEDEPLOY_AGENT = matching(
    r"[12]\.[0-9]{1,4}\.[0-9]{1,4}-[0-9]{1,12}",
    'must be a version of the agent with its build, as its packages are named: "1.8.1-26"',
)
HEALTH_PATH = matching(
    r"/[A-Za-z0-9._~%/?=&:@+,-]*",
    'must be a path that starts with /, without spaces or quotes, such as "/readyz"',
)
INSTANCE = text(_instance_type, re.sub(r"\?P<\w+>", "", INSTANCE_TYPE))
EMAIL: SettingsRule[str] = SettingsRule(
    _email, {"pattern": rf"^(?:{LOCAL_PART}@{DOMAIN})$", "maxLength": 254}
)
RETENTION: SettingsRule[int] = SettingsRule(_retention, {"enum": list(RETENTION_DAYS)})
LATENCY: SettingsRule[float] = SettingsRule(_latency, {"minimum": 0.001, "exclusiveMaximum": ANSWER_SECONDS})
HOSTS = at_least(1)
THRESHOLD = between(1, MOST_COUNTED)
COMMAND_MINUTES = between(5, 480)
WORD: SettingsRule[str] = SettingsRule(
    lambda value: (
        None if value.isprintable() and len(value) <= 1024 else "must be one printable line of at most 1,024"
    ),
    {"maxLength": 1024},
)
COMMAND: SettingsRule[tuple[object, ...]] = SettingsRule(
    lambda value: None if 0 < len(value) <= 64 else "must have 1 to 64 words, the program first",
    {"minItems": 1, "maxItems": 64},
)
WATCH_MINUTES = between(0, 50)
QUIET_MINUTES = between(0, 60)
KEEP_IMAGES = between(10, 10_000)
MAX_AGE_DAYS = between(1, 365)
HEALTHY_HOSTS = at_least(0)
PERCENT = between(0, 99)
ZONE_MINUTES = between(0, 60)
ZONES = between(1, 4)
PLATFORM = matching(
    r"[a-z][a-z0-9]*(-[a-z0-9]+)+",
    'must be the name of an environment, with that of its service, such as "web-prod"',
    longest=32,
)
PRIORITY = between(1, 50_000)
EMAILS = items("address", fold=True)
ENVIRONMENTS: SettingsRule[tuple[object, ...]] = SettingsRule(
    lambda value: None if value else "must have at least one environment: add a table [[environments]]",
    {"minItems": 1},
)
TAGS: SettingsRule[dict[str, str]] = SettingsRule(
    _tags, {"maxProperties": MOST_TAGS, "propertyNames": {"minLength": 1, "maxLength": 127}}
)
