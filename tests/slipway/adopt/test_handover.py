"""What another configuration gives up: whole resources by blocks, single instances by commands."""

from slipway.adopt.handover import handover
from slipway.terraform.state.contents import StateResource

VPC = StateResource("module.net[0].aws_vpc.main", "aws_vpc", {"id": "vpc-1"})
A = StateResource('aws_subnet.own["a"]', "aws_subnet", {"id": "subnet-1"})
B = StateResource('aws_subnet.own["b"]', "aws_subnet", {"id": "subnet-2"})
POLICY = StateResource("aws_iam_role_policy.p", "aws_iam_role_policy", {"role": "host", "name": "pull"})
TOPIC = StateResource("aws_sns_topic.t", "aws_sns_topic", {"id": "x", "arn": "arn:aws:sns:::t"})


def test_what_is_adopted_is_removed_and_not_destroyed() -> None:
    given = handover([VPC, B], [("aws_vpc", "vpc-1"), ("aws_subnet", "vpc-1")])

    assert list(given.lines()) == [
        "removed {\n  from = module.net.aws_vpc.main\n\n  lifecycle {\n    destroy = false\n  }\n}\n"
    ]


def test_an_id_is_recognised_in_the_form_in_which_terraform_imports_it() -> None:
    given = handover(
        [POLICY, TOPIC], [("aws_iam_role_policy", "host:pull"), ("aws_sns_topic", "arn:aws:sns:::t")]
    )

    assert given.removed == ("aws_iam_role_policy.p", "aws_sns_topic.t")


def test_a_key_may_have_brackets_and_quotes() -> None:
    odd = StateResource('module.a["x]y"].aws_subnet.own["\\"]"]', "aws_subnet", {"id": "subnet-3"})

    assert handover([odd], [("aws_subnet", "subnet-3")]).removed == ("module.a.aws_subnet.own",)


def test_of_a_resource_that_stays_in_part_only_instances_are_taken() -> None:
    given = handover([A, B], [("aws_subnet", "subnet-1")])

    assert list(given.lines()) == ["""terraform state rm 'aws_subnet.own["a"]'"""]


def test_a_resource_whose_instances_all_go_is_removed_whole() -> None:
    given = handover([A, B], [("aws_subnet", "subnet-1"), ("aws_subnet", "subnet-2")])

    assert (given.removed, given.instances) == (("aws_subnet.own",), ())


def test_nothing_is_given_up_for_what_is_not_adopted() -> None:
    assert not handover([VPC, A], [("aws_vpc", "vpc-2")])
    assert not handover([], [("aws_vpc", "vpc-1")])
