"""Pipelines whose times can be read.

AWS answers times as numbers of seconds (CodePipeline, API_PipelineMetadata; AWS JSON 1.1). moto writes
them as text: boto3 forgives that, Terraform's provider cannot read the pipeline at all.
"""

from datetime import datetime

from moto.codepipeline import models
from moto.core.utils import utcnow

from slipway.emulator.gaps.patching import add


def fill() -> None:
    """Adds it to moto."""
    add(models, iso_8601_datetime_with_milliseconds)


def iso_8601_datetime_with_milliseconds(value: datetime | None = None) -> float:
    """The time in seconds, in place of the text that moto's function of this name makes."""
    return (value or utcnow()).timestamp()
