"""The section on the scanners: what they scan, what they find, and why findings are intended."""

from tests.security.page.markdown import code, codes, table
from tests.security.scan.scanned import scanned
from tests.security.scan.suppressions import Suppression, suppressions
from tests.settings import variants


def section() -> str:
    """The results that the scanning tests recorded, and the suppressions."""
    record = scanned()
    version = {each["version"] for each in record.values()}
    counts = [(name, str(len(each["failed"])), str(len(each["suppressed"]))) for name, each in record.items()]
    heads = ("scanned plans", "failed checks", "suppressions that match a finding")
    return f"""## Scanner results

checkov {" and ".join(version)} scans plans of the real Terraform and AWS provider with all its checks
for AWS: plans of the committed pipeline, of the state bucket as `slipway bootstrap` creates it, and of
a matrix that combines the values of every two settings (`tests/integration/test_scan.py`). parliament
checks every policy of {len(variants())} kinds of settings (`tests/security/scan/test_lint.py`).

{table(heads, counts)}

Findings that are intended are listed with their reasons in `tests/security/scan/suppressions.toml`.
A test fails if an entry there no longer matches a finding.

{table(("checkov check", "resource", "reason"), map(_checkov, suppressions("checkov")))}

{table(("parliament check", "resource", "finding", "reason"), map(_parliament, suppressions("parliament")))}

**What checkov cannot check.** Some values in a plan are known only after the apply; checkov then
passes or reports nothing. This applies to the following policies of the committed pipeline, because
they contain the ARN of a key, a log group, a provider or a connection. parliament and the evaluations
on this page use the synthesised policies with the ARNs that they will have:

{codes(_unknown())}

checkov also does not know which resource of another stack a name refers to (the topic, the key's
alias), or what the host scripts do. It has no checks for most of CodeDeploy and CodePipeline: see
Slipway's own rules."""


def _checkov(one: Suppression) -> tuple[str, ...]:
    return code(one.check), code(one.path), one.reason


def _parliament(one: Suppression) -> tuple[str, ...]:
    return one.check, code(one.path), code(one.said), one.reason


def _unknown() -> list[str]:
    return sorted({path for each in scanned().values() for path in each["unknown"]})
