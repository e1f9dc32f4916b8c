"""A service that refuses is met by the program that hosts ask with."""

import asyncio
import os
import sys
from pathlib import Path

from tests.rehearsals.refusing_service import CODE, refusing


def test_the_aws_command_is_told_that_it_may_not() -> None:
    async def ask() -> tuple[int | None, str]:
        async with refusing() as address:
            asking = await asyncio.create_subprocess_exec(
                str(Path(sys.executable).with_name("aws")),
                *("ssm", "get-parameters-by-path", "--region", "eu-central-1", "--path", "/my-app/prod"),
                env={
                    "PATH": os.environ["PATH"],
                    "AWS_ENDPOINT_URL_SSM": address,
                    "AWS_ACCESS_KEY_ID": "key",
                    "AWS_SECRET_ACCESS_KEY": "secret",
                },
                stderr=asyncio.subprocess.PIPE,
            )
            _, said = await asking.communicate()
        return asking.returncode, said.decode()

    code, said = asyncio.run(ask())

    assert code != 0
    assert f"An error occurred ({CODE}) when calling the GetParametersByPath operation" in said
