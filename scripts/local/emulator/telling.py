"""Tells an emulated AWS what, in AWS, nobody tells by an API: paths of its own beside AWS's."""

import json
import urllib.request
from typing import Any  # what is answered is JSON

BASE = "/moto-api/slipway"
SECONDS = 30
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy leads to this machine


def tell(endpoint: str, path: str, said: object) -> Any:  # noqa: ANN401 - JSON
    """Sends it as JSON; what is answered."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(endpoint + path, json.dumps(said).encode(), headers)  # noqa: S310 - http
    with OPENER.open(request, timeout=SECONDS) as answer:
        return json.load(answer)
