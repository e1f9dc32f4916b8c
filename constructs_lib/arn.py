"""Builds and reads ARNs; no other file of constructs_lib depends on their format.

docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

PARTITION = "aws"


def arn(service: str, resource: str, *, region: str = "", account: str = "") -> str:
    """Return the ARN of a resource.

    service: as its ARNs name it, such as ``elasticloadbalancing``.
    resource: what follows the account; may hold ``*`` and ``?`` in a policy.
    region, account: left out where the service's ARNs do not name them. Default: none.
    """
    return f"arn:{PARTITION}:{service}:{region}:{account}:{resource}"


def service_of(arn: str) -> str:
    """Return the service that ``arn`` names, such as ``s3``."""
    return arn.split(":", maxsplit=3)[2]
