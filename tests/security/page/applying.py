"""docs/permissions.md: what applying takes, how each permission is known, what is not possible."""

from collections.abc import Iterator
from pathlib import Path

from tests.docs.wrapping import wrapped
from tests.security import applying
from tests.security.page.markdown import code, codes, only_if, short, table

PAGE = Path(__file__).resolve().parents[3] / "docs" / "permissions.md"
TEXT = """# Permissions to apply

The permissions that are needed to apply and to destroy the stacks. `slipway permissions` prints them
for your `pipeline.toml`, with `--json` as one IAM policy, with `--into` as files that each fit into a
managed policy. They apply only to this service's resources, by their names and by the tag `service`,
which every resource here has. It also prints the viewer's permissions
([security.md](security.md)), for `slipway doctor` and `status`.

The table is for a pipeline with all features enabled. {recorded} of its {actions} actions were
recorded from Terraform and the AWS provider, while `slipway demo` applied the committed pipeline to
the emulated AWS and `slipway destroy` destroyed it (`tests/integration/test_whole_pipeline.py`). The
others come from AWS's pages and the provider's source code, as the last column says: the emulated AWS
does not check permissions, so it does not show actions that AWS requires because of another one.
**This policy has not been used on AWS yet.** If AWS refuses a call, its message names the missing
action: please report it.

`tests/security/test_applying.py` evaluates the policy as IAM does, with AWS's authorization reference:
each action on a resource of this service, and on a similar resource of another one.

## Permissions

{permissions}

## Actions on all resources

A name or a tag cannot limit these:

{anywhere}

## CI

With `access.apply_subjects` in `pipeline.toml` the access stack creates `<service>-apply`, the role
that [`apply.yml`](../.github/workflows/apply.yml) assumes. It has the permissions of the plan role and
those above, except for the state bucket, for emptying buckets and repositories, and for the access
stack, which a person applies. It requires a `permissions_boundary`, because a role that can create
roles without a boundary can obtain every permission. It may create a role, or give one a policy, only
within that boundary; the boundary also applies to the role itself, so it must allow what is above.

## Denied requests

Each row is evaluated (`tests/security/test_applying.py`). For a person and for CI:

{anybody}

This is what the permissions allow directly. A role that can write the policies of buckets and keys
can give others access to their contents. That requires an apply of changed stacks, which the review
of the plan shows.

CI's role also cannot do these:

{ci}
"""


def page() -> str:
    """The whole page."""
    known = {each.action: each.how for each in applying.known()}
    text = TEXT.format(
        recorded=sum(how.startswith("recorded") for how in known.values()),
        actions=len(known),
        permissions=table(("actions", "resources", "conditions", "source"), _rows(known)),
        anywhere=table(
            ("action", "reason"), ((code(action), why) for action, why in applying.MADE_ANYWHERE.items())
        ),
        anybody=_impossible(applying.IMPOSSIBLE["person"]),
        ci=_impossible(applying.IMPOSSIBLE["ci"][len(applying.IMPOSSIBLE["person"]) :]),
    )
    return wrapped(text)


def _rows(known: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for statement in applying.statements("person"):
        by_source: dict[str, list[str]] = {}
        for action in statement.actions:
            by_source.setdefault(known[action], []).append(action)
        rendered = statement.render()
        conditions = "<br>".join(only_if(rendered))
        for how, actions in by_source.items():
            yield codes(actions), codes(map(short, statement.resources)), conditions, how


def _impossible(what: tuple[applying.Impossible, ...]) -> str:
    return table(("denied request", "action"), ((said, code(action)) for said, action, _, _ in what))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
