"""The section that says what all this does not cover."""

from tests.security.page.markdown import DEMO, code, table
from tests.security.proofs import uses_of
from tests.security.recorded import table as recordings

TEXT = """## What is not covered

- **Nobody has tried this on AWS.** The evaluator
  ([iam-simulate](https://github.com/cloud-copilot/iam-simulate), run by tests alone) evaluates allow,
  deny, wildcards, resources, conditions, boundaries and resource policies as AWS documents them, and
  knows which actions, resource types and context keys there are. It is not AWS. Service control policies,
  VPC endpoint policies and session policies of yours are not known here.
- **What AWS's services call is read, not seen**, but for builds, hosts and plans: those are recorded at
  an emulated AWS ({recorded}). The source stands beside each permission. What is inferred, stands below.
- **Whoever can push a commit to the branch runs what they like in a build**, with the build's role, in a
  container that is privileged because Docker needs it: they can move `latest`, and ship. Reviews are for
  your repository's host to enforce; `approval = true` asks a person before an environment.
- **Tags are mutable** ([0008](decisions/0008-mutable-tags.md)): the build refuses to overwrite a commit's
  tag, ECR does not. Hosts go by digest.
- **CodeDeploy's role is smaller than AWS's own** ([0013](decisions/0013-codedeploy-role.md)), by reading.
  `codedeploy_managed_policy = true` attaches AWS's, which acts on everything; then the table above does
  not hold.
- **Events may be published to the topic by EventBridge without a condition**: AWS takes none in a topic's
  policy for it. A rule of another account needs a role of its own to reach a topic here, which the topic
  does not know (docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html).
- **The connection is not bound to one repository** in the pipeline's role: whoever may change the
  pipeline may read what the connection was installed for. Install it for the one repository.
- **The network is evaluated, not tried.** What AWS's services open by themselves, and what a DNS name
  leads to, is not in it; network access lists are AWS's own, which let everything through, and so do the
  S3 endpoint's policy and a peering that somebody makes by hand.
- **Hosts reach every HTTPS server there is**, for packages, agents and AWS: whoever runs code on a host can
  send what it reads anywhere. Between load balancer and hosts there is plain HTTP.
- **No firewall for web applications** stands before the load balancer, and nothing limits how often one
  client asks.
- **Scanners know what they have a check for.** What checkov cannot see in a plan is listed above; secrets
  are looked for by form, and one that looks like any other word is not found.
- **Forks**: GitHub gives workflows of a fork's pull request no token. If your repository's settings do,
  its subject is that of any pull request.
- **Names that begin alike**: CI's plan may read, not change, roles, alarms, dashboards and rules of a
  service whose name begins with this one's and a hyphen. Viewers see the state of every alarm.
- **What is granted on everything** is read-only but for logging in to the registry, Session Manager's
  channels and an operator's `codedeploy:StopDeployment`; it shows names and settings of other things in
  the account.
- **The container** gets none of the host's rights unless `aws_access = true`; then it has all of them.
- **Nobody has moved the base image here**: `make base-image` is tested against a registry on one machine;
  the public one cannot be reached from where this is developed, nor can the services that the weekly audit
  asks. The digest in `app/Dockerfile` is what several independent public repositories pin this tag to.
- **Some things are pinned by version or not at all**: the AWS provider (its version; commit
  `.terraform.lock.hcl` if you want its hashes), CodeBuild's own image and the hosts' Amazon Linux (the newest
  when a host is made: what is patched arrives with new hosts). CodeDeploy's agent is of a certain version,
  `hosts.codedeploy_agent`, which nobody but you moves: 1.8.1, the last in Ruby, whose 3.2 is at its end; 2.x,
  without Ruby, is opt-in at AWS and not in every region. Its package is taken over HTTPS from AWS's bucket
  of the region, and neither its signature nor a hash is checked.
- **The list of an image's contents knows Debian's and Python's packages**, and Python itself; nothing else
  ([0019](decisions/0019-a-list-of-contents.md)). It is not signed. That it is written once is
  the script's doing (`If-None-Match`), not the policy's.
- **Made-up input is bounded**: the same few hundred cases each time, not a search without end.
- **Administrators of the account** can do everything; keys and repositories name who may, not who may
  change that.
"""


def section() -> str:
    """Said plainly, with what is inferred taken from the tables of uses."""
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
