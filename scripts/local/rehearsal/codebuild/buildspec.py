"""Reads a buildspec as CodeBuild does, without side effects; run.py runs it.

Rules that name no other source: docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from local.rehearsal import yaml_text
from slipway.console.errors import UsageError

PHASES = ("install", "pre_build", "build", "post_build")
"""The phases of every build, in order; a build passes through those without commands too."""

RESERVED = "CODEBUILD_"
"""The prefix of variables that CodeBuild reserves."""

VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""A valid variable name in every shell; other text would be evaluated as more than a name."""

OnFailure = Literal["ABORT", "CONTINUE"]


@dataclass(frozen=True, kw_only=True)
class Phase:
    """The commands of one phase. last: those of `finally`, which run even after a failure."""

    commands: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    on_failure: OnFailure | None = None


@dataclass(frozen=True, kw_only=True)
class Artifacts:
    """The files of a build's output. base: their directory, relative to the source."""

    files: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    base: str = "."
    flat: bool = False


@dataclass(frozen=True, kw_only=True)
class Buildspec:
    """A buildspec that a rehearsal can run."""

    shell: str = "sh"
    variables: Mapping[str, str] = field(default_factory=dict)
    exported: tuple[str, ...] = ()
    phases: Mapping[str, Phase] = field(default_factory=dict)
    artifacts: Artifacts | None = None


def parse(text: str, name: str = "buildspec.yml") -> Buildspec:
    """Reads a buildspec; raises UsageError with all problems in it."""
    reading = _Reading()
    try:
        document = yaml_text.read(text)
    except yaml_text.NotYaml as error:
        raise UsageError(
            f"{name} is not YAML",
            why=str(error),
            then="quote values that contain `: ` or `#`, and indent with spaces",
        ) from error
    spec = reading.buildspec(document)
    if reading.problems:
        raise UsageError(
            f"{name} cannot be run",
            why="\n".join(reading.problems),
            then="see docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html",
        )
    return spec


NOT_PLAYED = "supported by CodeBuild, but not by the rehearsal"
IGNORED = (
    "cache",  # affects only how long a build takes
    "reports",  # test reports appear only in CodeBuild's console
    "phases.install.runtime-versions",  # the rehearsal uses the programs on this machine's PATH
    "artifacts.name",  # ignored in a pipeline, which names its artifacts
)
REFUSED = frozenset(
    {"run-as", "batch", "proxy"}
    | {f"env.{key}" for key in ("parameter-store", "secrets-manager", "git-credential-helper")}
    | {f"artifacts.{key}" for key in ("secondary-artifacts", "enable-symlinks", "s3-prefix")}
    | {f"phases.{phase}.run-as" for phase in PHASES}
)


class _Reading:
    """Reads a document and collects the problems in it."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def buildspec(self, document: object) -> Buildspec:
        top = self._mapping(document, "", ("version", "env", "phases", "artifacts"))
        # Version 0.1 runs each command in a separate shell.
        if str(top.get("version")) != "0.2":
            self.problems.append(f"version: must be 0.2, received {top.get('version')!r}")
        env = self._mapping(top.get("env"), "env", ("shell", "variables", "exported-variables"))
        return Buildspec(
            shell=self._shell(env.get("shell", "sh")),
            variables=self._variables(env.get("variables")),
            exported=self._exported(env.get("exported-variables")),
            phases=self._phases(top.get("phases")),
            artifacts=self._artifacts(top["artifacts"]) if "artifacts" in top else None,
        )

    def _mapping(self, value: object, where: str, known: tuple[str, ...]) -> dict[str, object]:
        """The known keys of a mapping; records a problem for each key that is refused or unknown."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.problems.append(f"{where or 'the file'}: must be a mapping, received {_kind(value)}")
            return {}
        for key in value:
            path = f"{where}.{key}".lstrip(".")
            if path in REFUSED:
                self.problems.append(f"{path}: {NOT_PLAYED}")
            elif key not in known and path not in IGNORED:
                self.problems.append(f"{path}: unknown key; allowed here: {', '.join(known)}")
        return {str(key): content for key, content in value.items() if key in known}

    def _texts(self, value: object, where: str) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, list):
            self.problems.append(f"{where}: must be a list, received {_kind(value)}")
            return ()
        return tuple(self._text(element, f"{where}[{index}]") for index, element in enumerate(value))

    def _text(self, value: object, where: str) -> str:
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value)
        self.problems.append(f"{where}: must be text, received {_kind(value)}; quote it")
        return ""

    def _shell(self, value: object) -> str:
        # Those of CodeBuild's shells that a Linux machine has.
        if value not in ("sh", "bash"):
            self.problems.append(f"env.shell: must be sh or bash in a rehearsal, received {value!r}")
        return str(value)

    def _variables(self, value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            self._mapping(value, "env.variables", ())
            return {}
        for name in value:
            if str(name).startswith(RESERVED):
                self.problems.append(f"env.variables.{name}: {RESERVED}… is reserved for CodeBuild")
            self._name(str(name), "env.variables")
        return {str(name): self._text(content, f"env.variables.{name}") for name, content in value.items()}

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
        reason = NOT_PLAYED if str(value).startswith("RETRY") else "must be ABORT or CONTINUE"
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
