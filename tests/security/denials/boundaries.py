"""Where the settings name a permissions boundary, no role gets past it."""

from tests.security.account import Account
from tests.security.denials.denial import Denial, bounded
from tests.security.evaluation import Statement

WITHOUT_S3: Statement = {"Effect": "Allow", "NotAction": ["s3:*"], "Resource": ["*"]}
EVERYTHING: Statement = {"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}


def denials(account: Account) -> list[Denial]:
    """What a team's boundary takes from roles that have it; of what it says, nothing is known here."""
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
                f"The role {name} writes artifacts although the boundary keeps S3 from it",
                bounded(asked, WITHOUT_S3),
                "with a boundary that has S3",
                bounded(asked, EVERYTHING),
            )
        )
    return found
