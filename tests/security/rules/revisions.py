"""The rule that only the revision determines the image: no stack refers to an image by a tag."""

import re
from collections.abc import Iterator

from tests.security.rules.rule import rules, setting
from tests.security.rules.secrets import user_data
from tests.synthesis import Synthesised, strings

TAGGED = re.compile(r"\.dkr\.ecr\.[\w.-]+/[\w/-]+:[\w.-]+|:latest\b")


def no_tag_named(everything: Synthesised) -> Iterator[str]:
    """No stack refers to the service's image by a tag; the revision refers to it by digest."""
    for resource in everything.resources():
        texts = [*strings(resource.attributes), *filter(None, [user_data(resource)])]
        yield from (f"{resource.path}: {found[0]}" for text in texts if (found := TAGGED.search(text)))


REPOSITORY = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/my-app"
RULES = rules(
    (
        no_tag_named,
        {
            "a tag in a build's variables": setting(
                "aws_codebuild_project",
                environment__environment_variable=[{"name": "IMAGE", "value": f"{REPOSITORY}:latest"}],
            ),
            "a tag in user data": setting(
                "aws_launch_template", user_data=f'${{base64encode("docker run {REPOSITORY}:v1")}}'
            ),
        },
    ),
)
