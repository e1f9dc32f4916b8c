"""Has parliament lint every policy of a pipeline, those of keys, repositories and trust included."""

import json
import warnings
from functools import cache

from tests.security.account import Account
from tests.security.evaluation import Statement
from tests.security.scan.suppressions import Finding

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it imports pkg_resources, which says that it is deprecated
    from parliament import analyze_policy_string


def findings(account: Account) -> list[Finding]:
    """What parliament has to say of an account's policies."""
    return [
        Finding("parliament", check, path, said)
        for path, where, statements in account.documents()
        for check, said in lint(_standing_on(where, statements))
    ]


def lint(statements: tuple[Statement, ...]) -> tuple[tuple[str, str], ...]:
    """Each check that complains of a policy, and what it says; a policy is looked at once."""
    return _lint(json.dumps({"Version": "2012-10-17", "Statement": statements}))


@cache
def _lint(policy: str) -> tuple[tuple[str, str], ...]:
    found = analyze_policy_string(policy).findings
    return tuple(sorted({(each.issue, _words(each.detail)) for each in found}))


def _standing_on(where: str | None, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """A policy that stands on a resource is about that one; parliament wants every statement to say so.

    A key's says ``*``, which means the key; a role's and a repository's say nothing.
    """
    if where is None or ":s3:::" in where or ":sns:" in where:
        return statements
    return tuple({**statement, "Resource": where} for statement in statements)


def _words(detail: object) -> str:
    """What was found, on one line."""
    return detail if isinstance(detail, str) else json.dumps(detail, sort_keys=True)
