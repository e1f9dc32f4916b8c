"""The steps of a rehearsal: each deploys something and checks the result."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from local.emulator.launch_faults import end_waits, fail_first_boots
from local.rehearsal.alarms import silenced
from local.rehearsal.codebuild.command import run_command
from local.rehearsal.codedeploy import revisions
from local.rehearsal.codedeploy.deployment import STOPPED
from local.rehearsal.codedeploy.fleet import LOOK, RehearsedFleet
from local.rehearsal.codedeploy.revisions import Revision
from local.rehearsal.codedeploy.service import MINIMUM_HOSTS, CodeDeploy
from local.rehearsal.codedeploy_agent.agent import FAILED, SKIPPED, SUCCEEDED
from local.rehearsal.codedeploy_agent.script import MAJORS
from local.rehearsal.downtime import watched
from local.rehearsal.error_metric import error_metric
from local.rehearsal.first_boot import FirstBoot, newest_launch
from local.rehearsal.load_generator import Load, by_commit, load
from local.rehearsal.machines.container_security import liberties
from local.rehearsal.machines.way_out import ways_out
from local.rehearsal.results.record import BuildRecord, DeploymentRecord, StepRecord, Traffic
from local.rehearsal.slipway_command import CommandResult, run_slipway
from local.rehearsal.testbed import HOST, Testbed, environment_of

ERRORS_AFTER = 3  # seconds; the health path continues to return 200
WATCH_SECONDS = 60  # more than it takes to detect the errors
FEW = 0.4  # share of requests: the faulty host gets half of them, for a short time
FAILS_WITH = 3
CHECK_SECONDS = 3  # replaces the timeout of health_check.sh in appspec.yml
AT_LEAST = 2000  # requests that a release must pass without a failure
FAILURES_SHOWN = 5


@dataclass(frozen=True)
class Scenario:
    """The steps of a rehearsal, with what they need. began: the rehearsal's start, on the monotonic clock."""

    testbed: Testbed
    codedeploy: CodeDeploy
    fleet: RehearsedFleet
    began: float

    async def first(self, step: StepRecord, good: BuildRecord) -> None:
        """The first release: nothing ran before."""
        (record,) = await self._deploy(step, good.commit)
        step.expect("the deployment succeeds", record.status == SUCCEEDED, _why(record))
        self._both_run(step, good)
        described = self._described(good.commit)
        step.expect("ECR has the same digest as the registry", described == good.digest, described)
        names = self.testbed.project.names
        listed = revisions.listed(
            self.testbed.clients, names.artifact_bucket, names.revision_prefix, good.commit
        )
        step.expect(
            "the list of the image's contents is stored beside the revision", listed == good.digest, listed
        )
        closed = [host for host in self.testbed.hosts if host.group is not None and host.runs()]
        for found in await asyncio.gather(*(asyncio.to_thread(ways_out, host) for host in closed)):
            step.expect("the host and its container have no way out", not found, found)

    async def good(self, step: StepRecord, good: BuildRecord) -> None:
        """A good release under load."""
        first = self.testbed.hosts[0]
        before = first.runs()
        async with self._under_load(step), watched(first) as watch:
            (record, *_) = await self._deploy(step, good.commit)
        step.expect("the deployment succeeds", record.status == SUCCEEDED, _why(record))
        step.downtime_seconds = watch.downtime(before.commit if before else "", good.commit)
        step.expect(f"the downtime of {first.name} is measured", step.downtime_seconds is not None)
        self._both_run(step, good)

    async def broken(self, step: StepRecord, bad: BuildRecord, good: BuildRecord) -> None:
        """A release that never becomes ready, under load: it fails on the first host and is rolled back."""
        async with self._under_load(step) as running:
            record, *rolled_back = await self._deploy(step, bad.commit)
        first, *others = record.hosts
        step.expect("the deployment fails", record.status == FAILED, record.status)
        caught = first.status == FAILED and first.events[-1].name == "ValidateService"
        step.expect("the health check fails on the first host", caught, first.status)
        untouched = all(other.status == SKIPPED and not other.events for other in others)
        step.expect("the other host is skipped", untouched)
        step.expect("CodeDeploy rolls back", bool(rolled_back), "there is no second deployment")
        for rollback in rolled_back:
            step.expect("the rollback succeeds", rollback.status == SUCCEEDED, _why(rollback))
            step.expect("it deploys the last good revision", rollback.commit == good.commit, rollback.commit)
        self._both_run(step, good)
        names = self.testbed.project.names
        latest = self.testbed.registry.digest(names.repository, "latest")
        step.expect("latest is still the broken commit's image", latest == bad.digest, latest)
        answered = by_commit(running.answers).get(bad.commit, 0)
        step.expect("the broken commit answers no request", answered == 0, f"it answered {answered}")

    async def time_up(self, step: StepRecord, bad: BuildRecord, good: BuildRecord) -> None:
        """A health check that exceeds its timeout, under load: with agent 1.x on the hosts, then with 2.x.

        Both send it SIGTERM; 2.x sends SIGKILL five seconds later.
        """
        event = "ValidateService"
        revision = await asyncio.to_thread(
            revisions.with_time_limit, self.testbed.clients, self._revision(bad.commit), event, CHECK_SECONDS
        )
        async with self._under_load(step):
            for major in MAJORS:
                with self.codedeploy.agents(major):
                    record, *rolled_back = await self.codedeploy.deploy(revision)
                step.deployments += [record, *rolled_back]
                agent = f"agent {major}.x"
                last = record.hosts[0].events[-1]
                ended = (
                    last.name == event and f"failed to complete in {CHECK_SECONDS} seconds" in last.message
                )
                step.expect(f"{agent} ends the health check of the first host", ended, _why(record))
                ends = [(rollback.status, rollback.commit) for rollback in rolled_back]
                step.expect(f"{agent}: CodeDeploy rolls back", ends == [(SUCCEEDED, good.commit)], ends)
        self._both_run(step, good)

    async def back(self, step: StepRecord, good: BuildRecord) -> None:
        """A rollback with a command that selects the commit itself, under load, as an operator does it.

        Before that, a dry run to the same commit by its name.
        """
        before = set(self.codedeploy.records)
        rollback = ("rollback", "--env", self.testbed.project.names.environments[0].environment)
        looking = await self._type(*rollback, "--to", good.commit, "--dry-run")
        named = looking.exit_code == 0 and f"{good.commit}.zip" in looking.said
        step.expect("with --to it would deploy that commit's revision", named, looking.said)
        step.expect("the dry run deploys nothing", before == set(self.codedeploy.records))
        async with self._under_load(step):
            command = await self._type(*rollback, "--yes")
        records = self._since(before)
        step.deployments += records
        step.command_seconds = command.seconds
        step.expect(f"slipway {' '.join(rollback)} --yes succeeds", command.exit_code == 0, command.said)
        statuses = [record.status for record in records]
        step.expect("it creates one deployment, which succeeds", statuses == [SUCCEEDED], statuses)
        self._both_run(step, good)

    async def command(self, step: StepRecord, new: BuildRecord, runs: BuildRecord) -> None:
        """A new commit's release command: that of pipeline.toml, and one that fails. No host is touched."""
        environment = self.testbed.project.names.environments[0]
        before, containers = set(self.codedeploy.records), [host.runs() for host in self.fleet.standing]
        revision = self._revision(new.commit)
        good = await run_command(self.testbed, environment.run_project, revision, {})
        step.expect("the command of pipeline.toml succeeds", good.succeeded, good.said)
        step.expect("its image is the new commit's, by digest", new.digest in good.said, good.said)
        failing = json.dumps(["sh", "-c", f"echo broken on purpose; exit {FAILS_WITH}"])
        bad = await run_command(self.testbed, environment.run_project, revision, {"COMMAND": failing})
        step.expect("a failing command fails the action", not bad.succeeded, bad.said)
        said = "broken on purpose" in bad.said and f"exit code {FAILS_WITH}" in bad.said
        step.expect("its log contains its output and its exit code", said, bad.said)
        step.expect("nothing is deployed", before == set(self.codedeploy.records))
        step.expect("no host is touched", containers == [host.runs() for host in self.fleet.standing])
        self._both_run(step, runs)

    async def watched(self, step: StepRecord, bad: BuildRecord, good: BuildRecord) -> None:
        """A release that is healthy and then returns 5xx, under load: the first host that watches it fails.

        The fault is in its configuration, which is corrected as soon as errors appear: otherwise the rollback
        would have it too.
        """
        environment, ssm = self.testbed.project.names.environments[0], self.testbed.clients.ssm
        fault = f"{environment.parameter_path}/SLIPWAY_FAULTS"
        ssm.put_parameter(Name=fault, Value=f"errors:{ERRORS_AFTER}", Type="String")
        for host in self.testbed.hosts:
            host.watches(WATCH_SECONDS)
        async with (
            self._under_load(step, failing=True) as running,
            error_metric(
                self.testbed.clients,
                environment.alarm("release-5xx"),
                running,
                lambda: ssm.delete_parameter(Name=fault),
            ),
        ):
            record, *rolled_back = await self._deploy(step, bad.commit)
        first, *others = record.hosts
        caught = first.status == FAILED and first.events[-1].name == "AfterAllowTraffic"
        step.expect("the first host, which watches the release, detects it", caught, _why(record))
        step.expect("an alarm stops the deployment", record.status == STOPPED, record.status)
        untouched = all(other.status == SKIPPED and not other.events for other in others)
        step.expect("the other host is skipped", untouched)
        step.expect("CodeDeploy rolls back", bool(rolled_back), "there is no second deployment")
        for rollback in rolled_back:
            step.expect("the rollback succeeds", rollback.status == SUCCEEDED, _why(rollback))
            step.expect("it deploys the last good revision", rollback.commit == good.commit, rollback.commit)
            waited = max(_seconds_of("AfterAllowTraffic", rollback), default=0.0)
            step.expect(
                "the rollback is not watched", waited < WATCH_SECONDS / 2, f"it is watched for {waited} s"
            )
        self._both_run(step, good)

    async def renewed(self, step: StepRecord, runs: BuildRecord) -> None:
        """Replaces every host with Auto Scaling, by an operator's command, under load."""
        old, before = set(self.fleet.ids.values()), set(self.codedeploy.records)
        renew = ("hosts", "renew", "--env", self.testbed.project.names.environments[0].environment, "--yes")
        async with self._under_load(step):
            command = await self._type(*renew)
            await self.fleet.settled(len(old))
        step.command_seconds = command.seconds
        step.deployments += (new := self._since(before))
        step.expect("slipway hosts renew succeeds", command.exit_code == 0, command.said)
        kept = old & set(self.fleet.ids.values())
        step.expect("every host is replaced", not kept, kept)
        found = [(record.status, record.commit, len(record.hosts)) for record in new]
        wanted = [(SUCCEEDED, runs.commit, 1)] * len(old)
        step.expect("each new host gets its own deployment of the running release", found == wanted, found)
        self._both_run(step, runs)

    async def scaled(self, step: StepRecord, new: BuildRecord, runs: BuildRecord) -> None:
        """A release under load, during which the desired capacity is raised by one and lowered again."""
        protect = ("hosts", "protect", "--env", self.testbed.project.names.environments[0].environment)
        command = await self._type(*protect, "--yes")
        step.expect("slipway hosts protect succeeds", command.exit_code == 0, command.said)
        old, before = dict(self.fleet.ids), set(self.codedeploy.records)
        ended: list[bool] = []
        async with self._under_load(step):
            release = asyncio.create_task(self._deploy(step, new.commit))
            await self.fleet.until(lambda: bool(self.codedeploy.under_way))
            await self.fleet.desire(len(old) + 1)
            await self.fleet.until(lambda: len(self.fleet.ids) > len(old) or release.done())
            added = next((name for name in self.fleet.ids if name not in old), "")
            await self.fleet.desire(len(old))
            while not release.done():
                ended.append(not old.items() <= self.fleet.ids.items())
                await asyncio.sleep(LOOK)
            (record, *_) = await release
            await self.fleet.settled(len(old))
        step.expect("the deployment succeeds", record.status == SUCCEEDED, _why(record))
        step.expect("a host is added during the deployment", bool(added))
        step.expect(
            "no host is terminated before the deployment has ended", bool(ended) and not any(ended[:-1])
        )
        gone = old.items() - self.fleet.ids.items()
        step.expect("then one of the old hosts is terminated", len(gone) == 1, gone)
        alone = [record for record in self._since(before) if record not in step.deployments]
        step.deployments += alone
        given = [
            (record.status, record.commit)
            for record in alone
            if [host.name for host in record.hosts] == [added]
        ]
        wanted = [(SUCCEEDED, runs.commit), (SUCCEEDED, new.commit)]
        step.expect("the new host gets the release that ran before, then the new one", given == wanted, given)
        self._both_run(step, new)

    async def boot_that_fails(self, step: StepRecord, runs: BuildRecord) -> None:
        """Launches a host whose first boot fails, under load; the boot of the next host succeeds."""
        aws, names = self.testbed.clients, self.testbed.project.names.environments[0]
        group, endpoint = self.codedeploy.scaling_group(), self.testbed.aws.endpoint
        boots = FirstBoot(
            aws,
            group,
            self.testbed.directory / "boots",
            environment_of(self.testbed.aws.environment, HOST),
            self.testbed.hosts[0].group,
        )
        fail_first_boots(endpoint, aws.region)  # the emulator completes no launch hooks until this is reset
        async with self._under_load(step):
            await self.fleet.desire(MINIMUM_HOSTS + 1)
            first, _ = await asyncio.to_thread(newest_launch, aws, group)
            status = await boots.boot(first, well=False)
            step.expect("user data fails if package downloads fail", status != 0, boots.output(first))
            waits = await asyncio.to_thread(newest_launch, aws, group)
            step.expect("the host waits at its launch hook", waits == (first, "MidLifecycleAction"), waits)
            await asyncio.to_thread(end_waits, endpoint, aws.region)
            second, _ = await asyncio.to_thread(newest_launch, aws, group)
            step.expect("after the hook's timeout another host is launched", second != first, second)
            shown = await self._type("status", "--env", names.environment, "--json")
            for text in (first, "was abandoned: Heartbeat Timeout", "so no release can come to this host"):
                step.expect(f"“{text}” is shown by slipway status", text in shown.said, shown.said)
            status = await boots.boot(second, well=True)
            step.expect("the other host's user data succeeds", status == 0, boots.output(second))
            came = await asyncio.to_thread(newest_launch, aws, group)
            step.expect("it completes the launch hook", came == (second, "Successful"), came)
        fail_first_boots(endpoint, aws.region, fail=False)
        aws.autoscaling.terminate_instance_in_auto_scaling_group(
            InstanceId=second, ShouldDecrementDesiredCapacity=True
        )
        self._both_run(step, runs)

    def alarms(self, step: StepRecord) -> None:
        """Checks after each step that every alarm notifies the topic."""
        quiet = silenced(self.testbed.clients.cloudwatch, self.testbed.project.names.topic_arn)
        step.expect("every alarm's actions are enabled and go to the topic", not quiet, ", ".join(quiet))

    def _since(self, before: set[str]) -> list[DeploymentRecord]:
        """The deployments that have ended since, in the order of their start."""
        since = [record for id_, record in self.codedeploy.records.items() if id_ not in before]
        return sorted(since, key=lambda record: record.at)

    async def _type(self, *words: str) -> CommandResult:
        return await run_slipway(self.testbed.project.root, self.testbed.operator_environment, *words)

    async def _deploy(self, step: StepRecord, commit: str) -> list[DeploymentRecord]:
        records = await self.codedeploy.deploy(self._revision(commit))
        step.deployments += records
        return records

    def _revision(self, commit: str) -> Revision:
        names = self.testbed.project.names
        return revisions.find(self.testbed.clients, names.artifact_bucket, names.revision_prefix, commit)

    def _both_run(self, step: StepRecord, good: BuildRecord) -> None:
        """Checks both hosts by the digest of the container's image, not by labels."""
        hosts = self.fleet.standing
        for host in hosts:
            running = host.runs()
            holds = running is not None and running.commit == good.commit and good.digest in running.digests
            wanted = f"{host.name} runs the image of {good.commit[:7]}, {good.digest[:19]}"
            step.expect(wanted, holds, _what_runs(running))
            too_free = liberties(host)
            step.expect(f"{host.name}'s container is confined", not too_free, ", ".join(too_free))
        in_service = self.testbed.targets.serving()
        both = len(hosts) == MINIMUM_HOSTS and set(in_service) == {host.name for host in hosts}
        step.expect("both hosts are in service", both, in_service)

    def _described(self, commit: str) -> str:
        answer = self.testbed.clients.ecr.describe_images(
            repositoryName=self.testbed.project.names.repository, imageIds=[{"imageTag": commit}]
        )
        return answer["imageDetails"][0]["imageDigest"]

    @asynccontextmanager
    async def _under_load(self, step: StepRecord, *, failing: bool = False) -> AsyncIterator[Load]:
        """Sends requests while the block runs, and at least ``AT_LEAST`` of them.

        failing: whether some requests may fail; otherwise none may.
        """
        balancer = self.testbed.balancer
        host, path = await asyncio.to_thread(self.testbed.follow_listener)
        async with load(balancer.address, balancer.port, host=host, path=path) as running:
            yield running
            await running.reach(AT_LEAST)
        note_traffic(step, running, self.began)
        step.expect(f"at least {AT_LEAST} requests are made", step.requests >= AT_LEAST, step.requests)
        if failing:
            share = step.failed_requests / max(1, step.requests)
            found = f"{step.failed_requests} of {step.requests}"
            step.expect(
                "some requests fail, on one of two hosts and for a limited time", 0 < share < FEW, found
            )
            return
        found = f"{step.failed_requests} of {step.requests} failed: {'; '.join(step.failures)}"
        step.expect("no request fails", step.failed_requests == 0, found)


def note_traffic(step: StepRecord, running: Load, began: float) -> None:
    """Counts the requests by second and by the commit that answered."""
    failures = running.failures
    step.requests, step.failed_requests = len(running.answers), len(failures)
    step.failures = sorted({failure.failure for failure in failures})[:FAILURES_SHOWN]
    counts: dict[tuple[int, str], int] = {}
    for answer in running.answers:
        key = int(answer.at - began), answer.commit
        counts[key] = counts.get(key, 0) + 1
    step.traffic = [
        Traffic(at=at, commit=commit, requests=count) for (at, commit), count in sorted(counts.items())
    ]


def _seconds_of(event: str, record: DeploymentRecord) -> Iterator[float]:
    for host in record.hosts:
        yield from (recorded.seconds for recorded in host.events if recorded.name == event)


def _why(record: DeploymentRecord) -> str:
    reasons = [f"{host.name}: {host.why}" for host in record.hosts if host.why]
    return f"its status is {record.status}" + (f"\n{chr(10).join(reasons)}" if reasons else "")


def _what_runs(running: object) -> str:
    return f"it runs {running}"
