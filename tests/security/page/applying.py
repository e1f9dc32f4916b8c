"""docs/permissions.md: what applying takes, how each permission is known, what is not possible."""

from collections.abc import Iterator
from pathlib import Path

from tests.security import applying
from tests.security.page.markdown import code, codes, only_if, short, table

PAGE = Path(__file__).resolve().parents[3] / "docs" / "permissions.md"
TEXT = """# Who may apply

What the credentials need that apply the stacks and take them down: `slipway permissions` prints it for
your `pipeline.toml`, `--json` as one IAM policy, `--into` as files that each fit a managed policy. It
names this service's resources alone, by the names and the tag `service` that every resource here has.

The table is of a pipeline that switches everything on. {recorded} of its {actions} actions were recorded,
from Terraform and the AWS provider, while `slipway demo` applied the committed pipeline to the emulated
AWS and `slipway destroy` took it down (`tests/integration/test_whole_pipeline.py`). The others come from
AWS's pages and from the provider's sources, as the last column says: the emulated AWS asks IAM nothing, so
that it sees no action that AWS asks for because of another one. **Nobody has applied with exactly this
policy yet**: what AWS refuses, its message names, and it belongs here.

`tests/security/test_applying.py` evaluates the policy as IAM does, with AWS's authorization reference:
each action on a resource of this service, and on one like it that is somebody else's.

## Permissions

{permissions}

## Beside this service's resources

A name or a tag cannot narrow these:

{anywhere}

## CI

With `access.apply_subjects` in `pipeline.toml` the access stack makes `<service>-apply`, the role that
[`apply.yml`](../.github/workflows/apply.yml) assumes. It reads what a plan reads, and has the permissions
above without those for the state bucket, for emptying buckets and repositories, and for the access stack,
which a person applies. It takes a `permissions_boundary`: without one, whoever may make roles may do
everything. It may make a role, or give one a policy, only within that boundary; the boundary bounds the
role itself too, so that it has to allow what is above.

## What is not possible

Each is evaluated (`tests/security/test_applying.py`). Whoever applies, a person or CI:

{anybody}

Not by itself, that is: whoever may write the policies of buckets and keys can let somebody into what they
hold. That takes an apply of changed stacks, which a plan's review shows.

CI's role cannot do these either:

{ci}
"""


def page() -> str:
    """The whole page."""
    known = {each.action: each.how for each in applying.known()}
    return TEXT.format(
        recorded=sum(how.startswith("recorded") for how in known.values()),
        actions=len(known),
        permissions=table(("it may", "on", "only if", "how we know"), _rows(known)),
        anywhere=table(
            ("action", "why"), ((code(action), why) for action, why in applying.MADE_ANYWHERE.items())
        ),
        anybody=_impossible(applying.IMPOSSIBLE["person"]),
        ci=_impossible(applying.IMPOSSIBLE["ci"][len(applying.IMPOSSIBLE["person"]) :]),
    )


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
    return table(("impossible", "action"), ((said, code(action)) for said, action, _, _ in what))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
