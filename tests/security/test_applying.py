"""The permissions to apply allow exactly the calls of an apply, on this service's resources."""

import pytest

from tests.security import applying
from tests.security.applying import MADE_ANYWHERE, Known, allowed, asked, known, names, question
from tests.security.evaluation import Decision, evaluate
from tests.security.recorded import recorded

WHO = ("person", "ci")


def test_whatever_applying_and_destroying_were_seen_to_call_a_person_may() -> None:
    assert (recorded("apply") | recorded("destroy")) - allowed("person") == set()


def test_of_every_permission_it_is_known_what_takes_it() -> None:
    """A KeyError contains the action without a source."""
    assert all(isinstance(each, Known) and each.how for each in known())


@pytest.mark.parametrize("how", ["UNSEEN", "CHANGES"])
def test_no_source_stands_there_for_what_is_not_granted(how: str) -> None:
    assert getattr(applying, how).keys() - allowed("person") == set()


def test_what_ci_may_a_person_may() -> None:
    assert allowed("ci") - allowed("person") == set()


@pytest.mark.parametrize("who", WHO)
def test_each_permission_reaches_this_services_resources(who: str) -> None:
    questions = [each.ours for each in asked(who)]
    refused = [
        str(each)
        for each, said in zip(questions, evaluate(questions), strict=True)
        if said is not Decision.ALLOWED
    ]
    assert refused == []


@pytest.mark.parametrize("who", WHO)
def test_and_no_others(who: str) -> None:
    questions = [each.foreign for each in asked(who) if each.action not in MADE_ANYWHERE]
    possible = [
        str(each)
        for each, said in zip(questions, evaluate(questions), strict=True)
        if said is Decision.ALLOWED
    ]
    assert possible == []


def test_there_is_something_to_ask_of_every_action_that_writes() -> None:
    """Or the action is on all resources, with its reason, or on a resource without a name."""
    without = {
        *("acm:AddTagsToCertificate", "acm:RequestCertificate", "autoscaling:DescribeScalingActivities"),
        *applying.ADOPTING,
        *("ec2:DescribeNetworkInterfaces", "iam:CreateServiceLinkedRole", "kms:CreateKey"),
        *("route53:ChangeResourceRecordSets", "route53:GetChange", "sns:SetSubscriptionAttributes"),
        *("elasticloadbalancing:DescribeRules", "sns:Unsubscribe", "ssm:GetParameters"),
    }
    writes = allowed("person") - applying.reads() - {each.action for each in asked("person")} - without
    assert {
        write for write in writes if not write.startswith(("s3:", "codeconnections:", "codestar-"))
    } == set()


IMPOSSIBLE = [(who, *each) for who in WHO for each in applying.IMPOSSIBLE[who]]


@pytest.mark.parametrize(("who", "what", "action", "resource", "more"), IMPOSSIBLE)
def test_this_is_not_possible(who: str, what: str, action: str, resource: str, more: dict[str, str]) -> None:
    [said] = evaluate([question(who, action, resource.format(n=names()), more=more)])
    assert said is not Decision.ALLOWED, what
