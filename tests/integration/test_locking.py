"""Two applies of one stack at the same time, with the real S3 backend: no update is lost."""

import asyncio
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from local.emulator import overrides
from local.emulator.process import Emulator
from slipway.aws.clients import Aws
from slipway.console.errors import SlipwayError
from slipway.terraform.events import Event, Started
from slipway.terraform.settings import terraform_environment
from slipway.terraform.workspace import Workspace
from tests.integration.pipelines import REGION, STAGING, STATE_BUCKET, small, waiting

pytestmark = pytest.mark.integration
SECONDS = 3.0  # that the apply which wins takes, at least


@pytest.fixture
def people(
    root: Path, emulated: Emulator, terraform: str, request: pytest.FixtureRequest
) -> tuple[Path, Path]:
    """Two people's checkouts of one stack, initialised; its state is empty."""
    aws = Aws(REGION, emulated.environment)
    if not aws.s3.list_buckets()["Buckets"]:
        aws.s3.create_bucket(Bucket=STATE_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    aws.s3.delete_object(Bucket=STATE_BUCKET, Key=f"my-app/{STAGING}.tfstate")
    project = small(root, emulated.environment, {STAGING: waiting(SECONDS)})
    checkouts = (root / "ana", root / "ben")
    for checkout in checkouts:
        shutil.copytree(project.root / "ready", checkout)
        overrides.write(checkout)
        asyncio.run(workspace(checkout, emulated).init())
    return checkouts


class Watch:
    """Knows when work on a resource has begun."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    def __call__(self, event: Event) -> None:
        if isinstance(event, Started):
            self.begun.set()


def workspace(
    checkout: Path, emulated: Emulator, watch: Watch | None = None, lock_timeout: int = 0
) -> Workspace:
    environment = terraform_environment(checkout, emulated.environment)
    return Workspace(checkout / "stacks" / STAGING, environment, watch or (lambda _event: None), lock_timeout)


async def together(
    people: tuple[Path, Path], emulated: Emulator, lock_timeout: int
) -> list[int | SlipwayError]:
    """How many resources each added; the second begins when the first is in the middle of it."""
    watch = Watch()
    first = asyncio.create_task(added(workspace(people[0], emulated, watch)))
    await watch.begun.wait()
    second = await added(workspace(people[1], emulated, None, lock_timeout))
    return [await first, second]


async def added(stack: Workspace) -> int | SlipwayError:
    try:
        return (await stack.apply()).counted.added
    except SlipwayError as error:
        return error


def test_one_wins_and_the_other_is_told_who_holds_the_lock(
    people: tuple[Path, Path], emulated: Emulator
) -> None:
    first, second = asyncio.run(together(people, emulated, 0))
    assert first == 1
    assert isinstance(second, SlipwayError)
    assert second.what == f"the state of {STAGING} is locked"
    assert "holds the lock since" in second.why
    assert second.why.endswith("for an apply")
    assert f"terraform -chdir={people[1] / 'stacks' / STAGING} force-unlock " in second.then
    assert asyncio.run(workspace(people[1], emulated).check()) == ()


def test_whoever_waits_for_the_lock_finds_the_others_work_done(
    people: tuple[Path, Path], emulated: Emulator
) -> None:
    assert asyncio.run(together(people, emulated, 60)) == [1, 0]


def test_a_lock_that_does_not_say_whose_it_is_goes_with_the_line_that_is_printed(
    people: tuple[Path, Path], emulated: Emulator
) -> None:
    aws = Aws(REGION, emulated.environment)
    aws.s3.put_object(Bucket=STATE_BUCKET, Key=f"my-app/{STAGING}.tfstate.tflock", Body=b"")

    refused = asyncio.run(added(workspace(people[0], emulated)))
    assert isinstance(refused, SlipwayError)
    assert refused.what == f"the state of {STAGING} is locked, but the lock does not name its holder"
    assert "-lock=false" not in str(refused)

    line = shlex.split(refused.then.splitlines()[-1])
    subprocess.run(line, env=emulated.environment, check=True, capture_output=True)
    assert asyncio.run(added(workspace(people[0], emulated))) == 1
