"""Rules for a repository, branch, bucket or GitHub subject in pipeline.toml."""

import re

from modules.config.rules import SettingsRule, items, matching, text

REPOSITORY = r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+"
ECR = r"([a-z0-9]+([._-]+[a-z0-9]+)*/)*[a-z0-9]+([._-]+[a-z0-9]+)*"
BUCKET = r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"
SUBJECT = r"repo:(?P<owner>[^/:]+)/(?P<repository>[^/:]+):(?P<context>.+)"
_BUCKET_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_BUCKET_SUFFIXES = ("-s3alias", "--ol-s3", "--x-s3", "--table-s3")
_BAD_IN_BRANCH = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|$)|\.$|/$|^[/.-]|^@$")


def _plain(value: str, right: str) -> str | None:
    """Return the message for text with Terraform expressions or characters that cannot be printed."""
    if "${" in value or "%{" in value:
        return "must not contain ${ or %{, which Terraform would read as an expression"
    return None if value and value.isprintable() else right


def _repository(value: str) -> str | None:
    if len(value) > 255:
        return f"must have at most 255 characters; this has {len(value)}"
    if re.fullmatch(REPOSITORY, value) and not value.endswith(".git"):
        return None
    url = re.fullmatch(r"(?:https?://|ssh://|git@)[^/:]+[/:](.+?)(?:\.git)?/?", value)
    guess = url[1] if url else value.removesuffix(".git")
    guess = guess if re.fullmatch(REPOSITORY, guess) else "example/my-app"
    return f'must be owner/name, such as "{guess}"'


def _branch(value: str) -> str | None:
    right = 'must be the name of a branch as git allows it, such as "main"'
    if value.startswith("refs/heads/"):
        return f'must be only the name: "{value.removeprefix("refs/heads/")}"'
    if len(value) > 255:
        return f"must have at most 255 characters; this has {len(value)}"
    return right if _BAD_IN_BRANCH.search(value) else _plain(value, right)


def _pattern(value: str) -> str | None:
    if value.startswith(("/", "./")):
        return f'must be relative to the top of the repository, without leading slash: "{value.lstrip("./")}"'
    if value.startswith("!"):
        return "must not begin with !: CodePipeline's patterns cannot be negated; list what starts a release"
    if len(value) > 255:
        return f"must have at most 255 characters, CodePipeline's limit; this has {len(value)}"
    return _plain(value, 'must be a pattern of paths, such as "app/**"')


def _bucket(value: str) -> str | None:
    if not re.fullmatch(BUCKET, value):
        return "must be 3 to 63 lower-case letters, digits and hyphens, no hyphen at either end"
    if value.startswith(_BUCKET_PREFIXES) or value.endswith(_BUCKET_SUFFIXES):
        return "must not begin or end as S3's own names do (xn--, sthree-, -s3alias …)"
    return None


def _ecr_repository(value: str) -> str | None:
    if ".dkr.ecr." in value:
        name = value.partition("/")[2].partition(":")[0] or "team/my-app"
        return f'must be only the name, "{name}"; the repository must be of the service\'s account and region'
    if re.fullmatch(ECR, value) and 2 <= len(value) <= 256:
        return None
    return 'must be the name of an ECR repository, such as "team/my-app": 2 to 256 lower-case characters'


def _key(value: str) -> str | None:
    right = 'must be the key of a zip, without a slash at its start, such as "source/source.zip"'
    if value.startswith("/") or not value.endswith(".zip") or len(value.encode()) > 1024:
        return right
    return _plain(value, right)


def _subject(value: str) -> str | None:
    match = re.fullmatch(SUBJECT, value)
    if value == "*" or value.startswith("repo:*") or (match and re.search(r"[*?]", match["owner"])):
        return "would allow repositories of any owner: name the owner, repo:<owner>/<repository>:…"
    right = 'must be repo:<owner>/<repository>:<what>, such as "repo:example/my-app:pull_request"'
    return _plain(value, right) if match and len(value) <= 512 else right


REPOSITORY_NAME: SettingsRule[str] = text(_repository, REPOSITORY)
BRANCH = text(_branch)
ECR_REPOSITORY = text(_ecr_repository, ECR)
PATTERN: SettingsRule[str] = SettingsRule(_pattern, {"minLength": 1, "maxLength": 255, "pattern": "^[^!/]"})
PATTERNS = items("pattern", most=8)
CONNECTION_NAME = matching(
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", "must be 1 to 32 letters, digits, dots, hyphens and underscores"
)
BUCKET_NAME = text(_bucket, BUCKET)
KEY: SettingsRule[str] = SettingsRule(_key, {"minLength": 5, "maxLength": 1024, "pattern": r"^[^/].*\.zip$"})
SUBJECT_NAME = text(_subject, r"repo:[^/:*?]+/[^/:]+:.+")
SUBJECTS = items("subject")
