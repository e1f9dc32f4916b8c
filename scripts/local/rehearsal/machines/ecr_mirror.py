"""Records in the emulated ECR each image pushed to the real registry: manifest, digest, tags.

moto has ECR's control plane but no registry, so `aws ecr describe-images` knows only what is put there. If
a repository scans on push, a scan is started for each new image, as ECR does.
"""

from typing import TYPE_CHECKING

from local.rehearsal.machines.push_notifications import Push
from local.rehearsal.machines.registry import ImageRegistry
from slipway.aws.errors import RefusedError

if TYPE_CHECKING:
    from mypy_boto3_ecr.client import ECRClient


def mirror(ecr: "ECRClient", registry: ImageRegistry, push: Push) -> None:
    """Puts a pushed image into the emulated ECR; a tag that already names this image is left as it is."""
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
            if error.code != "LimitExceededException":  # the image was scanned today, under another tag
                raise


def _scans_on_push(ecr: "ECRClient", repository: str) -> bool:
    (described,) = ecr.describe_repositories(repositoryNames=[repository])["repositories"]
    return bool(described["imageScanningConfiguration"]["scanOnPush"])
