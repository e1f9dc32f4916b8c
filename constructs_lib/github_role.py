"""A role that GitHub Actions may assume through OIDC, without a stored secret, for given subjects."""

from collections.abc import Sequence

from constructs_lib.policy import Statement
from constructs_lib.role import Role

from cdktf_cdktf_provider_aws.iam_openid_connect_provider import IamOpenidConnectProvider
from constructs import Construct

ISSUER = "token.actions.githubusercontent.com"


class GitHubRole(Construct):
    """A role whose trust policy names the subjects of GitHub's tokens.

    name: at most 64 characters.
    subjects: the ``sub`` claims, exactly as GitHub sends them. ``*`` and ``?`` are allowed only after
        the owner, because every GitHub user can obtain a token. Since 2026 the claims of new, renamed
        and transferred repositories contain the ids of owner and repository: check what yours sends
        before you list it (docs.github.com/actions/reference/security/oidc).
    provider_arn: GitHub's OIDC provider, if the account already has it: an account can have only one
        per URL. Default: none; the provider is created here.
    description: what the role is for, as the console shows it.

    >>> ci = GitHubRole(stack, "plan", name="my-app-plan", description="CI plans with it.",
    ...     subjects=["repo:example/my-app:pull_request"])
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        description: str,
        subjects: Sequence[str],
        provider_arn: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        _refuse_everybody(subjects)
        if provider_arn is None:
            self.provider = IamOpenidConnectProvider(
                self, "provider", url=f"https://{ISSUER}", client_id_list=["sts.amazonaws.com"]
            )
            provider_arn = self.provider.arn
        self.provider_arn = provider_arn
        self.role = Role(
            self, "role", name=name, description=description, trust=_trust(provider_arn, subjects)
        )


def _refuse_everybody(subjects: Sequence[str]) -> None:
    if isinstance(subjects, str) or not subjects:
        raise ValueError(f"subjects must be a list of at least one subject, received {subjects!r}")
    for subject in subjects:
        owner, slash, _ = subject.partition("/")
        if not slash or "*" in owner or "?" in owner:
            raise ValueError(
                f"a subject must name its owner, repo:<owner>/<repository>:…, received {subject}"
            )


def _trust(provider_arn: str, subjects: Sequence[str]) -> Statement:
    return Statement(
        actions=["sts:AssumeRoleWithWebIdentity"],
        principals={"Federated": [provider_arn]},
        conditions={
            "StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com"},
            "StringLike": {f"{ISSUER}:sub": list(subjects)},
        },
    )
