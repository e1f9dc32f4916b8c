"""The section of the scanners: what they looked at, what they found, and why that is meant to be so."""

from tests.security.page.markdown import code, codes, table
from tests.security.scan.scanned import scanned
from tests.security.scan.suppressions import Suppression, suppressions
from tests.settings import variants


def section() -> str:
    """Results from the record that the scanning tests keep; suppressions from their file."""
    record = scanned()
    version = {each["version"] for each in record.values()}
    counts = [(name, str(len(each["failed"])), str(len(each["suppressed"]))) for name, each in record.items()]
    heads = ("checkov looked at", "checks that failed", "suppressions that covered a finding")
    return f"""## Scanned

checkov {" and ".join(version)} looks at plans that the real Terraform and AWS provider make, with all its
checks for AWS: of the committed pipeline, of the state bucket as `slipway bootstrap` makes it, and of a
matrix in which every two ways of two settings meet (`tests/integration/test_scan.py`). parliament lints
every policy of {len(variants())} kinds of settings (`tests/security/scan/test_lint.py`).

{table(heads, counts)}

What fails and is meant to, stands with its reason in `tests/security/scan/suppressions.toml`. One that
covers nothing any more fails a test.

{table(("check", "at", "why it is meant so"), map(_checkov, suppressions("checkov")))}

{table(("parliament", "at", "said", "why it is meant so"), map(_parliament, suppressions("parliament")))}

**What checkov cannot see.** A plan says of some values only that they will be known after the apply;
checkov then passes, or says nothing. Of the committed pipeline's policies these are so, because the ARN of
a key, a log group, a provider or a connection stands in them; parliament and the evaluations on this page
read them as synthesised, with the ARNs that they will have:

{codes(_unknown())}

It does not know either what a name of ours leads to in another stack (the topic, the key's alias), nor
what the host's scripts do. It has no check for most of CodeDeploy and CodePipeline: see the rules of our
own."""


def _checkov(one: Suppression) -> tuple[str, ...]:
    return code(one.check), code(one.path), one.reason


def _parliament(one: Suppression) -> tuple[str, ...]:
    return one.check, code(one.path), code(one.said), one.reason


def _unknown() -> list[str]:
    return sorted({path for each in scanned().values() for path in each["unknown"]})
