"""What somebody else synthesised, looked at before Terraform, which holds credentials, reads it. Pure.

A stack's JSON chooses what Terraform downloads, runs, reads and talks to, already at ``init`` and
``plan``: providers and modules are programs, ``external`` runs one, a provider's settings can send a token
to any host, ``file()`` shows the credentials in the runner's own environment. So only what our own stacks
are made of passes; everything else is refused, whether it is known to be dangerous or not.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

BUILT_IN = ("resource", "terraform_data")  # of Terraform's own provider; terraform_remote_state is its other
BLOCKS = {"//", "terraform", "provider", "resource", "data", "output", "locals", "variable"}
BLOCKS |= {"moved", "import", "removed"}  # a check could hold data sources of its own
TERRAFORM = {"backend", "required_providers", "required_version"}
PROVIDER = {"alias", "allowed_account_ids", "default_tags", "ignore_tags", "max_retries", "region"}
BACKEND = {"bucket", "key", "region", "encrypt", "kms_key_id", "use_lockfile"}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")

# Terraform skips comments between a function's name and its parenthesis.
READS_FILES = re.compile(
    r"\b(file|file(?:base64|exists|set|md5|sha\d+)(?:sha\d+)?|templatefile|templatestring|pathexpand|abspath)"
    r"(?:\s|/\*.*?\*/|(?:#|//)[^\n]*\n)*\(",
    re.DOTALL,
)
TEMPLATES = ("${", "%{")


@dataclass(frozen=True)
class Allowed:
    """What a stack may use. providers: source to exact version. bucket, region: where its state lies.

    prefix: how its state's key begins.
    """

    providers: Mapping[str, str]
    bucket: str
    region: str
    prefix: str


class _RepeatedError(ValueError):
    """Terraform would read both of two equal keys, this check only one."""


def parse(text: str) -> dict[str, object]:
    """The JSON object in a text. Raises ValueError: not JSON, not an object, or a key that is repeated."""
    document = json.loads(text, object_pairs_hook=_once)
    if not isinstance(document, dict):
        raise TypeError("it holds no object")
    return document


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RepeatedError("a key stands twice in one object")
    return found


def problems(stack: str, document: Mapping[str, object], allowed: Allowed) -> tuple[str, ...]:
    """Why a stack must not be planned with credentials; nothing, if it may."""
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
    yield from (f"terraform.{name} is not expected" for name in sorted(set(terraform) - TERRAFORM))
    required = _object(terraform.get("required_providers", {}))
    if required is None:
        yield "terraform.required_providers is not a single object"
    for name, wanted in (required or {}).items():
        yield from _of_requirement(name, wanted, allowed)
    yield from _of_backend(stack, terraform.get("backend"), allowed)


def _of_requirement(name: str, wanted: object, allowed: Allowed) -> Iterator[str]:
    """A provider is a program that runs with our credentials: only those that are named, as pinned."""
    source, version = (wanted.get("source"), wanted.get("version")) if isinstance(wanted, dict) else ("", "")
    extra = set(wanted) - {"source", "version"} if isinstance(wanted, dict) else {"?"}
    full = f"hashicorp/{source}" if isinstance(source, str) and "/" not in source else source
    pinned = allowed.providers.get(str(full))
    if pinned is None or extra or name != str(full).rpartition("/")[2]:
        yield f"the provider {name!r} from {source!r} is not one of {', '.join(sorted(allowed.providers))}"
    elif version != pinned:
        yield f"the provider {name!r} in version {version!r}; here it is {pinned}"


def _of_backend(stack: str, backend: object, allowed: Allowed) -> Iterator[str]:
    """A state names the providers that Terraform downloads for it: it is read from our bucket only."""
    s3 = _object(backend.get("s3")) if isinstance(backend, dict) and set(backend) == {"s3"} else None
    if s3 is None:
        yield "its state is not kept in S3"
        return
    yield from (f"the backend's {name!r} is not expected" for name in sorted(set(s3) - BACKEND))
    place = {"bucket": allowed.bucket, "region": allowed.region, "key": f"{allowed.prefix}{stack}.tfstate"}
    for name, value in place.items():
        if s3.get(name) != value:
            yield f"the backend's {name} is {s3.get(name)!r}; here it is {value!r}"


def _of_providers(document: Mapping[str, object]) -> Iterator[str]:
    """A provider's settings can name a program to run, a file to read, a host to send a token to."""
    providers = _object(document.get("provider", {}))
    if providers is None:
        yield "provider is not a single object"
    for name, configured in (providers or {}).items():
        for each in configured if isinstance(configured, list) else [configured]:
            extra = sorted(set(each) - PROVIDER) if isinstance(each, dict) else ["?"]
            yield from (f"the provider {name!r} is given {argument!r}" for argument in extra)


def _of_resources(document: Mapping[str, object]) -> Iterator[str]:
    """Whatever a type belongs to is downloaded, named or not."""
    required = _required(document)
    for block in ("resource", "data"):
        types = _object(document.get(block, {}))
        if types is None:
            yield f"{block} is not a single object"
        for kind, named in (types or {}).items():
            if kind.partition("_")[0] not in required and (block, kind) != BUILT_IN:
                yield f"{block} {kind!r} needs a provider that the stack does not name"
            yield from _of_bodies(f"{block} {kind}", named, required)


def _of_bodies(what: str, named: object, providers: Collection[str]) -> Iterator[str]:
    resources = _object(named)
    if resources is None:
        yield f"{what} is not a single object"
    for name, body in (resources or {}).items():
        if not isinstance(body, dict):
            yield f"{what}.{name} is not a single object"
        elif str(body.get("provider", "")).partition(".")[0] not in {"", *providers}:
            yield f"{what}.{name} asks for a provider of its own"


def _of_addresses(document: Mapping[str, object]) -> Iterator[str]:
    """An import asks for the provider of what it names, even where no such resource is configured."""
    required = _required(document)
    for block, argument, others in (("import", "to", {"id", "for_each"}), ("removed", "from", {"lifecycle"})):
        found = document.get(block, [])
        for each in found if isinstance(found, list) else [found]:
            body = _object(each) or {}
            address = str(body.get(argument, ""))
            kind = address.partition(".")[0]
            if kind.partition("_")[0] not in required and ("resource", kind) != BUILT_IN:
                yield f"{block} of {address!r} needs a provider that the stack does not name"
            yield from (
                f"{block} of {address!r} has {name!r}" for name in sorted({*body} - {argument, *others})
            )


def _of_anything(document: Mapping[str, object]) -> Iterator[str]:
    """What is refused wherever it stands."""
    for path, value in _walk(document):
        if path[0] in {"resource", "removed"} and path[-1] == "provisioner":
            yield f"{'.'.join(path)}: nothing may be run"
        if isinstance(value, str) and any(mark in value for mark in TEMPLATES):
            found = READS_FILES.search(value)
            if found:
                yield f"{'.'.join(path)}: {found[1]}() reads what lies on the machine that plans"


def _walk(document: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Every value and key below the top, with its path; keys are templates to Terraform, too."""
    pending: list[tuple[tuple[str, ...], object]] = [
        ((name,), value) for name, value in document.items() if name != "//"
    ]
    while pending:
        path, value = pending.pop()
        yield path, value
        if isinstance(value, dict):
            pending += [((*path, key), each) for key, each in value.items()]
            pending += [((*path, "key"), key) for key in value]
        elif isinstance(value, list):
            pending += [((*path, str(number)), each) for number, each in enumerate(value)]


def _required(document: Mapping[str, object]) -> Mapping[str, object]:
    """The providers that a stack names; what else it says of them is looked at elsewhere."""
    terraform = _object(document.get("terraform", {})) or {}
    return _object(terraform.get("required_providers", {})) or {}


def _object(value: object) -> dict[str, object] | None:
    return value if isinstance(value, dict) else None
