"""AWS's services that hosts call: those that need an endpoint where hosts have no way to the internet.

Not here: ``ec2messages``, which Systems Manager's agent does not use since 3.3.40.0
(docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html); ``sts``, ``kms`` and ``ec2``,
which nothing of Slipway on a host calls: S3, Parameter Store and CloudWatch Logs decrypt on their own side.
"""

from collections.abc import Mapping

SERVICES: Mapping[str, str] = {
    "autoscaling": "a new host completes its launch hook",
    "codedeploy": "AWS's page asks for it beside the next",
    "codedeploy-commands-secure": "CodeDeploy's agent gets its commands",
    "ecr.api": "the login to the image registry",
    "ecr.dkr": "images",
    "logs": "logs of the service, agents, deployments, sessions and release commands",
    # Always: whether a release is watched is part of its revision, which may come before the next apply.
    "monitoring": "metrics and alarms while a release is watched",
    "ssm": "the service's parameters; Systems Manager's agent",
    "ssmmessages": "sessions on hosts",
}
"""Interface endpoints by the last part of their names, and what on a host needs them."""
S3 = "s3"
"""The gateway endpoint: packages, CodeDeploy's agent, the layers of images, revisions."""
