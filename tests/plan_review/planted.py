"""A plan with a secret in every place that a plan can have one: none may be in anything that is made of it.

No secret stands here in one piece, so that no scanner of repositories takes it for a real one.
"""

import base64
import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

Json = object


@dataclass(frozen=True)
class Secret:
    """A secret, how it got into the plan, and in which resource."""

    text: str
    how: str
    address: str


WORD = "Zq9"  # makes every secret here findable, and none of them a word


def _of(length: int, alphabet: str = "aB3dE5gH7jK9mN2pQ4rS6tU8wX0yZ1") -> str:
    return (WORD + alphabet * 5)[:length]


BEGIN, END = "-----BEGIN %s PRIV" + "ATE KEY-----", "-----END %s PRIV" + "ATE KEY-----"
PEM = f"{BEGIN % 'RSA'}\nMIIEow{_of(60)}\n{_of(30)}\n{END % 'RSA'}"
# How it looks tells that it is one, wherever it stands.
LOOKS = {
    "AWS access key": "AK" + "IA" + "ZQ9EXAMPLEKEY234",
    "AWS secret key": "Zq9rXUtnFEMI/K7MDENG/bPxRfiCYzq9AMPLEK3y",
    "temporary AWS access key": "AS" + "IA" + "ZQ9EXAMPLEKEY567",
    "private key": PEM,
    "OpenSSH private key": BEGIN % "OPENSSH" + "\n" + _of(50),
    "GitHub token": "gh" + "p_" + _of(36),
    "fine-grained GitHub token": "github" + "_pat_" + _of(40),
    "GitLab token": "gl" + "pat-" + _of(20),
    "Slack token": "xo" + "xb-1234567890-" + _of(24),
    "Slack webhook": "https://hooks.slack" + ".com/services/T0" + "ZQ9/B0/" + _of(24),
    "Stripe key": "sk_" + "live_" + _of(24),
    "Google key": "AI" + "za" + _of(35),
    "JSON web token": "ey" + "JhbGciOiJIUzI1NiJ9.ey" + "JzdWIiOiJacTkifQ." + _of(43),
    "npm token": "np" + "m_" + _of(36),
    "PyPI token": "py" + "pi-AgEIcHlwaS5vcmc" + _of(40),
    "SendGrid key": "S" + "G." + _of(22) + "." + _of(43),
    "Vault token": "hv" + "s." + _of(24),
    "Azure storage key": "DefaultEndpointsProtocol=https;AccountName=x;Account" + "Key=" + _of(60) + "==",
    "password in a URL": "postgres://app:" + _of(12) + "@db.internal:5432/app",
    "password in a URL without user": "redis://:" + _of(12) + "@cache:6379/0",
    "token in a URL": "https://" + _of(24) + "@git.example.com/a.git",
    "signed URL": "https://b.s3.amazonaws.com/o?X-Amz-Signature=" + _of(40),
    "header": "Authorization: Bearer " + _of(24),
    "basic authentication": "Authorization: Basic " + base64.b64encode(b"admin:Zq9-in-base64").decode(),
    "hash of a password": "admin:$apr1$" + _of(8) + "$" + _of(22),
}
# What of such a text is the secret itself, where it is not the whole.
PARTS = {
    "password in a URL": _of(12),
    "password in a URL without user": _of(12),
    "token in a URL": _of(24),
    "signed URL": _of(40),
    "header": _of(24),
    "basic authentication": base64.b64encode(b"admin:Zq9-in-base64").decode(),
    "hash of a password": _of(22),
    "Azure storage key": _of(60),
    "private key": _of(60),
    "Slack webhook": _of(24),
}
# A telling name makes a secret of whatever it names.
NAMED = {
    "password": "Zq9-named-password",
    "db_passwd": "Zq9-named-passwd",
    "DATABASE_PASSWORD": "Zq9-named-DATABASE_PASSWORD",
    "masterUserPassword": "Zq9-camel-password",
    "apiKey": "Zq9-named-apiKey",
    "client_secret": "Zq9-client-secret",
    "secret_access_key": "Zq9-secret-access-key",
    "auth_token": "Zq9-auth-token",
    "GITHUB_TOKEN_2": "Zq9-github-token-2",
    "passphrase": "Zq9 correct horse",
    "connection_string": "Zq9-connection-string",
    "private_key_pem": "Zq9-private-key-pem",
    "spring.datasource.password": "Zq9-spring",
    "pin_password": "Zq91",
}
SCRIPTS = {
    "shell": "#!/bin/sh\nexport DB_PASSWORD='Zq9 in quotes'\nrun\n",
    "shell without quotes": "export API_TOKEN=Zq9-in-export; start --verbose",
    "dotenv": "PORT=80\nSECRET_KEY=Zq9-in-dotenv\nDEBUG=0\n",
    "option": "mysql --user root --password Zq9-in-option shop",
    "option with equals": "app --db-password=Zq9-in-option-equals",
    "curl": "curl -u admin:Zq9-in-curl https://example.com",
    "chpasswd": "echo 'root:Zq9-in-chpasswd' | chpasswd",
    "YAML": "users:\n  - name: app\n    password: Zq9 in yaml\n",
    "YAML block": "token: |\n  Zq9-in-block\n  Zq9-second-line\nport: 1\n",
    "JSON in a script": 'echo \'{"user": "a", "password": "Zq9-in-echo"}\' > f',
    "escaped JSON": 'x = "{\\"api_key\\": \\"Zq9-escaped\\"}"',
    "XML": "<server><username>a</username><password>Zq9-in-xml</password></server>",
    "ODBC": "Server=db;User Id=sa;Password=Zq9-in-odbc;",
    "SQL": "CREATE USER app IDENTIFIED BY 'Zq9-in-sql'",
    "Dockerfile": "FROM x\nENV APP_SECRET Zq9-in-env\n",
    "netrc": "machine example.com login app password Zq9-in-netrc",
    "query": "https://example.com/hook?team=a&token=Zq9-in-query&x=1",
}
IN_SCRIPTS = (
    *(
        "Zq9 in quotes",
        "Zq9-in-export",
        "Zq9-in-dotenv",
        "Zq9-in-option",
        "Zq9-in-option-equals",
        "Zq9-in-curl",
    ),
    *("Zq9-in-chpasswd", "Zq9 in yaml", "Zq9-in-block", "Zq9-second-line", "Zq9-in-echo", "Zq9-escaped"),
    *("Zq9-in-xml", "Zq9-in-odbc", "Zq9-in-sql", "Zq9-in-env", "Zq9-in-netrc", "Zq9-in-query"),
)
BASE64 = base64.b64encode(b"#!/bin/sh\nexport PASSWORD=Zq9-in-base64-script\n").decode()
GZIP = base64.b64encode(gzip.compress(b"export PASSWORD=Zq9-in-gzip-script\n" * 3, mtime=0)).decode()
IN_JSON = json.dumps([{"name": "DB_PASSWORD", "value": "Zq9-json-in-base64"}, {"image": "shop"}])
BASE64_OF = {
    "of JSON": base64.b64encode(IN_JSON.encode()).decode(),
    "with the letters for URLs": base64.urlsafe_b64encode(b"???>>> PASSWORD=Zq9-in-url-safe-base64").decode(),
    "without its end": base64.b64encode(b"export PASSWORD=Zq9-unpadded-base64").decode().rstrip("="),
    "of UTF-16": base64.b64encode("$env:PASSWORD='Zq9-in-utf-16'".encode("utf-16-le")).decode(),
    "of zlib": base64.b64encode(zlib.compress(b"PASSWORD=Zq9-in-zlib; exit")).decode(),
    "of base64": base64.b64encode(base64.b64encode(b"export TOKEN=Zq9-in-base64-twice")).decode(),
}
ARRANGED: Mapping[str, Json] = {
    "variable of a container": [{"name": "DB_PASSWORD", "value": "Zq9-container"}],
    "variable of a build": [{"name": "TOKEN", "type": "PLAINTEXT", "value": "Zq9-build"}],
    "JSON in JSON": json.dumps({"inner": json.dumps([{"Name": "API_KEY", "Value": "Zq9-in-json-in-json"}])}),
    "arguments": ["serve", "--admin-password", "Zq9-argument"],
    "block of credentials": {"credentials": [{"username": "a", "password": "Zq9-in-block-of"}]},
    "map of secrets": {"secrets": {"one": "Zq9-in-map"}},
    "key of a map": {"gh" + "o_" + _of(30): 1},
    "base64": BASE64,
    "gzip in base64": GZIP,
    "number": {"door_password": 990099},
}
IN_ARRANGED = (
    *("Zq9-container", "Zq9-build", "Zq9-in-json-in-json", "Zq9-argument", "Zq9-in-block-of", "Zq9-in-map"),
    *("gh" + "o_" + _of(30), BASE64, GZIP, "990099"),
)
# Only Terraform knows that these are secret.
MARKED_BEFORE, MARKED_AFTER = "weak-before-Zq9", "weak-after-Zq9"
ECHO = "Zq9-Echo&of-a-mark"
WRAPPED_ECHO = base64.b64encode(f"#!/bin/sh\nlogin {ECHO}\n".encode()).decode()
ESCAPED_ECHO = json.dumps({"note": f"see {ECHO} there"}).replace("&", "\\u0026")
# What a review must go on to show, though it stands near secrets, or looks a little like one.
SHOWN = {
    "secret_arn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/db-a1B2c3",
    "kms_key_id": "arn:aws:kms:eu-central-1:123456789012:key/12345678-1234-1234-1234-123456789012",
    "http_tokens": "required",
    "password_policy_name": "strict-rules",
    "image": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:" + "0123456789abcdef" * 4,
    "commit": "0123456789abcdef0123456789abcdef01234567",
    "policy": json.dumps(
        {
            "Statement": [
                {
                    "Action": ["secretsmanager:GetSecretValue", "ecr:GetAuthorizationToken"],
                    "Resource": "arn:aws:secretsmanager:*:*:secret:shop/*",
                    "Condition": {
                        "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}
                    },
                }
            ]
        }
    ),
    "url": "https://example.com:8080/path?page=2",
    "key_name": "shop-hosts",
    "authorization": "NONE",
    "environment": [
        {"name": "DB_PASSWORD", "type": "SECRETS_MANAGER", "value": "shop/db:password"},
        {"name": "API_TOKEN", "value": "${token}"},
        {"name": "PORT", "value": "8080"},
    ],
    "description": "Signs requests; the token of the build is kept elsewhere",
}


def secrets() -> tuple[str, ...]:
    """Every text that must be nowhere."""
    looks = (PARTS.get(how, text) for how, text in LOOKS.items())
    marked = (
        *BASE64_OF.values(),
        WRAPPED_ECHO,
        ECHO.replace("&", "\\u0026"),
        MARKED_BEFORE,
        MARKED_AFTER,
        ECHO,
        "nested-Zq9",
        "set-Zq9",
        "shifted-Zq9",
        "output-Zq9",
        "drift-Zq9",
    )
    outputs = ("Zq9-telling-output",)
    return (*looks, *NAMED.values(), *IN_SCRIPTS, *IN_ARRANGED, *marked, *outputs)


def forms(secret: str) -> tuple[str, ...]:
    """A secret as it may stand in some output: itself, and as JSON or a Python literal writes it."""
    return tuple({secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], *_long_lines(secret)})


def text() -> str:
    """The plan, as ``terraform show -json`` would write it."""
    return json.dumps(plan())


def plan() -> Mapping[str, Json]:
    """Each group of secrets in a resource of its own, before, after, or in both."""
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {}},
        "resource_changes": [
            _resource("looks", before=None, after={"values": list(LOOKS.values())}),
            _resource("looked", before={how: f"x {text}" for how, text in LOOKS.items()}, after=None),
            _resource(
                "in_text",
                before={},
                after={"text": "\n\n".join(f"see {look} there" for look in LOOKS.values())},
            ),
            _resource("named", before=NAMED, after={**NAMED, "password": "Zq9-named-password"}),
            _resource("in_json", before={"text": json.dumps(NAMED)}, after={"text": json.dumps([NAMED])}),
            _resource(
                "scripts",
                before=None,
                after={"scripts": list(SCRIPTS.values()), "user_data": SCRIPTS["YAML"]},
            ),
            _resource("arranged", before=ARRANGED, after=None),
            _marked(),
            _shifted(),
            _resource("shown", before=None, after=SHOWN),
            _resource("elsewhere", before=None, after={"note": f"told: {ECHO}.", "same": ECHO}),
            _resource("unpacked", before={}, after=BASE64_OF),
            _resource("wraps", before=None, after={"user_data": WRAPPED_ECHO, "json": ESCAPED_ECHO}),
            _keyed(),
        ],
        "resource_drift": [
            _resource(
                "drifted", before={"token": "drift-Zq9", "size": 1}, after={"token": "Zq9-build", "size": 2}
            )
        ],
        "output_changes": {
            "marked": _change({"a": "output-Zq9"}, {"a": ["output-Zq9"]}, sensitive=True),
            "admin_password": _change(None, "Zq9-telling-output"),
            "shown": _change(None, "an ordinary output"),
        },
        "configuration": {"root_module": {}},
        "complete": True,
        "errored": False,
    }


def _resource(name: str, *, before: Json, after: Json) -> dict[str, Json]:
    return {
        "address": f"terraform_data.{name}",
        "mode": "managed",
        "type": "terraform_data",
        "name": name,
        "provider_name": "terraform.io/builtin/terraform",
        "change": _change(before, after),
    }


def _change(before: Json, after: Json, *, sensitive: bool = False) -> dict[str, Json]:
    action = "create" if before is None else "delete" if after is None else "update"
    return {
        "actions": [action],
        "before": before,
        "after": after,
        "after_unknown": {},
        "before_sensitive": sensitive,
        "after_sensitive": sensitive,
    }


def _marked() -> dict[str, Json]:
    """A replacement that a sensitive value forces, with marks of all shapes, and the value unmarked."""
    before = {
        "weak": MARKED_BEFORE,
        "deep": [{"x": "nested-Zq9"}],
        "set": ["set-Zq9"],
        "output": MARKED_BEFORE,
    }
    after = {
        "weak": MARKED_AFTER,
        "deep": [{"x": "nested-Zq9"}],
        "set": ["set-Zq9"],
        "long": f"<{MARKED_AFTER}>",
    }
    marks = {"weak": True, "deep": [{"x": True}], "set": True, "echo": True}
    change = {
        "actions": ["delete", "create"],
        "before": {**before, "echo": ECHO},
        "after": {**after, "echo": ECHO},
        "after_unknown": {"id": True},
        "before_sensitive": marks,
        "after_sensitive": marks,
        "replace_paths": [["weak"]],
    }
    return {**_resource("marked", before={}, after={}), "change": change}


def _shifted() -> dict[str, Json]:
    """Of a set, Terraform leaves out unknown elements of ``after``, but not their marks."""
    change = {
        "actions": ["create"],
        "before": None,
        "after": {"tuple": ["shifted-Zq9"]},
        "after_unknown": {"tuple": [True, False]},
        "before_sensitive": False,
        "after_sensitive": {"tuple": [False, True]},
    }
    return {**_resource("shifted", before=None, after=None), "change": change}


def _keyed() -> dict[str, Json]:
    """A resource whose key looks like a secret."""
    key = "gh" + "o_" + _of(30)
    resource = _resource("keyed", before=None, after={"x": 1})
    address = f'terraform_data.keyed["{key}"]'
    return {**resource, "address": address, "index": key, "previous_address": f"{address}[0]"}


def _long_lines(secret: str) -> list[str]:
    """The lines of a secret of several lines that give it away by themselves."""
    return [line for line in secret.splitlines() if len(line) > 20 and not line.startswith("-----")]
