"""What a buildspec says, read as CodeBuild reads it; pure. run.py plays it.

Rules without another source: docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from local.rehearsal import yaml_text
from slipway.console.errors import UsageError

PHASES = ("install", "pre_build", "build", "post_build")
"""Every build passes through all of them, in this order, whether it has commands for them or not."""

RESERVED = "CODEBUILD_"
"""Names that begin so are CodeBuild's own."""

VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""A name that every shell takes for a variable's; anything else would be read as more than a name."""

OnFailure = Literal["ABORT", "CONTINUE"]


@dataclass(frozen=True, kw_only=True)
class Phase:
    """The commands of one phase. last: what `finally` says; it runs even after a failure."""

    commands: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    on_failure: OnFailure | None = None


@dataclass(frozen=True, kw_only=True)
class Artifacts:
    """Which files are the build's output. base: where they lie, relative to the source."""

    files: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    base: str = "."
    flat: bool = False


@dataclass(frozen=True, kw_only=True)
class Buildspec:
    """A buildspec that can be played."""

    shell: str = "sh"
    variables: Mapping[str, str] = field(default_factory=dict)
    exported: tuple[str, ...] = ()
    phases: Mapping[str, Phase] = field(default_factory=dict)
    artifacts: Artifacts | None = None


def parse(text: str, name: str = "buildspec.yml") -> Buildspec:
    """Read a buildspec; UsageError tells all that is wrong with it at once."""
    reading = _Reading()
    try:
        document = yaml_text.read(text)
    except yaml_text.NotYaml as error:
        raise UsageError(
            f"{name} is not YAML", why=str(error), then="quote what holds `: ` or `#`, and indent with spaces"
        ) from error
    spec = reading.buildspec(document)
    if reading.problems:
        raise UsageError(
            f"{name} cannot be played",
            why="\n".join(reading.problems),
            then="docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html has what may be there",
        )
    return spec


NOT_PLAYED = "CodeBuild knows it, but the rehearsal does not play it"
IGNORED = (
    "cache",  # changes how long a build takes, not what comes out
    "reports",  # test reports go to CodeBuild's console only
    "phases.install.runtime-versions",  # the programs on this machine's PATH are used
    "artifacts.name",  # a pipeline names its artifacts itself
)
REFUSED = frozenset(
    {"run-as", "batch", "proxy"}
    | {f"env.{each}" for each in ("parameter-store", "secrets-manager", "git-credential-helper")}
    | {f"artifacts.{each}" for each in ("secondary-artifacts", "enable-symlinks", "s3-prefix")}
    | {f"phases.{phase}.run-as" for phase in PHASES}
)


class _Reading:
    """Walks a document; keeps what is wrong."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def buildspec(self, document: object) -> Buildspec:
        top = self._mapping(document, "", ("version", "env", "phases", "artifacts"))
        # 0.1 would run each command in a shell of its own.
        if str(top.get("version")) != "0.2":
            self.problems.append(f"version: has to be 0.2, received {top.get('version')!r}")
        env = self._mapping(top.get("env"), "env", ("shell", "variables", "exported-variables"))
        return Buildspec(
            shell=self._shell(env.get("shell", "sh")),
            variables=self._variables(env.get("variables")),
            exported=self._exported(env.get("exported-variables")),
            phases=self._phases(top.get("phases")),
            artifacts=self._artifacts(top["artifacts"]) if "artifacts" in top else None,
        )

    def _mapping(self, value: object, where: str, known: tuple[str, ...]) -> dict[str, object]:
        """The known keys of a mapping; each other is passed over, refused, or not known at all."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.problems.append(f"{where or 'the file'}: has to be a mapping, received {_kind(value)}")
            return {}
        for key in value:
            path = f"{where}.{key}".lstrip(".")
            if path in REFUSED:
                self.problems.append(f"{path}: {NOT_PLAYED}")
            elif key not in known and path not in IGNORED:
                self.problems.append(f"{path}: no such key; here may stand {', '.join(known)}")
        return {str(key): content for key, content in value.items() if key in known}

    def _texts(self, value: object, where: str) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, list):
            self.problems.append(f"{where}: has to be a list, received {_kind(value)}")
            return ()
        return tuple(self._text(each, f"{where}[{index}]") for index, each in enumerate(value))

    def _text(self, value: object, where: str) -> str:
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value)
        self.problems.append(f"{where}: has to be text, received {_kind(value)}; quote it")
        return ""

    def _shell(self, value: object) -> str:
        # Of the shells that CodeBuild offers, these are on a Linux machine.
        if value not in ("sh", "bash"):
            self.problems.append(f"env.shell: has to be sh or bash here, received {value!r}")
        return str(value)

    def _variables(self, value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            self._mapping(value, "env.variables", ())
            return {}
        for name in value:
            if str(name).startswith(RESERVED):
                self.problems.append(f"env.variables.{name}: {RESERVED}… is reserved for CodeBuild")
            self._name(str(name), "env.variables")
        return {str(name): self._text(each, f"env.variables.{name}") for name, each in value.items()}

    def _exported(self, value: object) -> tuple[str, ...]:
        names = self._texts(value, "env.exported-variables")
        for name in names:
            self._name(name, "env.exported-variables")
        return names

    def _name(self, name: str, where: str) -> None:
        if not VARIABLE.fullmatch(name):
            self.problems.append(f"{where}: {name!r} is not a valid variable name")

    def _phases(self, value: object) -> dict[str, Phase]:
        phases = self._mapping(value, "phases", PHASES)
        if value is None:
            self.problems.append("phases: is missing")
        return {name: self._phase(content, name) for name, content in phases.items()}

    def _phase(self, value: object, name: str) -> Phase:
        where = f"phases.{name}"
        content = self._mapping(value, where, ("commands", "finally", "on-failure"))
        return Phase(
            commands=self._texts(content.get("commands"), f"{where}.commands"),
            last=self._texts(content.get("finally"), f"{where}.finally"),
            on_failure=self._on_failure(content.get("on-failure"), where),
        )

    def _on_failure(self, value: object, where: str) -> OnFailure | None:
        if value in ("ABORT", "CONTINUE", None):
            return value
        reason = NOT_PLAYED if str(value).startswith("RETRY") else "has to be ABORT or CONTINUE"
        self.problems.append(f"{where}.on-failure: {reason}, received {value!r}")
        return None

    def _artifacts(self, value: object) -> Artifacts:
        content = self._mapping(
            value, "artifacts", ("files", "exclude-paths", "base-directory", "discard-paths")
        )
        files = self._texts(content.get("files"), "artifacts.files")
        if not files:
            self.problems.append("artifacts.files: is missing")
        return Artifacts(
            files=files,
            excluded=self._texts(content.get("exclude-paths"), "artifacts.exclude-paths"),
            base=self._text(content.get("base-directory", "."), "artifacts.base-directory"),
            flat=content.get("discard-paths") in (True, "yes"),
        )


def _kind(value: object) -> str:
    names = {dict: "a mapping", list: "a list", type(None): "nothing"}
    return names.get(type(value), repr(value))
