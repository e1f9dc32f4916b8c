"""An ECR repository that only listed roles and users can pull from and push to."""

import json
from collections.abc import Sequence

from constructs_lib.key import KnownKey
from constructs_lib.lookup import LookupCondition, postcondition
from constructs_lib.place import Place, place_of
from constructs_lib.policy import PolicyTooLongError, Statement, document
from constructs_lib.role import Role

from cdktf_cdktf_provider_aws.data_aws_ecr_repository import DataAwsEcrRepository
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
LIMIT = 10_240
"""A policy's characters: docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html."""
LOGIN = Statement(
    sid="Login",
    actions=["ecr:GetAuthorizationToken"],
    resources=["*"],
    reason="the token is for the account's registry; the action has no resource-level permissions",
)


class NamedRepository:
    """A repository of another stack, known by its name; it has the same grants as ``Repository``.

    name: the repository's name.
    account, region: where it is.
    """

    def __init__(self, *, name: str, account: str, region: str) -> None:
        self.name = name
        self.arn = Place(account, region).arn("ecr", f"repository/{name}")
        self.uri = f"{account}.dkr.ecr.{region}.amazonaws.com/{name}"

    def grant_pull(self, role: Role) -> None:
        """Let a ``role`` log in to the registry and pull from this repository."""
        role.allow(self._purpose("pull"), LOGIN, Statement(sid="Pull", actions=PULL, resources=[self.arn]))

    def grant_push(self, role: Role) -> None:
        """Let a ``role`` log in to the registry, and pull from and push to this repository."""
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
        """The name of an inline policy. It must not hold slashes, which a repository's name may hold."""
        return f"{verb}-{self.name.replace('/', '-')}"


class Repository(Construct, NamedRepository):
    """An encrypted repository that scans images on push and denies access to all but listed principals.

    Tags are mutable by default: ``latest`` must be, and AWS provider 5 cannot make an exception for it.
    Deployments name images by digest, and the build refuses to overwrite the tag of a commit.

    name: 2 to 256 characters, lower case.
    key: encrypts the images.
    readers_and_writers: ARNs of roles and users, ``*`` and ``?`` allowed; they need not exist yet. Every
        other principal is denied pulls and pushes, whatever its policies allow; the listed ones still
        need policies that allow them.
    keep_images: how many of the newest images are kept. Default: all.
    keep_days: images are deleted this many days after they were pushed. Default: never.
    movable_tags: the only tags that may be moved, ``*`` allowed; ECR refuses to overwrite any other. Needs
        AWS provider 6. Default: every tag may be moved.

    Raises PolicyTooLongError if ``readers_and_writers`` make a policy of more than 10,240 characters.

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
        key: KnownKey,
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
            # cdktf's bindings are made from provider 5, which does not have this argument.
            # docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageTagMutabilityExclusionFilter.html
            filters = [{"filter": movable_tag, "filter_type": "WILDCARD"} for movable_tag in movable_tags]
            self.resource.add_override("image_tag_mutability_exclusion_filter", filters)
        policy = document(_deny_all_but(self.place, readers_and_writers))
        if len(policy) > LIMIT:
            raise PolicyTooLongError(f"the policy of the repository {name}", len(policy), LIMIT)
        self.policy = EcrRepositoryPolicy(self, "policy", repository=self.resource.name, policy=policy)
        self.lifecycle = EcrLifecyclePolicy(
            self, "lifecycle", repository=self.resource.name, policy=_lifecycle(keep_images, keep_days)
        )


class ExistingRepository(Construct, NamedRepository):
    """A repository that exists already, in the stack's account and region; nothing of it is changed.

    name: its name. A plan fails if there is none, or if it refuses to move tags: a build moves ``latest``.

    >>> repository = ExistingRepository(stack, "images", name="team/my-app")
    """

    def __init__(self, scope: Construct, id: str, *, name: str) -> None:
        Construct.__init__(self, scope, id)
        place = place_of(scope)
        NamedRepository.__init__(self, name=name, account=place.account, region=place.region)
        self.data = DataAwsEcrRepository(
            self,
            "repository",
            name=name,
            lifecycle=postcondition(
                LookupCondition(
                    'self.image_tag_mutability != "IMMUTABLE"',
                    "The repository ${self.name} has immutable tags, but every build moves the tag latest."
                    " Allow that in its tag settings, or use another repository.",
                )
            ),
        )


def _deny_all_but(place: Place, principals: Sequence[str]) -> Statement:
    """Deny pulls and pushes to all other principals; within one account, an Allow would restrict nothing.

    The condition compares ARNs, because ECR refuses a policy that names a principal which does not exist
    yet. Service-linked roles are exempt: Inspector uses one for enhanced scans.
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
    """Rules in ascending priority, the order in which ECR returns them; any other would show as drift."""
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
