"""CodeDeploy with more behind it than moto could hold: every group with hosts and thousands of deployments.

Nothing is stored: a deployment is its number, the newest 0, and is made up when it is asked for. Pages and
batches are as small as AWS's.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from slipway.aws.clients import Aws

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.type_defs import S3LocationTypeDef

PAGE, BATCH = 100, 25
Asked = Mapping[str, Any]
Answer = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """hosts: of each group. deployments: of each group, one ``every`` so long, the newest at ``newest``.

    locations: of revisions, deployed in turns. made: what an answer says besides, by the deployment's number.
    """

    hosts: Mapping[str, Sequence[str]]
    deployments: int
    newest: datetime
    every: timedelta
    locations: "Sequence[S3LocationTypeDef]"
    made: Callable[[int], Answer] = lambda _: {"status": "Succeeded"}

    @contextmanager
    def there(self, aws: Aws) -> Iterator[None]:
        """Answered in place of what would be sent."""
        with (
            _answering(aws.codedeploy, "codedeploy", "BatchGetDeploymentGroups", self._groups),
            _answering(aws.codedeploy, "codedeploy", "ListDeployments", self._list),
            _answering(aws.codedeploy, "codedeploy", "BatchGetDeployments", self._some),
            _answering(aws.codedeploy, "codedeploy", "ListDeploymentTargets", self._targets),
            _answering(aws.codedeploy, "codedeploy", "BatchGetDeploymentTargets", self._some_targets),
            _answering(aws.autoscaling, "auto-scaling", "DescribeAutoScalingGroups", self._instances),
        ):
            yield

    def _groups(self, asked: Asked) -> Answer:
        names = asked["deploymentGroupNames"]
        assert len(names) <= 100
        newest = {"createTime": self.newest}
        return {
            "deploymentGroupsInfo": [
                {
                    "deploymentGroupName": name,
                    "autoScalingGroups": [{"name": name}],
                    "lastAttemptedDeployment": newest,
                }
                for name in names
            ]
        }

    def _list(self, asked: Asked) -> Answer:
        start, end = (asked["createTimeRange"][each] for each in ("start", "end"))
        numbers = [each for each in range(self.deployments) if start <= self._created(each).timestamp() < end]
        first = int(asked.get("nextToken", 0))
        page = [f"{asked['deploymentGroupName']}/{number}" for number in numbers[first : first + PAGE]]
        more = {"nextToken": str(first + PAGE)} if first + PAGE < len(numbers) else {}
        return {"deployments": page, **more}

    def _some(self, asked: Asked) -> Answer:
        assert len(asked["deploymentIds"]) <= BATCH
        return {
            "deploymentsInfo": [self._deployment(deployment_id_) for deployment_id_ in asked["deploymentIds"]]
        }

    def _deployment(self, id_: str) -> Answer:
        group, _, number = id_.partition("/")
        return {
            "deploymentId": id_,
            "deploymentGroupName": group,
            "createTime": self._created(int(number)),
            "revision": {
                "revisionType": "S3",
                "s3Location": self.locations[int(number) % len(self.locations)],
            },
            **self.made(int(number)),
        }

    def _created(self, number: int) -> datetime:
        return self.newest - number * self.every

    def _targets(self, asked: Asked) -> Answer:
        return {"targetIds": list(self.hosts[asked["deploymentId"].partition("/")[0]])}

    def _some_targets(self, asked: Asked) -> Answer:
        assert len(asked["targetIds"]) <= BATCH
        status = self.made(int(asked["deploymentId"].partition("/")[2]))["status"]
        targets = [{"targetId": target_id_, "status": status} for target_id_ in asked["targetIds"]]
        return {"deploymentTargets": [{"instanceTarget": target} for target in targets]}

    def _instances(self, asked: Asked) -> Answer:
        names = [name for key, name in asked.items() if key.startswith("AutoScalingGroupNames")]
        return {"AutoScalingGroups": [self._group(each) for each in names]}

    def _group(self, name: str) -> Answer:
        hosts = [
            {"InstanceId": host, "AvailabilityZone": "a", "LifecycleState": "InService"}
            for host in self.hosts[name]
        ]
        return {"AutoScalingGroupName": name, "Instances": hosts}


@contextmanager
def _answering(
    client: Any,  # noqa: ANN401 - its stubs know no handler that answers
    service: str,
    operation: str,
    answer: Callable[[Asked], Answer],
) -> Iterator[None]:
    def respond(*, params: Asked, **_: object) -> tuple[SimpleNamespace, Answer]:
        body = params["body"]
        asked = json.loads(body) if isinstance(body, bytes) else body
        return SimpleNamespace(status_code=200), answer(asked)

    event = f"before-call.{service}.{operation}"
    client.meta.events.register_first(event, respond, unique_id=event)
    try:
        yield
    finally:
        client.meta.events.unregister(event, unique_id=event)
