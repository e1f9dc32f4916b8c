"""Which image a command runs in: the one that the environment runs."""

from modules.config.names import EnvironmentNames, Names
from slipway.aws import codedeploy
from slipway.aws.clients import Aws
from slipway.aws.revisions import RevisionImages
from slipway.console.errors import SlipwayError


def running_image(aws: Aws, names: Names, environment: EnvironmentNames) -> str:
    """The image by its digest. Raises SlipwayError if nothing was released, or it is not known."""
    groups = codedeploy.deployment_groups(aws, names.application, [environment.deployment_group])
    group = groups.get(environment.deployment_group)
    deployments = (
        codedeploy.deployments(aws, names.application, group, codedeploy.one_succeeded) if group else ()
    )
    release = next(
        (deployment for deployment in deployments if deployment.succeeded and deployment.is_release), None
    )
    if release is None or release.revision is None:
        raise SlipwayError(
            f"nothing runs in {environment.environment} yet, and so there is no image to run a command in",
            then="slipway status shows what runs where",
        )
    image = RevisionImages(aws).read(release.revision)
    if image.problem:
        raise SlipwayError(f"what {environment.environment} runs is not known", why=image.problem)
    return f"{names.registry_host}/{names.repository}@{image.digest}"
