"""The image that an environment runs, in which commands are run."""

from modules.config.names import EnvironmentNames, Names
from slipway.aws import codedeploy
from slipway.aws.clients import Aws
from slipway.aws.revisions import RevisionImages
from slipway.console.errors import SlipwayError


def running_image(aws: Aws, names: Names, environment: EnvironmentNames) -> str:
    """The running image, with its digest.

    Raises SlipwayError if nothing runs, or its revision is unreadable.
    """
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
            f"{environment.environment} runs no release yet, so there is no image to run a command in",
            then="deploy a release first; slipway status shows what runs",
        )
    image = RevisionImages(aws).read(release.revision)
    if image.problem:
        raise SlipwayError(
            f"the image that {environment.environment} runs is unknown",
            why=image.problem,
            then="deploy a release again; slipway releases lists them",
        )
    return f"{names.registry_host}/{names.repository}@{image.digest}"
