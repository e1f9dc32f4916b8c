"""What `slipway adopt` finds of all stacks that the real Terraform applied: everything, by the right ids."""

import pytest

from slipway.adopt.search import Outcome, Search
from slipway.adopt.stack import PlannedStack
from slipway.adopt.stack_adoption import StackAdoption, remarks, require_one_deployment_group
from slipway.adopt.state import import_ids
from slipway.aws.existing.wanted import Reader
from slipway.checkout import project as checkout
from slipway.terraform.stacks.manifest import read
from slipway.terraform.state import contents
from slipway.terraform.state.bucket import StateBucket
from tests.integration.applied_pipeline import AppliedPipeline
from tests.security import applying
from tests.security.asked import NOTHING, SERVICES
from tests.security.recorded import ACTIONS
from tests.slipway.recorded import Call, recorded

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(1500)]

NOT_FOUND = {
    "aws_acm_certificate_validation": Outcome.NOT_SEARCHED,
    "aws_sns_topic_subscription": Outcome.ABSENT,  # nobody has confirmed it
}


def test_everything_that_was_applied_is_found_by_the_id_that_its_state_has(
    applied_pipeline: AppliedPipeline,
) -> None:
    project = checkout.find(applied_pipeline.project.root)
    aws = applied_pipeline.aws
    bucket = StateBucket.of(aws, project.settings, project.names)
    wrong, searched, remarked = [], 0, set[str]()
    with recorded() as calls:
        for stack in read(applied_pipeline.directory / "cdktf.out"):
            state = contents.of_stack(bucket, project.names.state_key(stack.name))
            search = Search(Reader(aws), {}, {})
            candidates = search.all(PlannedStack.read(stack.directory, search.find))
            for found in candidates:
                searched += 1
                wanted = NOT_FOUND.get(found.type, Outcome.FOUND)
                ids = import_ids(state[found.address])
                if found.outcome is not wanted or (found.id and found.id not in ids):
                    wrong.append((found, ids))
            adoption = StackAdoption(stack.name, candidates)
            require_one_deployment_group(aws, (adoption,))
            remarked.update(remarks(aws, adoption))

    assert wrong == []
    assert searched > 200
    assert remarked == set()
    assert not [call.name for call in calls if call.changes]
    actions = {ACTIONS.get(name, name) for call in calls if (name := _name(call)) not in NOTHING}
    assert actions - applying.allowed("person") == set()
    assert set(applying.ADOPTING) - actions == set()


def _name(call: Call) -> str:
    """The call as IAM names its service."""
    return f"{SERVICES.get(call.service, call.service)}:{call.operation}"
