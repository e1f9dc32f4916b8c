"""Wrong usage is refused before anything else: no terminal, no credentials and no AWS are needed for it."""

import pytest

from tests.slipway.commands import at_home, slipway
from tests.slipway.recorded import recorded

WRONG = {
    "rollback": "no environment is given",
    "rollback --env nowhere": 'pipeline.toml has no environment "nowhere"',
    "rollback --env prod --to abc": '"abc" is too short for a commit',
    "deploy --env prod": "no commit is given",
    "deploy --env prod --to a": '"a" is too short for a commit',
    "resume --env nowhere": 'pipeline.toml has no environment "nowhere"',
    "approve --env nowhere": 'pipeline.toml has no environment "nowhere"',
    "reject --env nowhere": 'pipeline.toml has no environment "nowhere"',
    "watch --env nowhere": 'pipeline.toml has no environment "nowhere"',
    "status --env nowhere": 'pipeline.toml has no environment "nowhere"',
    "status --watch --json": "--watch and --json cannot be used together",
    "releases --env nowhere": 'pipeline.toml has no environment "nowhere"',
    "logs --env nowhere": 'pipeline.toml has no environment "nowhere"',
    "logs --since yesterday": "--since 'yesterday' is not a valid time",
    "logs --since 99999d": "--since 99999d is before 1970",
    "logs --since 1969-12-31": "--since 1969-12-31 is before 1970",
    "logs --host i-1 --source build": "--host and --source build cannot be used together",
    "config list --env nowhere": 'pipeline.toml has no environment "nowhere"',
    "config get NAME": "no environment is given",
    "config set 1NAME x --env prod": "1NAME cannot be set",
    "config set PORT 80 --env prod": "PORT cannot be set",
    "config delete NAME --env nowhere": 'pipeline.toml has no environment "nowhere"',
    "destroy --env nowhere": 'pipeline.toml has no environment "nowhere"',
    "destroy --env prod --state-bucket": "--state-bucket and --env cannot be used together",
    "destroy --yes another": '--yes is "another"',
}


@pytest.mark.parametrize("command", WRONG)
def test_wrong_usage_is_refused_before_anybody_is_asked_for_anything(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home(monkeypatch)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with recorded() as calls:
        answer = slipway(*command.split())  # standard input is not a terminal
    assert answer.code == 2
    assert answer.words.startswith(f"error: {WRONG[command]}")
    assert answer.data == ""
    assert calls == []
