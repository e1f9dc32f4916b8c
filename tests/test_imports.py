"""Nothing imports against the arrows of the design, and no two files import each other."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from slipway.aws.clients import Aws, Client

ROOT = Path(__file__).parents[1]
OURS = ("constructs_lib", "modules", "slipway", "plan_review", "local", "app", "main", "tests")
CLOUD = ("boto3", "botocore", "moto")
SYNTHESIS = ("cdktf", "cdktf_cdktf_provider_aws", "constructs", "jsii")


@dataclass(frozen=True)
class Part:
    """A part of the tree, and the packages that nothing in it may import."""

    name: str
    may_not_import: tuple[str, ...]


def all_ours_but(*allowed: str) -> tuple[str, ...]:
    return tuple(name for name in OURS if name not in allowed)


PARTS = [
    Part("main.py", (*all_ours_but("constructs_lib", "modules"), *CLOUD)),
    Part("constructs_lib", (*all_ours_but("constructs_lib"), *CLOUD)),
    Part("modules", (*all_ours_but("constructs_lib", "modules"), *CLOUD)),
    Part("modules/config", (*all_ours_but("modules"), *CLOUD, *SYNTHESIS)),
    Part("scripts/slipway", (*all_ours_but("slipway", "modules", "plan_review", "local"), *SYNTHESIS)),
    Part("scripts/plan_review", (*all_ours_but("plan_review"), *CLOUD, *SYNTHESIS)),
    Part("scripts/local", (*all_ours_but("local", "slipway", "modules"), *SYNTHESIS)),
    Part("app", (*all_ours_but("app"), *CLOUD, *SYNTHESIS)),
]


@dataclass(frozen=True)
class Import:
    """An import as it stands in a file."""

    file: Path
    line: int
    module: str

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}: imports {self.module}"

    def is_of(self, package: str) -> bool:
        return self.module == package or self.module.startswith(f"{package}.")


@cache
def files(part: str = ".") -> tuple[Path, ...]:
    """The Python files of a part of the tree; what is installed into it is not part of it, and large."""
    path = ROOT / part
    if path.is_file():
        return (path,)
    own = (each for each in path.iterdir() if not each.name.startswith(".") and each.name != "node_modules")
    found = (each.rglob("*.py") if each.is_dir() else [each] for each in own)
    return tuple(sorted(file for each in found for file in each if file.suffix == ".py"))


@cache
def statements(file: Path) -> tuple[ast.Import | ast.ImportFrom, ...]:
    """Every statement in a file that imports, those inside functions too."""
    nodes = ast.walk(ast.parse(file.read_text()))
    return tuple(node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))


def imports(file: Path) -> Iterator[Import]:
    """Every import in a file; ``from a import b`` counts as ``a.b``."""
    for node in statements(file):
        if isinstance(node, ast.Import):
            yield from (Import(file, node.lineno, alias.name) for alias in node.names)
        else:
            module = node.module or ""
            yield from (Import(file, node.lineno, f"{module}.{alias.name}") for alias in node.names)


def module_name(file: Path) -> str:
    """The name that a file is imported by."""
    inside = file.relative_to(ROOT).with_suffix("")
    parts = inside.parts[1:] if inside.parts[0] == "scripts" else inside.parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("part", PARTS, ids=[part.name for part in PARTS])
def test_a_part_imports_only_what_the_design_lets_it(part: Part) -> None:
    against = [
        str(each)
        for file in files(part.name)
        for each in imports(file)
        if any(each.is_of(package) for package in part.may_not_import)
    ]

    assert not against, "imports against the arrows of the design:\n" + "\n".join(against)


LAYERS = (
    {"constructs_lib", "modules.config", "plan_review"},
    {"modules", "slipway.console"},
    {"main", "slipway.aws", "slipway.processes"},
    {"slipway.checkout", "slipway.terraform"},
    {
        "slipway.runs",
        "slipway.adopt",
        "slipway.doctor",
        "slipway.hosts",
        "slipway.logs",
        "slipway.parameters",
        "slipway.releases",
        "slipway.status",
    },
    {"slipway.account_rehearsal"},
    {"local"},
    {"slipway.cli", "slipway"},
)
"""The packages of the product from the bottom up. What is in one layer may import what is in those below."""


def package(module: str) -> str:
    """The package of one of the repository's modules; in slipway and modules, the one below them."""
    parts = module.split(".")
    if parts[0] == "slipway" or parts[:2] == ["modules", "config"]:
        return ".".join(parts[:2])
    return parts[0]


def product_files() -> list[Path]:
    parts = (
        "main.py",
        "constructs_lib",
        "modules",
        "scripts/slipway",
        "scripts/plan_review",
        "scripts/local",
    )
    return [file for part in parts for file in files(part)]


def test_every_package_has_a_layer_and_none_imports_its_own_or_a_higher_one() -> None:
    layer = {name: number for number, names in enumerate(LAYERS) for name in names}
    against = [
        f"{each}, from {here}"
        for file in product_files()
        for each in imports(file)
        if each.module.split(".")[0] in {name.split(".")[0] for name in layer}
        and (here := package(module_name(file))) != (there := package(each.module))
        and layer[here] <= layer[there]
    ]

    assert not against, "imports that do not lead down:\n" + "\n".join(against)


def test_only_the_command_line_imports_what_plays_aws_on_this_machine() -> None:
    against = [
        str(each)
        for file in product_files()
        if package(module_name(file)) not in ("local", "slipway.cli")
        for each in imports(file)
        if each.is_of("local")
    ]

    assert not against, "local is imported by slipway.cli alone:\n" + "\n".join(against)


def outside_of_aws() -> list[Path]:
    """The command's files that know AWS only through our own readers."""
    inside = ("aws", "terraform")
    return [
        file
        for file in files("scripts/slipway")
        if file.relative_to(ROOT / "scripts/slipway").parts[0] not in inside
    ]


def test_botocore_and_its_clients_are_known_to_aws_terraform_and_local_alone() -> None:
    against = [
        str(each)
        for file in outside_of_aws()
        for each in imports(file)
        if each.module.split(".")[0] in CLOUD or each.module.startswith("mypy_boto3")
    ]

    assert not against, "use a reader in slipway/aws, which raises an AwsError:\n" + "\n".join(against)


def test_no_client_is_used_or_handed_on_outside_of_aws_and_terraform() -> None:
    clients = {name for name, value in vars(Aws).items() if isinstance(value, Client)} | {"client"}
    against = [
        f"{file.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}"
        for file in outside_of_aws()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in clients
        and ast.unparse(node.value).split(".")[-1].lstrip("_") == "aws"
    ]

    assert len(clients) > 10
    assert not against, "use a reader in slipway/aws:\n" + "\n".join(against)


def test_a_class_has_its_name_to_itself() -> None:
    """One name, one meaning: a reader of a call knows which class it is without looking at the imports."""
    found: dict[str, list[str]] = {}
    for file in [*product_files(), *files("app"), *files("scripts/build"), *files("scripts/dev")]:
        if "tests" not in file.parts:
            for node in ast.parse(file.read_text()).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found.setdefault(node.name, []).append(str(file.relative_to(ROOT)))
    twice = {name: places for name, places in found.items() if len(places) > 1}

    assert twice == {}


def test_the_command_knows_of_modules_only_the_settings_and_names() -> None:
    against = [
        str(each)
        for file in [*files("scripts/slipway"), *files("scripts/local")]
        for each in imports(file)
        if each.is_of("modules") and not each.is_of("modules.config")
    ]

    assert not against, "slipway may import modules.config alone:\n" + "\n".join(against)


def test_only_the_engine_knows_how_the_bindings_are_loaded() -> None:
    against = [
        str(each)
        for part in ("main.py", "constructs_lib", "modules", "scripts/slipway")
        for file in files(part)
        for each in imports(file)
        if each.is_of("constructs_lib.engine")
        and file not in {ROOT / "constructs_lib" / name for name in ("__init__.py", "stack.py")}
        and file.parent.name != "engine"
    ]

    assert not against, "only constructs_lib/__init__.py and stack.py use the engine:\n" + "\n".join(against)


def test_every_import_says_the_whole_name() -> None:
    relative = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in files()
        for node in statements(file)
        if isinstance(node, ast.ImportFrom) and node.level
    ]

    assert not relative, f"relative imports: {', '.join(relative)}"


def test_no_two_files_import_each_other() -> None:
    ours = {module_name(file): file for file in files()}
    graph = {
        name: {imported for each in imports(file) if (imported := _file_of(each, ours)) and imported != name}
        for name, file in ours.items()
    }

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail("files import each other: " + " <- ".join(error.args[1]))


def _file_of(each: Import, ours: dict[str, Path]) -> str | None:
    """The repository's module that an import loads: ``a.b`` itself, or ``a`` where ``b`` is a name in it."""
    package = each.module.rpartition(".")[0]
    return each.module if each.module in ours else package if package in ours else None


@pytest.mark.parametrize(
    "part",
    ["main.py", "constructs_lib", "modules", "modules/config", "scripts/slipway", "scripts/plan_review"],
)
def test_every_part_that_is_looked_at_is_there(part: str) -> None:
    assert files(part)


def test_importing_the_settings_loads_neither_jsii_nor_boto3() -> None:
    settings = ", ".join(module_name(file) for file in files("modules/config"))
    program = f"import {settings}, sys; print({set(SYNTHESIS + CLOUD)!r} & sys.modules.keys())"

    loaded = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True)

    assert loaded == "set()\n"
