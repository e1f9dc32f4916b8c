"""Reads the resources of a Terraform state: of the state file, or of what ``terraform show -json`` prints."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any  # a state's JSON

from slipway.console.errors import SlipwayError
from slipway.terraform.state.bucket import StateBucket


@dataclass(frozen=True)
class StateResource:
    """A managed resource in a state; its address has its module and its index, if it has them."""

    address: str
    type: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


def of_stack(bucket: StateBucket, key: str) -> dict[str, StateResource]:
    """The resources in the state of a stack, by address; none if there is no state yet."""
    stored = bucket.s3.list_objects_v2(Bucket=bucket.name, Prefix=key)
    if key not in [content.get("Key") for content in stored.get("Contents", ())]:
        return {}
    text = bucket.s3.get_object(Bucket=bucket.name, Key=key)["Body"].read().decode("utf-8")
    return {resource.address: resource for resource in parse(text, f"s3://{bucket.name}/{key}")}


def parse(text: str | bytes, file: str) -> tuple[StateResource, ...]:
    """The managed resources of a state. file: its name for messages. Raises SlipwayError."""
    try:
        state = json.loads(text)
        if "format_version" in state:  # of `terraform show -json`
            root = state.get("values", {}).get("root_module", {})
            return tuple(_of_module(root))
        return tuple(_of_file(state["resources"]))
    except UnicodeDecodeError as error:
        why = f"byte {error.start + 1} is not UTF-8"
    except json.JSONDecodeError as error:
        why = f"line {error.lineno}, column {error.colno}: {error.msg}"
    except RecursionError:
        why = "it is nested too deeply"
    except (ValueError, KeyError, TypeError, AttributeError):
        why = "it has no list of resources in which each has what Terraform writes of it"
    raise SlipwayError(
        f"{file} is not a Terraform state",
        why=why,
        then="give what `terraform state pull` or `terraform show -json` prints",
    )


def _of_file(resources: list[Mapping[str, Any]]) -> Iterator[StateResource]:
    for resource in resources:
        if resource["mode"] != "managed":
            continue
        module = f"{resource['module']}." if "module" in resource else ""
        for instance in resource["instances"]:
            if "deposed" not in instance:
                index = f"[{_key(instance['index_key'])}]" if "index_key" in instance else ""
                address = f"{module}{resource['type']}.{resource['name']}{index}"
                yield StateResource(address, resource["type"], instance.get("attributes") or {})


def _key(key: str | int) -> str:
    """A key of count or for_each as Terraform writes it in an address, where ${ begins no template."""
    return json.dumps(key, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def _of_module(module: Mapping[str, Any]) -> Iterator[StateResource]:
    for resource in module.get("resources", ()):
        if resource["mode"] == "managed":
            yield StateResource(resource["address"], resource["type"], resource.get("values") or {})
    for child in module.get("child_modules", ()):
        yield from _of_module(child)
