"""The documents agree with the code and with each other: links, commands, alarms, decisions, sums."""

import importlib
import re
import subprocess
import tomllib
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from slipway.cli.app import app
from tests.settings import demo
from tests.synthesis import synthesised

ROOT = Path(__file__).parents[1]
DECISIONS = ROOT / "docs" / "decisions"
RUNBOOKS = ROOT / "docs" / "runbooks"
COSTS = ROOT / "docs" / "costs.md"
NOT_ALARMS = {"README", "rollback-by-hand", "state-lock"}
HOURS_A_MONTH = 730

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
CODE = re.compile(r"`([^`\n]+)`")


def documents() -> list[Path]:
    """Every Markdown file that is committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def name(document: Path) -> str:
    return str(document.relative_to(ROOT))


each_document = pytest.mark.parametrize("document", documents(), ids=name)


def prose(document: Path) -> str:
    """The text without its code, where brackets are no links."""
    return CODE.sub("", FENCE.sub("", document.read_text(encoding="utf-8")))


def snippets(document: Path) -> Iterator[str]:
    """Each piece of code, whether a block or within a line."""
    text = document.read_text(encoding="utf-8")
    yield from (match["text"] for match in FENCE.finditer(text))
    yield from (match[1] for match in CODE.finditer(FENCE.sub("", text)))


def anchors(document: Path) -> set[str]:
    """The anchors that hosts of Git repositories make of the headings."""
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ +(.*?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# links


@each_document
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    for link in LINK.findall(prose(document)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), f"{name(document)} links to {link}, which is not there"
        if anchor:
            assert anchor in anchors(target), f"{name(document)} links to {link}; {sorted(anchors(target))}"


@each_document
def test_every_document_begins_with_its_title(document: Path) -> None:
    assert document.read_text(encoding="utf-8").startswith("# ")


# alarms and runbooks


def alarms() -> dict[str, Any]:
    """Every alarm of the demo's staging environment: its name without the environment, its resource."""
    names = demo().service + "-staging-"
    return {
        each["alarm_name"].removeprefix(names): each
        for each in synthesised("demo").resources("aws_cloudwatch_metric_alarm")
        if each["alarm_name"].startswith(names)
    }


def test_every_alarm_has_its_runbook_and_every_runbook_its_alarm() -> None:
    assert {page.stem for page in RUNBOOKS.glob("*.md")} - NOT_ALARMS == alarms().keys()


def test_every_alarm_points_to_a_page_that_is_there() -> None:
    for alarm in alarms().values():
        page = alarm["alarm_description"].rsplit("docs/runbooks/", 1)[1]
        assert (RUNBOOKS / page).is_file(), alarm["alarm_description"]


@pytest.mark.parametrize("page", sorted({each.stem for each in RUNBOOKS.glob("*.md")} - NOT_ALARMS))
def test_every_runbook_says_what_is_seen_where_to_look_why_and_the_way_back(page: str) -> None:
    text = (RUNBOOKS / f"{page}.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
        "Symptom",
        "First look",
        "Likely causes",
        "Way back",
    ]


def test_every_runbook_is_in_the_index() -> None:
    index = LINK.findall((RUNBOOKS / "README.md").read_text(encoding="utf-8"))
    assert {page.name for page in RUNBOOKS.glob("*.md")} - {"README.md"} <= set(index)


# decisions


def test_the_index_of_decisions_names_each_of_them_with_its_title() -> None:
    rows = dict(
        re.findall(r"^\| \[\d{4}\]\((.*?)\) \| (.*) \|$", (DECISIONS / "README.md").read_text(), re.M)
    )
    titles = {
        page.name: page.read_text().splitlines()[0].removeprefix(f"# {page.name[:4]}: ")
        for page in DECISIONS.glob("[0-9]*.md")
    }
    assert rows == titles


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(page.name[:4]) for page in DECISIONS.glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


# costs


def tables(heads: str) -> list[list[list[str]]]:
    """The rows of each table in the costs whose head begins with these columns."""
    found = []
    for block in re.findall(r"(?:^\|.*\|\n)+", COSTS.read_text(encoding="utf-8"), re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
        if rows[0][: len(heads.split())] == heads.split():
            found.append(rows[2:])
    return found


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def priced() -> list[list[list[str]]]:
    """The tables that end in a total."""
    return [table for table in tables("what") if table[-1][0] == "**total**"]


def test_every_row_of_the_costs_is_its_number_times_its_price() -> None:
    assert len(priced()) == 2
    for table in priced():
        for what, number, price, per, result, *_ in table[:-1]:
            times = HOURS_A_MONTH if per == "hour" else 1
            assert cents(Decimal(number) * Decimal(price) * times) == Decimal(result), what


def test_the_total_of_the_costs_is_their_sum() -> None:
    for table in priced():
        total = Decimal(table[-1][4].strip("*"))
        assert sum(Decimal(row[4]) for row in table[:-1]) == total


def test_the_costs_count_what_the_committed_pipeline_has() -> None:
    said = {row[0]: int(row[1]) for row in priced()[0][:-1]}
    made = synthesised("demo")
    hosts = sum(each["desired_capacity"] for each in made.resources("aws_autoscaling_group"))
    nats, balancers = (len(list(made.resources(kind))) for kind in ("aws_nat_gateway", "aws_lb"))
    zones = sum(len(each["subnets"]) for each in made.resources("aws_lb"))
    tracked = len(list(made.resources("aws_autoscaling_policy")))
    disk = next(made.resources("aws_launch_template"))["block_device_mappings"][0]["ebs"]["volume_size"]
    assert said["hosts, t3.small"] == hosts
    assert said["disks, gp3, GB"] == hosts * disk
    assert said["detailed monitoring, metrics"] == hosts * 7
    assert said["NAT gateways"] == nats
    assert said["load balancers"] == balancers
    assert said["public IPv4 addresses"] == nats + zones
    assert said["KMS keys"] == len(list(made.resources("aws_kms_key")))
    assert said["dashboards"] == len(list(made.resources("aws_cloudwatch_dashboard")))
    assert said["alarms"] == len(list(made.resources("aws_cloudwatch_metric_alarm"))) + 2 * tracked
    assert {each["instance_type"] for each in made.resources("aws_launch_template")} == {"t3.small"}


# commands


@each_document
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z/-]*):", makefile, re.MULTILINE))
    for snippet in snippets(document):
        for target in re.findall(r"(?:^|&& |\$ )make +([a-z][a-z/-]*)", snippet, re.MULTILINE):
            assert target in targets, f"{name(document)}: make {target}"


@each_document
def test_every_slipway_command_and_option_that_is_named_exists(document: Path) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    for snippet in snippets(document):
        for line in re.findall(r"(?:^|&& |\$ |bin/)slipway +([a-z-][^#`|>\n]*)", snippet, re.MULTILINE):
            called, *rest = line.replace("[", " ").replace("]", " ").split()
            if called == "--help":
                continue
            command = group.commands.get(called)
            assert command, f"{name(document)}: slipway {called}"
            options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
            unknown = {word for word in rest if word.startswith("--")} - options
            assert not unknown, f"{name(document)}: slipway {called} {unknown}"


@cache
def aws_cli() -> dict[str, Any]:
    """The AWS CLI's own table of its commands."""
    driver = importlib.import_module("awscli.clidriver").create_clidriver()
    return dict(driver.create_help_command().command_table)


def aws_lines(document: Path) -> Iterator[list[str]]:
    """Each command of the AWS CLI in the document, as words; one within another's ``$(…)`` by itself."""
    for snippet in snippets(document):
        plain = re.sub(r"'[^'\n]*'", "QUOTED", snippet.replace("\\\n", " ")).replace('"', "")
        plain = re.sub(r"\$\(\(.*?\)\)", "NUMBER", plain)
        while inner := re.search(r"\$\(([^()]*)\)", plain):
            yield from aws_words(inner[1])
            plain = plain.replace(inner[0], "ANSWER")
        for line in plain.splitlines():
            yield from aws_words(line)


def aws_words(line: str) -> Iterator[list[str]]:
    """A line's words after ``aws``, up to a pipe, if that is the command that it runs."""
    command = re.match(r" *aws +([a-z0-9-]+ +[a-z][^|]*)", line)
    if command:
        yield command[1].split()


@each_document
def test_every_aws_command_and_option_that_is_named_exists(document: Path) -> None:
    everywhere = {"--query", "--output", "--region", "--profile"}
    for service, operation, *rest in aws_lines(document):
        where = f"{name(document)}: aws {service} {operation}"
        assert service in aws_cli(), where
        commands = aws_cli()[service].create_help_command().command_table
        assert operation in commands, where
        command = commands[operation]
        if operation == "wait":
            command = command.create_help_command().command_table[rest[0]]
        known = {f"--{each}" for each in command.create_help_command().arg_table} | everywhere
        unknown = {word for word in rest if word.startswith("--")} - known
        assert not unknown, f"{where} {unknown}"


def test_the_licence_in_the_package_is_the_one_in_the_file() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith(f"{project['license']} License")
