"""Texts: what stands in commands, configuration files and manifests as a secret, however it is called."""

import base64
import json

import pytest

from plan_review.plan import Value
from plan_review.plan_reader import read
from plan_review.secrets.masking import Masker, PlanTexts

SECRET = "zebra-violet-77"
QUIET = {
    "proxy": "location / { proxy_pass http://backend:8080; }",
    "path": "KUBECONFIG=/home/app/.kube/config",
    "key file": "tls_key: /etc/nginx/tls/server.key",
    "sign-in": "AUTH=basic",
    "public key": "ssh_host_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ana@laptop",
    "config map": "kind: ConfigMap\ndata:\n  license: ABCDEF-123456\n",
    "expiry": "chpasswd:\n  expire: false\n",
    "set": "kubectl config set-context staging --namespace web",
    "echo": "echo hello | tee /tmp/log",
}


def hidden(value: object) -> Value:
    return Masker(PlanTexts()).value(json.loads(json.dumps(value)))


@pytest.mark.parametrize(
    "text",
    [
        "[client]\nuser=app\npass={}\n",
        "[client]\npassword = {}\n",
        "aws configure set aws_secret_access_key {}",
        "aws configure set --profile ci aws_secret_access_key '{}'",
        "npm config set //registry.example.org/:_authToken {}",
        "git config --global github.token {}",
        "redis-cli CONFIG SET requirepass {}",
        "port 6379\nrequirepass {}\n",
        "masterauth {}",
        "echo {} | docker login --username AWS --password-stdin registry.example.org",
        'echo -n "{}" | podman login --password-stdin -u a r',
        "printf '%s' {} | docker login -u a --password-stdin r",
        "docker login -u a --password-stdin r <<< {}",
        "echo '{}' | gh auth login --with-token",
        "echo {} | sudo -S systemctl restart x",
        "echo {} | passwd --stdin deploy",
        "echo {} | vault login -",
        "htpasswd -bc /etc/nginx/users app {}",
        "openssl enc -aes-256-cbc -pass pass:{} -in a",
        "az login --service-principal -u a -p {}",
        "helm registry login -u a --pass {} r",
        "helm upgrade app --set db.pass={} --set replicas=2",
        "export SMTP_PASS={}",
        "chpasswd:\n  expire: false\n  list: |\n    root:{}\n    app:R\n",
        "#cloud-config\nchpasswd:\n  list:\n    - root:{}\n",
        "chpasswd:\n  users:\n    - {{name: root, password: {}, type: text}}\n",
        "env:\n  - name: x\n    db_pass: {}\n",
        "<dbPass>{}</dbPass>",
    ],
)
def test_the_secret_of_a_command_or_a_file_is_hidden(text: str) -> None:
    whole = text.format(SECRET)
    assert SECRET not in str(hidden(whole))
    assert SECRET not in str(hidden({"user_data": base64.b64encode(whole.encode()).decode()}))
    packed = base64.b64encode(whole.encode()).decode()
    assert packed not in str(hidden({"user_data": packed}))


@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_what_only_looks_like_it_is_shown(text: str) -> None:
    assert hidden(text) == text


@pytest.mark.parametrize(
    "value",
    [
        {"name": "db.pass", "value": SECRET},
        {"name": "REDIS_AUTH", "value": SECRET},
        {"environment": [{"variables": {"DB_PASS": SECRET}}]},
        {"container_definitions": json.dumps([{"environment": [{"name": "SMTP_PASS", "value": SECRET}]}])},
        {"data": {".env": f"DB_PASS={SECRET}\nPORT=1\n"}},
        {"environment_variable": [{"name": "NPM_AUTH", "type": "PLAINTEXT", "value": SECRET}]},
        {"values": [f"db:\n  pass: {SECRET}\n"]},
        {"set": [{"name": "smtp.auth", "value": SECRET}]},
    ],
)
def test_a_telling_name_is_heeded_in_every_dress(value: object) -> None:
    assert SECRET not in str(hidden(value))


def test_a_block_called_like_a_way_to_sign_in_is_shown() -> None:
    value = {"auth": [{"issuer": "https://example.org"}], "webhook": [{"name": "deploy"}]}
    assert hidden(value) == value


MANIFEST = f"""\
apiVersion: v1
kind: ConfigMap
data:
  shown: plainly
---
apiVersion: v1
kind: Secret
metadata:
  name: x
stringData:
  license: {SECRET}

  username: {SECRET}-user
data:
  a: |
    {SECRET}
type: Opaque
"""
OBJECT = {"kind": "Secret", "metadata": {"name": "x"}, "data": {"license": SECRET, "username": SECRET}}


@pytest.mark.parametrize(
    "value",
    [
        {"manifest": OBJECT},
        {"manifest": {"kind": "List", "items": [OBJECT]}},
        {"yaml_body": MANIFEST},
        {"yaml_body": json.dumps(OBJECT)},
        {
            "values": [
                f"extra:\n  - |\n{''.join(f'    {line}' for line in MANIFEST.splitlines(keepends=True))}"
            ]
        },
        {"yaml_body": f"kind: List\nitems:\n- data:\n    license: {SECRET}\n  kind: Secret\n"},
        {"yaml_body": f"kind: Secret\nstringData: {{license: {SECRET}}}\n"},
    ],
    ids=["object", "list", "yaml", "json", "nested", "yaml list", "flow"],
)
def test_a_secret_of_kubernetes_is_hidden_in_any_dress(value: object) -> None:
    shown = str(hidden(value))
    assert SECRET not in shown
    assert "Secret" in shown


def test_only_the_secret_of_several_manifests_is_hidden() -> None:
    shown = str(hidden(MANIFEST))
    assert "shown: plainly" in shown
    assert "name: x" in shown
    assert "type: Opaque" in shown


@pytest.mark.parametrize("kind", ["kubernetes_secret", "kubernetes_secret_v1", "kubernetes_secret_v1_data"])
@pytest.mark.parametrize("marks", [{}, {"data": {}}, False])
def test_what_a_resource_of_a_secret_holds_is_hidden_whatever_is_marked(kind: str, marks: object) -> None:
    after = {"metadata": [{"name": "x"}], "data": {"license": SECRET}, "binary_data": {"b": SECRET}}
    change = {"actions": ["create"], "before": None, "after": after, "after_sensitive": marks}
    resource = {"address": f"{kind}.x", "mode": "managed", "type": kind, "name": "x", "change": change}
    content = {"format_version": "1.2", "planned_values": {}, "resource_changes": [resource]}
    (found,) = read(json.dumps(content), stack="s").changes
    assert SECRET not in repr(found)
    assert "'name': 'x'" in repr(found.after)
