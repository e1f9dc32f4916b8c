"""Rules that keep secrets out of the stacks: user data, build variables, Terraform's state."""

import json
import re
from collections.abc import Iterator

from tests.security.rules.rule import Mistake, Stacks, adding, each, rules, setting
from tests.synthesis import Resource, Synthesised, strings

TEMPLATE, PROJECT = "aws_launch_template", "aws_codebuild_project"
LITERAL = re.compile(r'\$\{base64encode\((".*")\)\}', re.DOTALL)
EXPRESSION = re.compile(r"(?<![$%])[$%]\{")
FACTS = {
    *("SERVICE", "ENVIRONMENT", "REGION", "REGISTRY", "REPOSITORY", "HOST_PORT"),
    *("APP_LOG_GROUP", "AGENT_LOG_GROUP", "PARAMETER_PATH", "ARCHITECTURE", "AWS_ACCESS", "LAUNCH_HOOK"),
}
"""The variables of host.env; every principal that can describe the launch template can read them."""
SECRET = re.compile(
    r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_|\bglpat-|\bxox[abp]-"
    r"|(?i:(password|passwd|secret|token|api_?key))\s*[=:]\s*['\"]?[^\s'\"$]{6,}"
)
KEEPS_SECRETS = {
    *(
        "aws_iam_access_key",
        "aws_iam_user_login_profile",
        "aws_secretsmanager_secret_version",
        "aws_ssm_parameter",
    ),
    *("aws_key_pair", "random_password", "tls_private_key", "aws_db_instance"),
}
"""Resources whose secret is in Terraform's state."""


def user_data_is_facts(everything: Synthesised) -> Iterator[str]:
    """User data is known before the apply, and sets only the known variables of host.env."""
    for template in everything.resources(TEMPLATE):
        text = user_data(template)
        if text is None:
            yield f"{template.path}: not a text"
            continue
        _, _, rest = text.partition("/etc/slipway/host.env <<'END_OF_FILE'\n")
        variables = {line.partition("=")[0] for line in rest.partition("END_OF_FILE")[0].splitlines()}
        if variables != FACTS:
            yield f"{template.path}: {sorted(variables ^ FACTS)}"


def no_secret_synthesised(everything: Synthesised) -> Iterator[str]:
    """Nothing in the stacks looks like a key, a token or a password, including decoded user data."""
    for resource in everything.resources():
        texts = [*strings(resource.attributes), *filter(None, [user_data(resource)])]
        yield from (
            f"{resource.path}: {found[0][:12]}..." for text in texts if (found := SECRET.search(text))
        )


def state_keeps_none(everything: Synthesised) -> Iterator[str]:
    """No resource puts a secret into Terraform's state: `slipway config set` writes parameters."""
    for resource in everything.resources(*KEEPS_SECRETS):
        yield resource.path


def builds_are_told_none(everything: Synthesised) -> Iterator[str]:
    """Builds get plain-text variables only, none from Parameter Store or Secrets Manager."""
    for project in everything.resources(PROJECT):
        for variable in project["environment"]["environment_variable"]:
            if variable.get("type", "PLAINTEXT") != "PLAINTEXT":
                yield f"{project.path}: {variable['name']}"


def user_data(template: Resource) -> str | None:
    """A launch template's user data, if it contains no reference that is resolved later; otherwise None."""
    found = LITERAL.fullmatch(str(template.get("user_data")))
    if found is None or EXPRESSION.search(found[1]):
        return None
    text: str = json.loads(found[1])
    return text.replace("$${", "${").replace("%%{", "%{")


def telling(line: str) -> Mistake:
    """A mistake that adds a line to host.env."""

    def mistake(stacks: Stacks) -> None:
        for template in each(stacks, TEMPLATE):
            template["user_data"] = template["user_data"].replace("SERVICE=", f"{line}\\nSERVICE=", 1)

    return mistake


VARIABLE = {"name": "TOKEN", "value": "/my-app/token", "type": "PARAMETER_STORE"}
RULES = rules(
    (
        user_data_is_facts,
        {
            "an additional variable": telling("DATABASE=db.example.com"),
            "a value that is known only after apply": telling("DATABASE=${aws_db_instance.db.address}"),
            "user data in another form": setting(TEMPLATE, user_data="IyEvYmluL2Jhc2g="),
        },
    ),
    (
        no_secret_synthesised,
        {
            "an access key in user data": telling("ID=AKIAIOSFODNN7EXAMPLE"),
            "a password in user data": telling("DATABASE_PASSWORD=hunter22"),
            "a private key for a build": setting(
                PROJECT,
                environment__environment_variable=[{"name": "K", "value": "-----BEGIN PRIVATE KEY-----"}],
            ),
            "a token in a description": setting(PROJECT, description=f"ghp_{'a' * 36}"),
        },
    ),
    (
        state_keeps_none,
        {
            "a parameter with a secret": adding(
                "aws_ssm_parameter", "-staging", name="/a", type="SecureString", value="x"
            )
        },
    ),
    (
        builds_are_told_none,
        {"a variable from Parameter Store": setting(PROJECT, environment__environment_variable=[VARIABLE])},
    ),
)
