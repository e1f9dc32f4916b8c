"""Renders a rehearsal as one self-contained HTML page: a timeline of hosts, requests and builds."""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from local.rehearsal.results.record import RehearsalRecord
from local.rehearsal.results.table import TIMES, deployments, seconds_in_words

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=lambda value: round(value, 1) if isinstance(value, float) else value,
)
WIDTH, LEFT, ROW, CHART = 1200, 110, 30, 120
TICK = 60  # seconds
COLOURS = 4


def render(record: RehearsalRecord) -> str:
    """The HTML page of a record, in one file."""
    return TEMPLATES.get_template("page.html").render(
        record=record,
        timeline=Timeline(record),
        colour=lambda commit: _colour(record, commit),
        legend=_legend(record),
        deployments=deployments,
        times=[(words, record.times.get(name)) for name, words in TIMES.items()],
        seconds_in_words=seconds_in_words,
    )


class Timeline:
    """The data of the timeline: hosts' lifecycle events, builds, and answers by commit, in seconds."""

    def __init__(self, record: RehearsalRecord) -> None:
        self.record = record
        deployed = [deployment for step in record.steps for deployment in step.deployments]
        hosts = sorted({host.name for deployment in deployed for host in deployment.hosts})
        self.rows = {name: 50 + ROW * number for number, name in enumerate(("builds", *hosts))}
        self.chart_top = 50 + ROW * len(self.rows) + 20
        self.width, self.height = WIDTH, self.chart_top + CHART + 40
        begins = [step.at for step in record.steps]
        begins += [build.at for step in record.steps for build in step.builds]
        first = min(begins, default=0.0)
        self.begin = first - first % TICK
        self.end = max((step.at + step.seconds for step in record.steps), default=0.0) + 5
        self.ticks = range(int(self.begin), int(self.end), TICK)

    def x(self, seconds: float) -> float:
        """The horizontal position of a time, in pixels."""
        return LEFT + self.length(seconds - self.begin)

    def length(self, seconds: float) -> float:
        """The width of a duration, in pixels."""
        return (WIDTH - LEFT - 10) * seconds / (self.end - self.begin)

    def answers(self) -> Iterator[tuple[str, int, float, float, float]]:
        """Each second's answers by commit, failures on top: commit, number, left, top, height."""
        seconds: dict[int, dict[str, int]] = {}
        for step in self.record.steps:
            for traffic in step.traffic:
                seconds.setdefault(traffic.at, {})[traffic.commit] = traffic.requests
        most = max((sum(counts.values()) for counts in seconds.values()), default=1)
        for second, counts in seconds.items():
            top = float(self.chart_top + CHART)
            for commit, count in sorted(counts.items(), key=lambda item: item[0] == ""):
                height = CHART * count / most
                top -= height
                yield commit, count, self.x(second), top, height


def _colour(record: RehearsalRecord, commit: str) -> str:
    """The CSS class of a commit; ``failed`` for failures."""
    return f"commit{list(record.names).index(commit) % COLOURS}" if commit in record.names else "failed"


def _legend(record: RehearsalRecord) -> list[tuple[str, str]]:
    """The CSS class of each colour, and its meaning."""
    asked = {traffic.commit for step in record.steps for traffic in step.traffic}
    commits = [(commit, name) for commit, name in record.names.items() if commit in asked]
    events = ("BlockTraffic", "ApplicationStart", "ValidateService", "AllowTraffic", "failed", "build")
    answers = [(_colour(record, commit), f"answered by {name}") for commit, name in commits]
    return [*((name, name) for name in events), *answers]
