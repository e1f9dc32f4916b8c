"""Gives a run of the tests its own TMPDIR, which is removed at the end of the run.

Each synthesis of cdktf's ``Testing`` creates a temporary directory and never removes it: thousands in a run.
It has to be set before Node starts, which is when ``constructs_lib`` is imported.
"""

import atexit
import os
import shutil
import tempfile

if "PYTEST_XDIST_WORKER" not in os.environ:  # workers have that of the process that started them
    os.environ.setdefault(
        "PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir()
    )  # pytest keeps tmp_path of some runs
    os.environ["TMPDIR"] = tempfile.tempdir = tempfile.mkdtemp(prefix="slipway-tests-")
    atexit.register(shutil.rmtree, tempfile.tempdir, ignore_errors=True)
