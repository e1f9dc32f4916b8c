"""A Terraform stack with state and state lock in S3, and one AWS provider."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from constructs_lib.engine.ahead import built_ahead
from constructs_lib.engine.leaving import leave
from constructs_lib.failures import SynthesisError
from constructs_lib.output import output_directory, replace, writing
from constructs_lib.place import Place
from constructs_lib.role import BOUNDARY

from cdktf import App, S3Backend, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

__all__ = [
    "App",
    "Block",
    "Stack",
    "StateLocation",
    "SynthesisError",
    "UnknownStackError",
    "add_blocks",
    "leave",
    "synthesise",
]

Block: TypeAlias = Mapping[str, object]


class UnknownStackError(ValueError):
    """Blocks are given for a stack that does not exist."""


def synthesise(
    build: Callable[[App], object], blocks: Mapping[str, Mapping[str, Sequence[Block]]] | None = None
) -> None:
    """Write the Terraform of every stack that ``build`` adds to an app, below cdktf.out or CDKTF_OUTDIR.

    The files are written at the end, each as a whole. Raises SynthesisError if they cannot be written, or if
    Node does not work.

    build: is called a second time, with another app, where a resource cannot be made, and what it raises then
        is raised. So it should do nothing else.
    blocks: what happens to resources that exist: ``import``, ``moved`` and ``removed`` blocks, by stack and
        kind. Raises UnknownStackError for a stack that is not in the app. Default: none.
    """

    def built() -> App:
        app = App(outdir=str(output))
        build(app)
        for name, kinds in (blocks or {}).items():
            stack = app.node.try_find_child(name)
            if not isinstance(stack, TerraformStack):
                raise UnknownStackError(f"no stack is named {name}")
            for kind, more in kinds.items():
                add_blocks(stack, kind, more)
        return app

    directory = output_directory()
    with ExitStack() as ending:
        with writing(directory):
            made = TemporaryDirectory(prefix="synthesis-", ignore_cleanup_errors=True)
            output = Path(ending.enter_context(made))
        app = built_ahead(built)
        with writing(directory):
            app.synth()
            replace(directory, output)


def add_blocks(stack: TerraformStack, kind: str, blocks: Sequence[Block]) -> None:
    """Add Terraform blocks of a kind, such as ``removed``, to a stack, after those that it has."""
    added: dict[str, list[Block]] = stack.__dict__.setdefault("_added_blocks", {})
    added.setdefault(kind, []).extend(blocks)
    stack.add_override(kind, added[kind])  # it replaces what an earlier call set


@dataclass(frozen=True)
class StateLocation:
    """Where a stack's state is: a versioned bucket, the bucket's region, the object's key."""

    bucket: str
    region: str
    key: str


class Stack(TerraformStack):
    """A stack of one account and region.

    account: the only account that the provider works in; it refuses credentials of any other.
    region: the region of the resources. Constructs read account and region from the stack: see ``place``.
    state: the object that holds the state. The lock is an object beside it (``.tflock``), which needs
        Terraform 1.10 (developer.hashicorp.com/terraform/language/backend/s3).
    tags: on every resource that can have tags.
    provider_version: the version of hashicorp/aws that Terraform installs. Default: the version that the
        bindings were made from.
    permissions_boundary: the ARN of the permissions boundary of every ``Role`` in the stack. Default: none.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        account: str,
        region: str,
        state: StateLocation,
        tags: Mapping[str, str],
        provider_version: str | None = None,
        permissions_boundary: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self.place = Place(account, region)
        if permissions_boundary:
            self.node.set_context(BOUNDARY, permissions_boundary)
        self.provider = AwsProvider(
            self, "aws", region=region, allowed_account_ids=[account], default_tags=[{"tags": dict(tags)}]
        )
        self.backend = S3Backend(self, bucket=state.bucket, key=state.key, region=state.region, encrypt=True)
        # Set in one call, because every call goes to the Node process. cdktf 0.21 has no use_lockfile.
        terraform = {"backend": {"s3": {"use_lockfile": True}}, "required_version": ">= 1.10"}
        if provider_version:
            pin = {"source": "hashicorp/aws", "version": provider_version}
            terraform["required_providers"] = {"aws": pin}
        self.add_override("terraform", terraform)
