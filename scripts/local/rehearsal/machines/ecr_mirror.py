"""Tells the emulated ECR what the real registry was given: same manifest, same digest, same tags.

moto has ECR's control plane and no images; so what `aws ecr describe-images` says of an image is true
only if somebody says so. A repository that scans on push has each new image scanned, as ECR does.
"""

from typing import TYPE_CHECKING

from local.rehearsal.machines.push_notifications import Push
from local.rehearsal.machines.registry import ImageRegistry
from slipway.aws.errors import RefusedError

if TYPE_CHECKING:
    from mypy_boto3_ecr.client import ECRClient


def mirror(ecr: "ECRClient", registry: ImageRegistry, push: Push) -> None:
    """Puts what was pushed into ECR; a tag that is there already, on the same image, changes nothing."""
    try:
        ecr.put_image(
            repositoryName=push.repository,
            imageManifest=registry.manifest(push.repository, push.digest),
            imageDigest=push.digest,
            imageTag=push.tag,
        )
    except RefusedError as error:
        if error.code != "ImageAlreadyExistsException":
            raise
        return
    if _scans_on_push(ecr, push.repository):
        try:
            ecr.start_image_scan(repositoryName=push.repository, imageId={"imageDigest": push.digest})
        except RefusedError as error:
            if error.code != "LimitExceededException":  # it was scanned today, under another tag
                raise


def _scans_on_push(ecr: "ECRClient", repository: str) -> bool:
    (described,) = ecr.describe_repositories(repositoryNames=[repository])["repositories"]
    return bool(described["imageScanningConfiguration"]["scanOnPush"])
