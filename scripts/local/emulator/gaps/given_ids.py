"""Gives a resource the id that its tag names, because settings name by id what a team has already.

AWS chooses every id by itself, and moto does the same; no request can ask for one.
"""

from collections.abc import Callable, Iterator, Mapping
from inspect import signature
from types import SimpleNamespace
from typing import Any, TypeVar
from unittest.mock import patch

from moto.ec2.models import security_groups, subnets, vpcs
from moto.ec2.models.security_groups import SecurityGroupBackend
from moto.ec2.models.subnets import SubnetBackend
from moto.ec2.models.vpcs import VPCBackend
from moto.elbv2 import models as load_balancers
from moto.elbv2.models import ELBv2Backend
from moto.kms import models as keys
from moto.kms.models import KmsBackend

from local.emulator.gaps.patching import wrap

ID_TAG = "slipway-emulator:id"
"""The tag that names the id; the resource keeps it."""

Created = TypeVar("Created")


def fill() -> None:
    """Patches how moto chooses the ids of VPCs, subnets, security groups, load balancers, listeners, keys."""
    wrap(VPCBackend, "create_vpc", _with_id(vpcs, "random_vpc_id", _function))
    wrap(SubnetBackend, "create_subnet", _with_id(subnets, "random_subnet_id", _function))
    wrap(
        SecurityGroupBackend,
        "create_security_group",
        _with_id(security_groups, "random_security_group_id", _function),
    )
    for create in ("create_load_balancer", "create_listener"):
        wrap(ELBv2Backend, create, _with_id(load_balancers, "mock_random", _random))
    wrap(KmsBackend, "create_key", _with_id(keys, "generate_key_id", _function))


def _function(given: str) -> Callable[..., str]:
    return lambda *_: given


def _random(given: str) -> SimpleNamespace:
    """Stands for moto's source of random values."""
    return SimpleNamespace(get_random_hex=lambda *_, **__: given)


def _with_id(
    module: object, name: str, chooser: Callable[[str], object]
) -> Callable[[Callable[..., Created]], Callable[..., Created]]:
    """Replaces ``name`` of a module of moto, which chooses ids, while a resource with the tag is created."""

    def replace(original: Callable[..., Created]) -> Callable[..., Created]:
        def create(*arguments: object, **options: Any) -> Created:  # noqa: ANN401 - moto's own
            named = signature(original).bind(*arguments, **options).arguments
            tags = dict(_pairs(named.get("tags")))
            if not (given := tags.get(ID_TAG)):
                return original(*arguments, **options)
            with patch.object(module, name, chooser(given)):
                return original(*arguments, **options)

        return create

    return replace


def _pairs(tags: object) -> Iterator[tuple[str, str]]:
    """The tags of a request in each of the forms that moto has for them."""
    if isinstance(tags, list):
        for tag in tags:
            prefix = "Tag" if "TagKey" in tag else ""  # of KMS
            yield tag[f"{prefix}Key"], tag[f"{prefix}Value"]
    elif isinstance(tags, Mapping):
        for key, value in tags.items():
            if isinstance(value, Mapping):
                yield from value.items()
            else:
                yield key, value
