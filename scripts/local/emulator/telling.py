"""Sends an emulated AWS events for which AWS has no API, at paths beside AWS's own."""

import json
import urllib.request
from typing import Any  # what is answered is JSON

BASE = "/moto-api/slipway"
SECONDS = 30
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy for loopback


def tell(endpoint: str, path: str, said: object) -> Any:  # noqa: ANN401 - JSON
    """Sends a JSON document to a path and returns the JSON answer."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(endpoint + path, json.dumps(said).encode(), headers)  # noqa: S310 - http
    with OPENER.open(request, timeout=SECONDS) as answer:
        return json.load(answer)
