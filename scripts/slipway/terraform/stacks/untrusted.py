"""Checks untrusted synthesised stacks before Terraform reads them with credentials. Pure.

A stack's JSON determines what Terraform downloads, runs, reads and connects to, already at ``init`` and
``plan``: providers and modules are programs, ``external`` runs one, a provider's settings can send a token
to any host, ``file()`` can read credentials on the runner. So only what this project's own stacks contain is
allowed; everything else is refused, even if it is not known to be dangerous.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from modules.config.adopted import MODULES

# Of Terraform's built-in provider; its data source terraform_remote_state is not allowed.
BUILT_IN = ("resource", "terraform_data")
BLOCKS = {"//", "terraform", "provider", "resource", "data", "output", "locals", "variable"}
BLOCKS |= {"moved", "import", "removed"}  # not "check": it can contain data sources
TERRAFORM = {"backend", "required_providers", "required_version"}
PROVIDER = {"alias", "allowed_account_ids", "default_tags", "ignore_tags", "max_retries", "region"}
BACKEND = {"bucket", "key", "region", "encrypt", "kms_key_id", "use_lockfile"}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")

# Terraform allows comments between a function's name and its parenthesis.
READS_FILES = re.compile(
    r"\b(file|file(?:base64|exists|set|md5|sha\d+)(?:sha\d+)?|templatefile|templatestring|pathexpand|abspath)"
    r"(?:\s|/\*.*?\*/|(?:#|//)[^\n]*\n)*\(",
    re.DOTALL,
)
TEMPLATES = ("${", "%{")


@dataclass(frozen=True)
class Allowed:
    """What a stack may use. providers: exact versions by source. bucket, region: of its state.

    prefix: of its state's key.
    """

    providers: Mapping[str, str]
    bucket: str
    region: str
    prefix: str


class _RepeatedError(ValueError):
    """A key is repeated: Terraform would read both values, this check only one."""


def parse(text: str) -> dict[str, object]:
    """Parse a JSON object. Raises ValueError or TypeError: not JSON, not an object, or a repeated key."""
    document = json.loads(text, object_pairs_hook=_once)
    if not isinstance(document, dict):
        raise TypeError("it is not a JSON object")
    return document


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RepeatedError("a key is repeated in an object")
    return found


def problems(stack: str, document: Mapping[str, object], allowed: Allowed) -> tuple[str, ...]:
    """Reasons why a stack must not be planned with credentials; empty if it may be."""
    return tuple(
        dict.fromkeys(
            (
                *(f"the block {name!r} is not allowed" for name in sorted(set(document) - BLOCKS)),
                *_of_terraform(stack, document, allowed),
                *_of_providers(document),
                *_of_resources(document),
                *_of_addresses(document),
                *_of_anything(document),
            )
        )
    )


def _of_terraform(stack: str, document: Mapping[str, object], allowed: Allowed) -> Iterator[str]:
    terraform = _object(document.get("terraform", {}))
    if terraform is None:
        yield "terraform is not a single object"
        return
    yield from (f"terraform.{name} is not allowed" for name in sorted(set(terraform) - TERRAFORM))
    required = _object(terraform.get("required_providers", {}))
    if required is None:
        yield "terraform.required_providers is not a single object"
    for name, wanted in (required or {}).items():
        yield from _of_requirement(name, wanted, allowed)
    yield from _of_backend(stack, terraform.get("backend"), allowed)


def _of_requirement(name: str, wanted: object, allowed: Allowed) -> Iterator[str]:
    """Allow only the pinned providers: a provider is a program that runs with the credentials."""
    source, version = (wanted.get("source"), wanted.get("version")) if isinstance(wanted, dict) else ("", "")
    extra = set(wanted) - {"source", "version"} if isinstance(wanted, dict) else {"?"}
    full = f"hashicorp/{source}" if isinstance(source, str) and "/" not in source else source
    pinned = allowed.providers.get(str(full))
    if pinned is None or extra or name != str(full).rpartition("/")[2]:
        yield f"the provider {name!r} from {source!r} is not one of {', '.join(sorted(allowed.providers))}"
    elif version != pinned:
        yield f"the provider {name!r} has version {version!r}; allowed is {pinned}"


def _of_backend(stack: str, backend: object, allowed: Allowed) -> Iterator[str]:
    """Allow only the project's state: Terraform downloads the providers that a state names."""
    s3 = _object(backend.get("s3")) if isinstance(backend, dict) and set(backend) == {"s3"} else None
    if s3 is None:
        yield "the backend is not S3"
        return
    yield from (f"the backend's {name!r} is not allowed" for name in sorted(set(s3) - BACKEND))
    place = {"bucket": allowed.bucket, "region": allowed.region, "key": f"{allowed.prefix}{stack}.tfstate"}
    for name, value in place.items():
        if s3.get(name) != value:
            yield f"the backend's {name} is {s3.get(name)!r}; allowed is {value!r}"


def _of_providers(document: Mapping[str, object]) -> Iterator[str]:
    """Allow only harmless settings: others can run a program, read a file or send a token to a host."""
    providers = _object(document.get("provider", {}))
    if providers is None:
        yield "provider is not a single object"
    for name, configured in (providers or {}).items():
        for settings in configured if isinstance(configured, list) else [configured]:
            extra = sorted(set(settings) - PROVIDER) if isinstance(settings, dict) else ["?"]
            yield from (
                f"the setting {argument!r} of the provider {name!r} is not allowed" for argument in extra
            )


def _of_resources(document: Mapping[str, object]) -> Iterator[str]:
    """Allow only types of required providers: Terraform downloads the provider of any other type."""
    required = _required(document)
    for block in ("resource", "data"):
        types = _object(document.get(block, {}))
        if types is None:
            yield f"{block} is not a single object"
        for kind, named in (types or {}).items():
            if kind.partition("_")[0] not in required and (block, kind) != BUILT_IN:
                yield f"{block} {kind!r} needs a provider that the stack does not require"
            yield from _of_bodies(f"{block} {kind}", named, required)


def _of_bodies(what: str, named: object, providers: Collection[str]) -> Iterator[str]:
    resources = _object(named)
    if resources is None:
        yield f"{what} is not a single object"
    for name, body in (resources or {}).items():
        if not isinstance(body, dict):
            yield f"{what}.{name} is not a single object"
        elif str(body.get("provider", "")).partition(".")[0] not in {"", *providers}:
            yield f"{what}.{name} uses a provider that the stack does not require"


def _of_addresses(document: Mapping[str, object]) -> Iterator[str]:
    """Check imports and removals: they need a resource type's provider even without such a resource."""
    required = _required(document)
    for block, argument, others in (("import", "to", {"id", "for_each"}), ("removed", "from", {"lifecycle"})):
        found = document.get(block, [])
        for entry in found if isinstance(found, list) else [found]:
            body = _object(entry) or {}
            address = str(body.get(argument, ""))
            kind = MODULES.sub("", address, count=1).partition(".")[0]
            if kind.partition("_")[0] not in required and ("resource", kind) != BUILT_IN:
                yield f"{block} of {address!r} needs a provider that the stack does not require"
            yield from (
                f"{name!r} is not allowed in {block} of {address!r}"
                for name in sorted({*body} - {argument, *others})
            )


def _of_anything(document: Mapping[str, object]) -> Iterator[str]:
    """Refuse provisioners and functions that read files, anywhere in the document."""
    for path, value in _walk(document):
        if path[0] in {"resource", "removed"} and path[-1] == "provisioner":
            yield f"{'.'.join(path)}: provisioners are not allowed"
        if isinstance(value, str) and any(mark in value for mark in TEMPLATES):
            found = READS_FILES.search(value)
            if found:
                yield f"{'.'.join(path)}: {found[1]}() is not allowed, because it reads local files"


def _walk(document: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Every value and key below the top level, with its path; Terraform evaluates keys as templates too."""
    pending: list[tuple[tuple[str, ...], object]] = [
        ((name,), value) for name, value in document.items() if name != "//"
    ]
    while pending:
        path, value = pending.pop()
        yield path, value
        if isinstance(value, dict):
            pending += [((*path, key), child) for key, child in value.items()]
            pending += [((*path, "key"), key) for key in value]
        elif isinstance(value, list):
            pending += [((*path, str(number)), child) for number, child in enumerate(value)]


def _required(document: Mapping[str, object]) -> Mapping[str, object]:
    """The stack's required providers, by name."""
    terraform = _object(document.get("terraform", {})) or {}
    return _object(terraform.get("required_providers", {})) or {}


def _object(value: object) -> dict[str, object] | None:
    return value if isinstance(value, dict) else None
