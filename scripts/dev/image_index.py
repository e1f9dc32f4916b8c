"""Asks a registry which image index a tag names just now, and makes sure that the index is what it says.

The registry's own protocol, so that neither Docker nor a login is needed:
github.com/opencontainers/distribution-spec and docs.docker.com/registry/spec/auth/token.
"""

import hashlib
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException
from typing import Any  # what registries answer is JSON

from image_name import ImageRefused, Reference

INDEXES = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json"
PLATFORMS = ("linux/amd64", "linux/arm64")
"""What app.architecture in pipeline.toml can ask for: a digest has to do for both."""

LARGEST = 4 * 1024 * 1024  # bytes; the specification's own bound for a manifest
SECONDS = 30.0
OPENER = urllib.request.build_opener()
CHALLENGE = re.compile(r'(\w+)="([^"]*)"')


def digest_of(image: Reference) -> str:
    """The digest of the index that the image's tag names, computed from what came."""
    content, said = _fetch(image)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    if said not in ("", digest):
        raise ImageRefused(
            f"what {image.registry} sent for {image.tagged} is not what it calls it",
            f"it says {said}, but its bytes are {digest}",
            "something on the way changes answers: try from another network",
        )
    _check_platforms(image, content)
    return digest


def _check_platforms(image: Reference, content: bytes) -> None:
    try:
        entries = json.loads(content)["manifests"]
        found = {f"{each['platform']['os']}/{each['platform']['architecture']}" for each in entries}
    except (ValueError, KeyError, TypeError):
        found = set()
    missing = [each for each in PLATFORMS if each not in found]
    if missing:
        raise ImageRefused(
            f"{image.tagged} is not for every architecture that hosts may have",
            f"it lacks {' and '.join(missing)}",
            "name another tag: make base-image IMAGE=...",
        )


def _fetch(image: Reference) -> tuple[bytes, str]:
    """The index, and the digest that the registry says it has."""
    try:
        try:
            return _get(image, {})
        except urllib.error.HTTPError as refused:
            if refused.code != 401:
                raise
            token = _token(refused.headers.get("WWW-Authenticate", ""), image)
            return _get(image, {"Authorization": f"Bearer {token}"})
    except urllib.error.HTTPError as error:
        absent = error.code == 404
        raise ImageRefused(
            f"{image.registry} {'has no' if absent else 'does not give'} {image.name}:{image.tag}",
            f"it answers {error.code} {error.reason}",
            "see the name and the tag: make base-image IMAGE=..." if absent else "try again later",
        ) from error
    except (OSError, HTTPException, ValueError, KeyError) as error:
        raise ImageRefused(
            f"{image.registry} cannot be asked",
            str(getattr(error, "reason", error)) or type(error).__name__,
            "see whether it can be reached from here; behind a proxy, set HTTPS_PROXY",
        ) from error


def _get(image: Reference, headers: dict[str, str]) -> tuple[bytes, str]:
    url = f"{image.address}/v2/{image.name}/manifests/{image.tag}"
    request = urllib.request.Request(url, headers={"Accept": INDEXES, **headers})  # noqa: S310 - http or https
    with OPENER.open(request, timeout=SECONDS) as answer:
        return answer.read(LARGEST), answer.headers.get("Docker-Content-Digest", "")


def _token(challenge: str, image: Reference) -> str:
    """A token that anybody may have, from where the registry sends whoever has none."""
    parts = dict(CHALLENGE.findall(challenge))
    query = {"service": parts.get("service", ""), "scope": f"repository:{image.name}:pull"}
    url = f"{parts['realm']}?{urllib.parse.urlencode(query)}"
    if urllib.parse.urlsplit(url).scheme != urllib.parse.urlsplit(image.address).scheme:
        raise ValueError(f"it sends to {url} for a token")
    with OPENER.open(url, timeout=SECONDS) as answer:
        given: Any = json.loads(answer.read(LARGEST))
    return str(given.get("token") or given["access_token"])
