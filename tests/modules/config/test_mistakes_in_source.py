"""Mistakes in where commits come from, who is told, and who is let in."""

import pytest

from modules.config.load import settle
from modules.config.problems import shown
from tests.modules.config.mistakes import complaints, source
from tests.settings import ACCOUNT, CONNECTION_ARN, PROVIDER_ARN, Table, table

OTHER = "999999999999"
EMAIL = 'must be an e-mail address, such as "team@example.com"'
BUCKET = "must be 3 to 63 lower-case letters, digits and hyphens, no hyphen at either end"
BRANCH = 'must be the name of a branch as git allows it, such as "main"'
ANYONE = "would allow repositories of any owner: name the owner, repo:<owner>/<repository>:…"
EXPRESSION = "must not contain ${ or %{, which Terraform would read as an expression"
CONNECTION = (
    "must be the ARN of a connection, such as arn:aws:codeconnections:<region>:<account>:connection/<id>"
)

MISTAKES: list[tuple[Table, str]] = [
    (
        table(source={}),
        'source: must have either repository = "owner/name" or a table s3 = {}; it has neither',
    ),
    (source(s3={}), 'source: must have either repository = "owner/name" or a table s3 = {}; it has both'),
    (
        table(source={"repository": "https://github.com/example/my-app.git"}),
        (
            'source.repository = "https://github.com/example/my-app.git":'
            ' must be owner/name, such as "example/my-app"'
        ),
    ),
    (
        table(source={"repository": "my-app"}),
        'source.repository = "my-app": must be owner/name, such as "example/my-app"',
    ),
    (
        table(source={"repository": "group/team/my-app"}),
        'source.repository = "group/team/my-app": must be owner/name: GitHub has no nested groups',
    ),
    (source(branch=""), f'source.branch = "": {BRANCH}'),
    (
        source(branch="b" * 256),
        f'source.branch = "{"b" * 78}…: must have at most 255 characters; this has 256',
    ),
    (
        table(source={"repository": f"a/{'b' * 254}"}),
        f'source.repository = "a/{"b" * 76}…: must have at most 255 characters; this has 256',
    ),
    (source(branch="a..b"), f'source.branch = "a..b": {BRANCH}'),
    (source(branch="refs/heads/main"), 'source.branch = "refs/heads/main": must be only the name: "main"'),
    (source(branch="a${b}"), f'source.branch = "a${{b}}": {EXPRESSION}'),
    (source(paths=[]), "source.paths = []: must name at least one pattern"),
    (
        source(paths=list("abcdefghi")),
        ('source.paths = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]: must name at most 8; it names 9'),
    ),
    (
        source(paths=["/a"]),
        'source.paths[0] = "/a": must be relative to the top of the repository, without leading slash: "a"',
    ),
    (
        source(paths=["app/**", "!app/docs/**"]),
        (
            'source.paths[1] = "!app/docs/**": must not begin with !: CodePipeline\'s patterns cannot be'
            " negated; list what starts a release"
        ),
    ),
    (
        source(connection_arn=CONNECTION_ARN.replace(ACCOUNT, "999999999999")),
        (
            f'source.connection_arn = "{CONNECTION_ARN.replace(ACCOUNT, "999999999999")[:78]}…:'
            f" must be of the service's account, {ACCOUNT}"
        ),
    ),
    (
        source(connection_arn=CONNECTION_ARN.replace("eu-central-1", "eu-central-9")),
        (
            f'source.connection_arn = "{CONNECTION_ARN.replace("eu-central-1", "eu-central-9")[:78]}…:'
            " must name an existing AWS region; eu-central-9 is not one"
        ),
    ),
    *(
        (
            source(connection_arn=f"{CONNECTION_ARN.rpartition('/')[0]}/{each}"),
            f'source.connection_arn = "{CONNECTION_ARN.rpartition("/")[0]}/{each}": {CONNECTION}',
        )
        for each in ("-", "x", "1")
    ),
    (
        source(paths=["a" * 256]),
        (
            f'source.paths[0] = "{"a" * 78}…: must have at most 255 characters,'
            " CodePipeline's limit; this has 256"
        ),
    ),
    (
        source(paths=["a", "a"]),
        'source.paths = ["a", "a"]: must name each pattern once; "a" is listed twice',
    ),
    (
        source(connection="a" * 33),
        f'source.connection = "{"a" * 33}": must be 1 to 32 letters, digits, dots, hyphens and underscores',
    ),
    (
        source(connection_arn="arn:aws:iam::1:role/x"),
        f'source.connection_arn = "arn:aws:iam::1:role/x": {CONNECTION}',
    ),
    (
        source(connection="github", connection_arn=CONNECTION_ARN),
        (
            'source.connection = "github": names a connection to create, but connection_arn names'
            " an existing one: remove one of the two"
        ),
    ),
    (
        source(provider="GitHubEnterpriseServer"),
        (
            'source.provider = "GitHubEnterpriseServer": needs a host resource, which is set up in the'
            " console: create the connection there, and set connection_arn"
        ),
    ),
    (
        table(source={"s3": {}, "branch": "main"}),
        'source.branch = "main": does not apply to an object in S3: remove this key, or s3',
    ),
    (table(source={"s3": {"bucket": "A"}}), f'source.s3.bucket = "A": {BUCKET}'),
    (
        table(source={"s3": {"bucket": f"my-app-tfstate-{ACCOUNT}-eu-central-1"}}),
        (
            f'source.s3.bucket = "my-app-tfstate-{ACCOUNT}-eu-central-1":'
            " is the bucket of Terraform's state: choose another"
        ),
    ),
    (
        table(source={"s3": {"bucket": f"my-app-artifacts-{ACCOUNT}-eu-central-1"}}),
        (
            f'source.s3.bucket = "my-app-artifacts-{ACCOUNT}-eu-central-1":'
            " is the artifact bucket, which is the default: remove the key"
        ),
    ),
    (
        table(source={"s3": {"key": "source.tar"}}),
        (
            'source.s3.key = "source.tar": must be the key of a zip, without a slash at its start,'
            ' such as "source/source.zip"'
        ),
    ),
    (table(registry={"keep_images": 9}), "registry.keep_images = 9: must be between 10 and 10000"),
    (
        table(registry={"administrators": ["*"]}),
        (
            'registry.administrators[0] = "*": must be the ARN of an IAM role or user, * and ? allowed in its'
            " name, such as arn:aws:iam::<account>:role/<name>"
        ),
    ),
    (table(alerts={"emails": []}), "alerts.emails = []: must name at least one address"),
    (table(alerts={"emails": ["team@example"]}), f'alerts.emails[0] = "team@example": {EMAIL}'),
    *(
        (table(alerts={"emails": [each]}), f'alerts.emails[0] = "{each}": {EMAIL}')
        for each in (
            *("a..b@example.com", ".a@example.com", "a.@example.com", "@example.com", "a@", "a@b@x.com"),
            *("a@-example.com", "a@example-.com", "a@example..com", "a@example.com.", "a@example.1", "a@x.c"),
            *("a@example.xn--", "a@[192.0.2.1]"),
        )
    ),
    *(
        (
            table(alerts={"emails": [each]}),
            f"alerts.emails[0] = {shown(each)}: {line}",
        )
        for each, line in (
            (f"{'a' * 65}@b.com", "must have at most 64 characters before the @; this has 65"),
            (f"a@{'b' * 64}.com", f"must have at most 63 characters between dots; {'b' * 10}… has 64"),
            (f"a@b.{'c' * 64}", f"must have at most 63 characters between dots; {'c' * 10}… has 64"),
            (f"a@{'b.' * 126}com", "must have at most 254 characters; this has 257"),
        )
    ),
    (
        table(alerts={"emails": ["ä@example.com"]}),
        (f'alerts.emails[0] = "ä@example.com": {EMAIL}; it has U+00E4 LATIN SMALL LETTER A WITH DIAERESIS'),
    ),
    (table(alerts={"emails": ["a b@example.com"]}), f'alerts.emails[0] = "a b@example.com": {EMAIL}'),
    (
        table(alerts={"emails": ["a@example.com", "A@example.com"]}),
        (
            'alerts.emails = ["a@example.com", "A@example.com"]:'
            ' must name each address once; "A@example.com" is listed twice'
        ),
    ),
    (table(access={"github_subjects": []}), "access.github_subjects = []: must name at least one subject"),
    (table(access={"github_subjects": ["*"]}), f'access.github_subjects[0] = "*": {ANYONE}'),
    (table(access={"github_subjects": ["repo:*"]}), f'access.github_subjects[0] = "repo:*": {ANYONE}'),
    (
        table(access={"github_subjects": ["repo:example*/x:*"]}),
        f'access.github_subjects[0] = "repo:example*/x:*": {ANYONE}',
    ),
    (
        table(access={"github_subjects": ["example/my-app"]}),
        (
            'access.github_subjects[0] = "example/my-app": must be repo:<owner>/<repository>:<what>,'
            ' such as "repo:example/my-app:pull_request"'
        ),
    ),
    (
        table(access={"github_subjects": [f"repo:example/{n:a>200}:*" for n in range(7)]}),
        (
            f'access.github_subjects = ["repo:example/{"a" * 64}…: must have at most 1400 characters in'
            " total; it has 1526: IAM allows no longer trust policy; use * in place of what differs"
        ),
    ),
    (
        table(
            access={
                "github_subjects": ["repo:a/b:*"],
                "oidc_provider_arn": PROVIDER_ARN.replace(ACCOUNT, OTHER),
            }
        ),
        (
            f'access.oidc_provider_arn = "{PROVIDER_ARN.replace(ACCOUNT, OTHER)}":'
            f" must be of the service's account, {ACCOUNT}"
        ),
    ),
]


@pytest.mark.parametrize(("data", "line"), MISTAKES, ids=[line[:60] for _, line in MISTAKES])
def test_a_mistake_gives_one_plain_line(data: Table, line: str) -> None:
    assert complaints(data) == [line]


@pytest.mark.parametrize(
    "address",
    [
        "x@example.xn--p1ai",
        "x@xn--e1afmkfd.xn--p1ai",
        "first.last+tag@a-b.example.museum",
        f"{'a' * 64}@{'b' * 63}.example.com",
        "o'brien@example.co.uk",
    ],
)
def test_an_address_that_servers_take_is_taken(address: str) -> None:
    assert settle(table(alerts={"emails": [address]})).alerts.emails == (address,)
