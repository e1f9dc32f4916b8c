"""Statements compared: nothing that gives more goes unsaid, and nothing is said of what stays the same."""

import json
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan_review.iam.compare import MOST_PARTS, TooLargeError, compare
from plan_review.iam.pattern_set import PatternSet
from plan_review.iam.permission_change import Kind
from plan_review.iam.statement import PolicyStatement, parse
from tests.plan_review.policies import Json, policy, statement

ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:Get*", "s3:*", "ecr:PutImage", "*"]
RESOURCES = ["arn:aws:s3:::a/*", "arn:aws:s3:::a/b", "arn:aws:s3:::c", "*"]
SECURE: Json = {"Bool": {"aws:SecureTransport": "true"}}
EITHER: Json = {"StringEquals": {"aws:SourceAccount": ["1", "2"]}}
FIRST: Json = {"StringEquals": {"aws:SourceAccount": "1"}}
CONDITIONS = [None, SECURE, EITHER, FIRST]
some = st.builds(
    lambda actions, resources, condition, effect, but: without(
        statement(sorted(actions), sorted(resources), condition=condition, effect=effect), but
    ),
    st.sets(st.sampled_from(ACTIONS), min_size=1),
    st.sets(st.sampled_from(RESOURCES), min_size=1),
    st.sampled_from(CONDITIONS),
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.sampled_from(["", "", "", "Action", "Resource"]),
)
documents = st.lists(some, max_size=4)


def without(found: Json, key: str) -> Json:
    """The same statement with NotAction or NotResource."""
    return {f"Not{name}" if name == key else name: value for name, value in found.items()}


def listed(value: object) -> list[object]:
    """A statement's list; none, where it has none."""
    return value if isinstance(value, list) else []


def all_but(*actions: str) -> Json:
    """Everything but these actions is allowed."""
    return without(statement(list(actions)), "Action")


def read(*statements: Json) -> tuple[PolicyStatement, ...]:
    return parse(policy(*statements))


def shuffled(statements: Sequence[Json], random: Random) -> list[Json]:
    """The same policy, laid out otherwise: every list in another order, single values without a list."""

    def laid_out(value: object) -> object:
        if isinstance(value, list):
            mixed = random.sample(value, len(value)) + ([value[0]] if random.random() < 0.3 else [])
            return mixed[0] if len(set(mixed)) == 1 else mixed
        return {k: laid_out(v) for k, v in value.items()} if isinstance(value, dict) else value

    mixed = random.sample(list(statements), len(statements))
    return [
        dict(random.sample(list(each.items()), len(each))) | {"Sid": str(n)}
        for n, each in enumerate({k: laid_out(v) for k, v in one.items()} for one in mixed)
    ]


def allows(statements: Sequence[PolicyStatement], action: str, resource: str) -> bool:
    """Whether the Allows without conditions let something be done: a plain reading, to compare with."""

    def within(scope_patterns: tuple[str, ...], but: bool, text: str) -> bool:
        return (
            any(fnmatchcase(text.lower(), scope_pattern.lower()) for scope_pattern in scope_patterns)
            is not but
        )

    return any(
        each.allows
        and not each.conditions
        and within(each.actions.patterns, each.actions.but, action)
        and within(each.resources.patterns, each.resources.but, resource)
        for each in statements
    )


@given(documents, st.randoms(use_true_random=False))
def test_a_policy_that_is_only_laid_out_otherwise_says_nothing(found: list[Json], random: Random) -> None:
    assert compare(read(*found), read(*shuffled(found, random))) == ()


@given(documents)
def test_one_statement_an_action_is_the_same_policy(found: list[Json]) -> None:
    apart = [{**each, "Action": action} for each in found for action in listed(each.get("Action"))]
    together = [each for each in found if "Action" in each]

    assert compare(read(*together), read(*apart)) == ()


@given(documents, st.sampled_from(RESOURCES))
def test_an_action_that_is_added_is_always_said(found: list[Json], resource: str) -> None:
    before = [each for each in found if each["Effect"] == "Allow" and "NotAction" not in each]
    before = [each for each in before if "*" not in listed(each["Action"])]
    added = statement("dynamodb:DeleteTable", resource)

    said = compare(read(*before), read(*before, added))

    assert any(each.kind.gives and "dynamodb:DeleteTable" in each.part.actions.patterns for each in said)


@given(documents, documents)
def test_whatever_can_be_done_newly_is_said(one: list[Json], other: list[Json]) -> None:
    before, after = read(*one), read(*other)
    said = [each.part for each in compare(before, after) if each.kind.gives]

    for action in ("s3:GetObject", "s3:ListBucket", "ecr:PutImage", "iam:PassRole"):
        for resource in ("arn:aws:s3:::a/b", "arn:aws:s3:::a/x", "arn:aws:s3:::c", "other"):
            if allows(after, action, resource) and not allows(before, action, resource):
                assert allows(said, action, resource), f"{action} on {resource}"


@given(documents, documents)
def test_going_back_takes_what_was_given(one: list[Json], other: list[Json]) -> None:
    there, back = compare(read(*one), read(*other)), compare(read(*other), read(*one))

    assert bool(there) == bool(back)
    given_there = {one for each in there if each.kind is Kind.GAINED for one in each.part.parts()}
    lost = [each.part for each in back if each.kind in (Kind.LOST, Kind.NARROWED)]
    taken_back = {one for part in lost for one in part.parts()}
    assert given_there <= taken_back


def one_by_one(before: Sequence[PolicyStatement], after: Sequence[PolicyStatement]) -> dict[str, set[object]]:
    """The same by comparing every part with every statement: slow, and simple."""
    old, new = set(before), set(after)
    left = {part for each in old - new for part in each.parts()}
    come = {part for each in new - old for part in each.parts()}
    gone = {part for part in left if not any(each.covers(part) for each in new)}
    added = {part for part in come if not any(each.covers(part) for each in old)}
    found: dict[str, set[object]] = {"gained": set(), "widened": set(), "narrowed": set(), "lost": set()}
    for parts, others, is_new in ((added, left - come, True), (gone, come - left - added, False)):
        for part in parts:
            within = any(part.covers(other) for other in others)
            kinds = ("widened", "gained") if part.allows is is_new else ("narrowed", "lost")
            found[kinds[0] if within else kinds[1]].add(part)
    return found


@given(documents, documents)
def test_it_is_what_comparing_every_part_with_every_statement_finds(
    one: list[Json], other: list[Json]
) -> None:
    before, after = read(*one), read(*other)
    found: dict[str, set[object]] = {"gained": set(), "widened": set(), "narrowed": set(), "lost": set()}
    for each in compare(before, after):
        found[each.kind].update(each.part.parts())

    assert found == one_by_one(before, after)


@pytest.mark.parametrize(
    "shape",
    [
        lambda n, version: statement(
            [f"a{n % 5}:{each}" for each in "xyz"], [f"r/{n}/{version}", f"s/{n}/*"]
        ),
        lambda n, version: statement("roles/viewer", principal={"AWS": f"member-{n}-{version}"}),
        lambda n, version: statement([f"a:{n}-{version}-{each}" for each in "xyz"]),
        lambda n, version: statement("a:b", f"r/{n}/{'*' if version else 'one'}"),
        lambda n, version: statement(["a:b", *["a:c"] * version], f"r/{n}"),
    ],
    ids=["resources", "principals", "actions", "wider", "one more action"],
)
def test_comparing_grows_as_policies_do(
    shape: Callable[[int, int], Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    real = PatternSet.covers

    def counted(self: PatternSet, other: PatternSet) -> bool:
        nonlocal looks
        looks += 1
        return real(self, other)

    monkeypatch.setattr(PatternSet, "covers", counted)
    for_size = {}
    for size in (100, 400):
        looks = 0
        assert compare(*(read(*(shape(n, version) for n in range(size))) for version in (0, 1)))
        for_size[size] = looks

    assert for_size[400] <= 5 * for_size[100]
    assert for_size[400] < 20 * 400


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ([], [statement("s3:GetObject")], Kind.GAINED),
        ([statement("s3:GetObject")], [], Kind.LOST),
        ([statement("s3:GetObject")], [statement("s3:Get*")], Kind.WIDENED),
        ([statement("s3:Get*")], [statement("s3:GetObject")], Kind.NARROWED),
        ([statement("s3:GetObject", "a")], [statement("s3:GetObject", "*")], Kind.WIDENED),
        ([statement("s3:GetObject", condition=SECURE)], [statement("s3:GetObject")], Kind.WIDENED),
        (
            [statement("a:b", condition=FIRST)],
            [statement("a:b", condition=EITHER)],
            Kind.WIDENED,
        ),
        ([statement("a:b", effect="Deny")], [], Kind.GAINED),
        ([], [statement("a:b", effect="Deny")], Kind.LOST),
        ([statement("a:*", effect="Deny")], [statement("a:b", effect="Deny")], Kind.WIDENED),
        ([statement("a:b", effect="Deny")], [statement("a:*", effect="Deny")], Kind.NARROWED),
        (
            [all_but("a:*", "b:*")],
            [all_but("a:*")],
            Kind.WIDENED,
        ),
        ([statement("c:*")], [all_but("a:*")], Kind.WIDENED),
        ([statement("*", "x")], [without(statement("*", "y"), "Resource")], Kind.WIDENED),
    ],
)
def test_what_becomes_of_a_permission(before: list[Json], after: list[Json], kind: Kind) -> None:
    assert {each.kind for each in compare(read(*before), read(*after))} == {kind}


def test_a_statement_that_another_covers_says_nothing() -> None:
    wide = statement("s3:*", "*")

    assert compare(read(wide), read(wide, statement(["s3:getobject", "s3:Put*"], "arn:aws:s3:::a/*"))) == ()


def test_not_action_does_not_cover_what_it_leaves_out() -> None:
    most = all_but("iam:*")

    assert compare(read(most), read(most, statement("s3:GetObject"))) == ()
    assert [each.kind for each in compare(read(most), read(most, statement("iam:GetRole")))] == [Kind.GAINED]
    assert [each.kind for each in compare(read(most), read(most, statement("*am:GetRole")))] == [Kind.GAINED]


def test_a_policy_larger_than_any_that_aws_takes_is_not_compared() -> None:
    many = [f"a:{n}" for n in range(MOST_PARTS // 100)]

    with pytest.raises(TooLargeError):
        compare((), parse(json.dumps({"Statement": statement(many, [str(n) for n in range(101)])})))
