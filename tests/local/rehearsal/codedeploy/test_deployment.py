"""CodeDeploy's part, with a load balancer and agents that only note what they were told."""

import asyncio

from local.rehearsal.codedeploy.deployment import DeploymentRequest, DeploymentRunner, Tell
from local.rehearsal.codedeploy.revisions import Revision
from local.rehearsal.results.record import DeploymentRecord
from tests.local.rehearsal.fakes import Agents, Balancer, group

ONE, BAD = (Revision(name, "bucket", f"revisions/{name}.zip", "etag") for name in ("one", "bad"))


async def going_on(_record: DeploymentRecord) -> bool:
    return True


def deployed(one: DeploymentRunner, revision: Revision, tell: Tell = going_on) -> DeploymentRecord:
    return asyncio.run(one.carry_out(DeploymentRequest("d-1", revision), tell))


def stopping_at(event: str) -> Tell:
    """Somebody stops the deployment when the first host comes to an event."""

    async def tell(record: DeploymentRecord) -> bool:
        return all(each.name != event for host in record.hosts for each in host.events)

    return tell


def test_one_host_is_back_before_the_next_is_taken_out() -> None:
    balancer = Balancer()
    record = deployed(group(balancer, Agents()), ONE)
    assert (record.commit, record.status) == ("one", "Succeeded")
    assert balancer.told == ["host-1 out", "host-1 in", "host-2 out", "host-2 in"]


def test_hosts_are_taken_out_together_where_none_has_to_stay() -> None:
    balancer = Balancer()
    deployed(group(balancer, Agents(), minimum=0), ONE)
    assert balancer.told[:2] == ["host-1 out", "host-2 out"]


def test_the_hooks_run_between_out_and_in_and_in_their_order() -> None:
    agents = Agents()
    deployed(group(Balancer(), agents, hosts=1, minimum=0), ONE)
    names = [each.split()[2] for each in agents.played]
    assert names.index("Install") < names.index("ApplicationStart") < names.index("ValidateService")
    assert "BlockTraffic" not in names
    assert "AllowTraffic" not in names


def test_a_host_that_fails_ends_the_deployment_and_the_next_is_never_touched() -> None:
    balancer, agents = Balancer(), Agents(failing=("bad",))
    record = deployed(group(balancer, agents), BAD)
    assert record.status == "Failed"
    assert [host.status for host in record.hosts] == ["Failed", "Skipped"]
    assert record.hosts[0].events[-1].name == "ValidateService"
    assert "it is not healthy" in record.hosts[0].why
    assert balancer.told == ["host-1 out"]


def test_a_host_that_fails_says_which_event_and_what_its_script_said() -> None:
    record = deployed(group(Balancer(), Agents(failing=("bad",))), BAD)
    failed = record.hosts[0].events[-1]
    assert (failed.name, failed.status, failed.message) == ("ValidateService", "Failed", "it is not healthy")


def test_one_that_is_stopped_begins_no_other_event_and_touches_no_other_host() -> None:
    balancer, agents = Balancer(), Agents()
    record = deployed(group(balancer, agents), ONE, stopping_at("ValidateService"))
    assert record.status == "Stopped"
    assert [host.status for host in record.hosts] == ["Skipped", "Skipped"]
    assert record.hosts[0].events[-1].name == "ApplicationStart"
    assert agents.played[-1] == "host-1 one ApplicationStart"
    assert balancer.told == ["host-1 out"]


def test_what_undoes_another_deployment_says_which() -> None:
    one = group(Balancer(), Agents())
    record = asyncio.run(one.carry_out(DeploymentRequest("d-2", ONE, undoes="d-1"), going_on))
    assert (record.id, record.rollback_of) == ("d-2", "d-1")


def test_with_one_at_a_time_it_succeeds_even_if_the_last_host_fails() -> None:
    record = deployed(group(Balancer(), Agents(failing=("host-2",))), ONE)
    assert record.status == "Succeeded"
    assert [host.status for host in record.hosts] == ["Succeeded", "Failed"]


def test_with_one_host_it_fails_if_that_fails() -> None:
    record = deployed(group(Balancer(), Agents(failing=("bad",)), hosts=1, minimum=0), BAD)
    assert record.status == "Failed"


def test_a_host_that_the_load_balancer_does_not_find_healthy_has_failed() -> None:
    record = deployed(group(Balancer(unhealthy="host-1"), Agents()), ONE)
    assert record.status == "Failed"
    assert record.hosts[0].events[-1].name == "AllowTraffic"
