"""An ECR repository that only named roles and administrators can pull from and push to."""

import json
from collections.abc import Sequence

from constructs_lib.key import Key
from constructs_lib.place import Place, place_of
from constructs_lib.policy import Statement, document
from constructs_lib.role import Role

from cdktf_cdktf_provider_aws.ecr_lifecycle_policy import EcrLifecyclePolicy
from cdktf_cdktf_provider_aws.ecr_repository import (
    EcrRepository,
    EcrRepositoryEncryptionConfiguration,
    EcrRepositoryImageScanningConfiguration,
)
from cdktf_cdktf_provider_aws.ecr_repository_policy import EcrRepositoryPolicy
from constructs import Construct

# docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html and security-iam-awsmanpol.html
PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
PUSH = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:PutImage",
)
LOGIN = Statement(
    sid="Login",
    actions=["ecr:GetAuthorizationToken"],
    resources=["*"],
    reason="the token is for the account's registry; the action knows no resource",
)


class NamedRepository:
    """A repository of another stack, known by its name; its grants are those of ``Repository``.

    name: the repository's name.
    account, region: where it is.
    """

    def __init__(self, *, name: str, account: str, region: str) -> None:
        self.name = name
        self.arn = Place(account, region).arn("ecr", f"repository/{name}")
        self.uri = f"{account}.dkr.ecr.{region}.amazonaws.com/{name}"

    def grant_pull(self, role: Role) -> None:
        """Let a role log in to the registry and pull from this repository."""
        role.allow(self._purpose("pull"), LOGIN, Statement(sid="Pull", actions=PULL, resources=[self.arn]))

    def grant_push(self, role: Role) -> None:
        """Let a role log in to the registry, and pull from and push to this repository."""
        role.allow(
            self._purpose("push"),
            LOGIN,
            Statement(sid="PullAndPush", actions=[*PULL, *PUSH], resources=[self.arn]),
        )

    def grant_read_scan(self, role: Role) -> None:
        """Let a ``role`` read the findings of image scans."""
        role.allow(
            self._purpose("read-scan"),
            Statement(actions=["ecr:DescribeImageScanFindings"], resources=[self.arn]),
        )

    def _purpose(self, verb: str) -> str:
        """A repository's name may hold slashes; the name of an inline policy may not."""
        return f"{verb}-{self.name.replace('/', '-')}"


class Repository(Construct, NamedRepository):
    """A repository that is scanned on push, encrypted, and closed to all but those named.

    Tags can be moved by default: ``latest`` has to, and AWS provider 5 knows no exception for it. What is
    deployed is named by digest, and the build refuses to overwrite a commit's tag.

    name: 2 to 256 characters, lower case.
    key: what images are encrypted with.
    readers_and_writers: ARNs of roles and users, ``*`` and ``?`` allowed, that exist now or later.
        Nobody else can pull or push, whatever their own policies say; who may *do* what is still
        for those policies to grant.
    keep_images: how many of the newest images are kept. Default: all.
    keep_days: after how many days images are deleted, counted from their push. Default: never.
    movable_tags: the only tags that may be moved, ``*`` allowed; ECR refuses to overwrite any other. It takes
        AWS provider 6. Default: every tag may be moved.

    >>> from constructs_lib.key import Key
    >>> key = Key(stack, "key", description="Images.", alias="alias/my-app")
    >>> repository = Repository(stack, "images", name="my-app", key=key,
    ...     readers_and_writers=["arn:aws:iam::123456789012:role/my-app-build"], keep_images=500)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        key: Key,
        readers_and_writers: Sequence[str],
        keep_images: int | None = None,
        keep_days: int | None = None,
        movable_tags: Sequence[str] = (),
    ) -> None:
        Construct.__init__(self, scope, id)
        self.place = place_of(scope)
        NamedRepository.__init__(self, name=name, account=self.place.account, region=self.place.region)
        self.resource = EcrRepository(
            self,
            "repository",
            name=name,
            image_tag_mutability="IMMUTABLE_WITH_EXCLUSION" if movable_tags else "MUTABLE",
            image_scanning_configuration=EcrRepositoryImageScanningConfiguration(scan_on_push=True),
            encryption_configuration=[
                EcrRepositoryEncryptionConfiguration(encryption_type="KMS", kms_key=key.arn)
            ],
        )
        if movable_tags:
            # cdktf's bindings, of provider 5, have no such argument.
            # docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageTagMutabilityExclusionFilter.html
            filters = [{"filter": movable_tag, "filter_type": "WILDCARD"} for movable_tag in movable_tags]
            self.resource.add_override("image_tag_mutability_exclusion_filter", filters)
        self.policy = EcrRepositoryPolicy(
            self,
            "policy",
            repository=self.resource.name,
            policy=document(_deny_all_but(self.place, readers_and_writers)),
        )
        self.lifecycle = EcrLifecyclePolicy(
            self, "lifecycle", repository=self.resource.name, policy=_lifecycle(keep_images, keep_days)
        )


def _deny_all_but(place: Place, principals: Sequence[str]) -> Statement:
    """A Deny on everybody else: in one account, an Allow here would restrict nothing.

    It names patterns, not principals: ECR refuses a policy whose principal does not exist yet.
    Roles that AWS's own services assume (Inspector, for enhanced scans) are left alone.
    """
    services = place.global_arn("iam", "role/aws-service-role/*")
    return Statement(
        sid="DenyAllOthers",
        effect="Deny",
        principals="*",
        actions=[*PULL, *PUSH],
        conditions={"ArnNotLike": {"aws:PrincipalArn": [*principals, services]}},
    )


def _lifecycle(keep_images: int | None, keep_days: int | None) -> str:
    """Rules in ascending priority, as AWS gives them back: another order would never be at rest."""
    untagged = _rule(1, "Untagged images go after 14 days.", tags="untagged", days=14)
    if keep_days:
        rest = [_rule(2, f"Every image goes after {keep_days} days.", tags="any", days=keep_days)]
    elif keep_images:
        rest = [_rule(2, f"The newest {keep_images} are kept.", tags="any", count=keep_images)]
    else:
        rest = []
    return json.dumps({"rules": [untagged, *rest]})


def _rule(priority: int, description: str, *, tags: str, days: int = 0, count: int = 0) -> dict[str, object]:
    selection: dict[str, object] = {"tagStatus": tags}
    if days:
        selection |= {"countType": "sinceImagePushed", "countUnit": "days", "countNumber": days}
    else:
        selection |= {"countType": "imageCountMoreThan", "countNumber": count}
    return {
        "rulePriority": priority,
        "description": description,
        "selection": selection,
        "action": {"type": "expire"},
    }
