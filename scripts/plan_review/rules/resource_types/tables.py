"""What each type of resource is to whoever must approve its end, of all providers together.

A type that a provider writes with a version behind its name (`_v1`) is judged as the one without.
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
    """What people call each type of resource; the types of one noun stand in one text."""
    named = [(kind, noun) for noun, kinds in nouns.items() for kind in kinds.split()]
    return {
        f"{kind}{version}": noun
        for kind, noun in named
        for version in (VERSIONS if kind.startswith(VERSIONED) else VERSIONS[:1])
    }


STATEFUL = {
    kind: noun for provider in PROVIDERS.values() for kind, noun in by_type(provider.HOLDS_STATE).items()
}
"""Types that hold what nobody can make again: data, images, keys, names."""
SERVING = {kind: noun for provider in PROVIDERS.values() for kind, noun in by_type(provider.SERVES).items()}
"""Types that serve while they are there, and hold nothing that cannot be made again."""
LOGS = {kind: noun for provider in PROVIDERS.values() for kind, noun in by_type(provider.KEEPS_LOGS).items()}
"""Types that keep logs."""

HARMLESS = re.compile(
    r"(?:null_resource|terraform_data|random_(?!password)\w+|time_\w+|local_\w+|archive_file|tls_(?!private_key)\w+"
    r"|\w+_(?:acl|alarm|alias|controls|assignment|association|attachment|binding|bindings|block|config|configuration|dashboard"
    r"|document|encryption|entry|exclusion|group_rule|invocation|iam_\w+|instance_profile|key_pair|label|labels"
    r"|lifecycle|link|logging|member|membership|metric|monitor|notification|option_group|override|parameter_group"
    r"|permission|policies|policy|preference|profile|propagation|query_definition|rule|rules|schedule|setting"
    r"|settings|subnet_group|subscription|tag|tags|target|template|validation|versioning|version))(?:_v\d+)?"
)
"""Types that only connect, limit or describe others: nothing is lost with them but what they said."""
