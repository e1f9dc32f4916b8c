"""Each invariant holds for every way that a pipeline can be: the tests run once for each variant."""

import pytest

from tests.settings import variants
from tests.synthesis import Synthesised, synthesised


@pytest.fixture(params=sorted(variants()))
def everything(request: pytest.FixtureRequest) -> Synthesised:
    """All stacks of one variant."""
    return synthesised(request.param)
