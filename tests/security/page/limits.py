"""The section about what is not covered."""

from tests.security.page.markdown import DEMO, code, table
from tests.security.proofs import uses_of
from tests.security.recorded import table as recordings

TEXT = """## What is not covered

- **None of this has been tested on AWS.** The evaluator
  ([iam-simulate](https://github.com/cloud-copilot/iam-simulate), used only by tests) evaluates allow,
  deny, wildcards, resources, conditions, boundaries and resource policies as AWS documents them, and
  knows AWS's actions, resource types and context keys. It is not AWS. It does not know your service
  control policies, VPC endpoint policies and session policies.
- **What AWS's services call is documented, not observed**, except for builds, hosts and plans: their
  calls are recorded with an emulated AWS
  ({recorded}).
  The source of each permission is given in its row. What is inferred is listed below.
- **A person who can push a commit to the branch can run any code in a build**, with the build's role,
  in a container that is privileged because Docker requires it: they can move `latest`, and release.
  Enforce reviews in the repository; `approval = true` requires a person's approval for an environment.
- **Tags are mutable** ([0008](decisions/0008-mutable-tags.md)): the build does not overwrite a
  commit's tag, but ECR does not prevent it. Hosts use the digest.
- **CodeDeploy's role allows less than AWS's managed policy**
  ([0013](decisions/0013-codedeploy-role.md)), based on documentation.
  `codedeploy_managed_policy = true` attaches AWS's policy, which applies to all resources; the table
  above is not valid then.
- **EventBridge may publish to the topic without a condition**: AWS supports none in a topic's policy
  for it. A rule of another account needs its own role to reach this topic, and the topic does not
  allow that role (docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html).
- **The pipeline's role does not limit the connection to one repository**: a person who can change the
  pipeline can read every repository that the connection is installed for. Install it for one only.
- **The network is evaluated, not tested.** Connections that AWS's services open themselves and the
  targets of DNS names are not included. Network ACLs are AWS's default, which allows everything; so do
  the S3 endpoint's policy, unless `endpoints = true`, and a peering connection that is created by hand.
- **Hosts can reach every HTTPS server**, for packages, agents and AWS: code that runs on a host can
  send anything that it reads anywhere. `endpoints = true` closes that, but not the resolver: the names
  that it is asked for can carry data (Route 53 Resolver DNS Firewall closes that). CodeDeploy's
  endpoints have AWS's default policy, because AWS documents none for them: they also answer to keys of
  another account. Between load balancer and hosts, HTTP is not encrypted.
- **There is no web application firewall** in front of the load balancer, and no limit on requests per
  client.
- **Scanners find only what they have checks for.** What checkov cannot check in a plan is listed
  above. Secrets are recognised by their form; one that looks like an ordinary word is not found.
- **Forks**: GitHub gives no token to workflows of a fork's pull request. If your repository's settings
  allow it, the token has the same subject as any pull request.
- **Names with the same beginning**: CI's plan role may read, not change, roles, alarms, dashboards and
  rules of a service whose name begins with this one's and a hyphen. Viewers see every alarm's state.
- **Permissions on all resources** are read-only, except logging in to the registry, the channels of
  Session Manager, and an operator's `codedeploy:StopDeployment`; they reveal names and settings of
  other resources in the account.
- **The container** has none of the host's permissions unless `aws_access = true`; then it has all.
- **The base image has not been updated here**: `make base-image` is tested with a registry on one
  machine, because the public registry and the services for the weekly audit cannot be reached from
  the development environment. Several independent public repositories pin this tag to the digest in
  `app/Dockerfile`.
- **Some things are pinned only by version, or not at all**: the AWS provider (by version; commit
  `.terraform.lock.hcl` if you want its hashes), CodeBuild's image and the hosts' Amazon Linux (the
  newest when a host is launched: patches arrive with new hosts). The version of CodeDeploy's agent is
  `hosts.codedeploy_agent`, and changes only if you change it: 1.8.1 is the last with Ruby, version
  3.2, which is no longer supported; 2.x, without Ruby, is opt-in at AWS and not available in every
  region. Its package is downloaded over HTTPS from AWS's bucket in the region; neither a signature
  nor a hash is checked.
- **The list of an image's contents covers packages of Debian and Python, and Python itself**, nothing
  else ([0019](decisions/0019-a-list-of-contents.md)). It is not signed. The build ensures that it is
  written once (`If-None-Match`); no policy does.
- **Generated bad input is limited**: the same few hundred cases each time, not an unlimited search.
- **Administrators of the account** can do everything. The policies of keys and repositories state who
  has access, but not who may change these policies.
"""


def section() -> str:
    """The limits, and what is inferred, from the tables of uses."""
    seen = ", ".join(f"{len(calls)} of {who}" for who, calls in sorted(recordings().items()))
    inferred = {
        (role.kind, action, use.source.removeprefix("inferred: "))
        for role in DEMO.roles.values()
        for use in uses_of(DEMO, role)
        if use.source.startswith("inferred")
        for action in use.actions
    }
    rows = [(role, code(action), why) for role, action, why in sorted(inferred)]
    listed = table(("role", "action", "inferred from"), rows)
    return TEXT.replace("{recorded}", f"kinds of calls: {seen}") + f"\n{listed}"
