"""What the destruction of each type of resource means, for all providers together.

A type with a version after its name (`_v1`) is treated as the one without.
"""

import re

from plan_review.rules.resource_types import aws, azure, clouds, google, kubernetes, services

PROVIDERS = {
    "AWS": aws,
    "Google Cloud": google,
    "Azure": azure,
    "Kubernetes": kubernetes,
    "other clouds": clouds,
    "databases and services": services,
}
VERSIONED = ("kubernetes_", "openstack_", "linode_database_")
VERSIONS = ("", "_v1", "_v2", "_v3")


def by_type(nouns: dict[str, str]) -> dict[str, str]:
    """The noun for each type of resource. nouns: texts with the types of each noun."""
    named = [(kind, noun) for noun, kinds in nouns.items() for kind in kinds.split()]
    return {
        f"{kind}{version}": noun
        for kind, noun in named
        for version in (VERSIONS if kind.startswith(VERSIONED) else VERSIONS[:1])
    }


STATEFUL = {
    kind: noun for provider in PROVIDERS.values() for kind, noun in by_type(provider.HOLDS_STATE).items()
}
"""Types with content that cannot be restored: data, images, keys, names."""
SERVING = {kind: noun for provider in PROVIDERS.values() for kind, noun in by_type(provider.SERVES).items()}
"""Types that provide a service and have no content that cannot be restored."""
LOGS = {kind: noun for provider in PROVIDERS.values() for kind, noun in by_type(provider.KEEPS_LOGS).items()}
"""Types that store logs."""

HARMLESS = re.compile(
    r"(?:null_resource|terraform_data|random_(?!password)\w+|time_\w+|local_\w+|archive_file|tls_(?!private_key)\w+"
    r"|\w+_(?:acl|alarm|alias|controls|assignment|association|attachment|binding|bindings|block|config|configuration|dashboard"
    r"|document|encryption|entry|exclusion|group_rule|invocation|iam_\w+|instance_profile|key_pair|label|labels"
    r"|lifecycle|link|logging|member|membership|metric|monitor|notification|option_group|override|parameter_group"
    r"|permission|policies|policy|preference|profile|propagation|query_definition|rule|rules|schedule|setting"
    r"|settings|subnet_group|subscription|tag|tags|target|template|validation|versioning|version))(?:_v\d+)?"
)
"""Types that only connect, limit or describe others: only their configuration is lost."""
