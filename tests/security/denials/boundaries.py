"""With a permissions boundary in the settings, no role has permissions beyond it."""

from tests.security.account import Account
from tests.security.denials.denial import Denial, bounded
from tests.security.evaluation import Statement

WITHOUT_S3: Statement = {"Effect": "Allow", "NotAction": ["s3:*"], "Resource": ["*"]}
EVERYTHING: Statement = {"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}


def denials(account: Account) -> list[Denial]:
    """Requests that a team's boundary denies to the roles that have it, whatever its content."""
    names = account.names
    bucket = names.bucket_arn(names.artifact_bucket)
    objects = {
        names.build_role: f"{bucket}/{names.revision_artifact_prefix}AbCdEfG",
        names.pipeline_role: f"{bucket}/{names.revision_artifact_prefix}AbCdEfG",
    }
    found = []
    for name, resource in objects.items():
        role = account.roles[name]
        assert role.boundary, f"{name} has no boundary"
        asked = account.question(role, "s3:PutObject", resource)
        found.append(
            Denial(
                f"The role {name} writes artifacts although its boundary does not allow S3",
                bounded(asked, WITHOUT_S3),
                "the same with a boundary that allows S3",
                bounded(asked, EVERYTHING),
            )
        )
    return found
