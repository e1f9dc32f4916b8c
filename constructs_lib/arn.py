"""How ARNs are put together and read: the one place in constructs_lib that knows their form.

docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

PARTITION = "aws"


def arn(service: str, resource: str, *, region: str = "", account: str = "") -> str:
    """The ARN of a resource.

    service: as its ARNs name it, such as ``elasticloadbalancing``.
    resource: what follows the account; ``*`` and ``?`` where it is for a policy.
    region, account: as far as the service's ARNs name them. Default: none.
    """
    return f"arn:{PARTITION}:{service}:{region}:{account}:{resource}"


def service_of(arn: str) -> str:
    """The service that an ARN names, such as ``s3``."""
    return arn.split(":", maxsplit=3)[2]
