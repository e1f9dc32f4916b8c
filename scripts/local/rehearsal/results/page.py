"""Draws a rehearsal as one HTML page that needs nothing else: a timeline of hosts, requests and builds."""

import html
from collections.abc import Iterator
from pathlib import Path

from local.rehearsal.results.record import EventRecord, RehearsalRecord, StepRecord
from local.rehearsal.results.table import TIMES, deployments, seconds_in_words

TEMPLATE = Path(__file__).with_name("page.html")
WIDTH, LEFT, ROW, CHART = 1200.0, 110.0, 30.0, 120.0
TICK = 60  # seconds
SHORTEST = 0.2  # seconds
COLOURS = 4


def render(record: RehearsalRecord) -> str:
    """The whole page."""
    parts = {
        "title": f"Rehearsal of {record.service} in {record.environment}",
        "verdict": "as it has to be" if record.passed else "failed",
        "state": "good" if record.passed else "bad",
        "facts": _facts(record),
        "timeline": Timeline(record).svg(),
        "legend": _legend(record),
        "steps": "".join(_step(step, record) for step in record.steps),
        "times": "".join(_time(record, name, words) for name, words in TIMES.items()),
    }
    page = TEMPLATE.read_text(encoding="utf-8")
    for name, content in parts.items():
        page = page.replace(f"<!--{name}-->", content)
    return page


class Timeline:
    """Hosts' lifecycle events, builds, and answers by commit, over one axis of seconds."""

    def __init__(self, record: RehearsalRecord) -> None:
        self.record = record
        self.hosts = sorted(
            {host.name for step in record.steps for each in step.deployments for host in each.hosts}
        )
        self.rows = ["builds", *self.hosts]
        self.chart_top = 50 + ROW * len(self.rows) + 20
        self.height = self.chart_top + CHART + 40
        begins = [step.at for step in record.steps]
        begins += [build.at for step in record.steps for build in step.builds]
        first = min(begins, default=0.0)
        self.begin = first - first % TICK
        self.end = max((step.at + step.seconds for step in record.steps), default=0.0) + 5

    def svg(self) -> str:
        """The drawing."""
        drawn = "".join((*self._steps(), *self._ticks(), *self._rows(), *self._builds(), *self._events()))
        return (
            f'<svg viewBox="0 0 {WIDTH:.0f} {self.height:.0f}" role="img" aria-label="timeline">'
            f"{drawn}{''.join(self._traffic())}</svg>"
        )

    def _x(self, seconds: float) -> float:
        return LEFT + (WIDTH - LEFT - 10) * (seconds - self.begin) / (self.end - self.begin)

    def _bar(self, at: float, seconds: float, row: int, kind: str, words: str) -> str:
        x, width = self._x(at), max(1.5, self._x(at + seconds) - self._x(at))
        y = 50 + ROW * row + 4
        return (
            f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{ROW - 8:.0f}" rx="2">'
            f"<title>{html.escape(words)}</title></rect>"
        )

    def _steps(self) -> Iterator[str]:
        deploying = [step for step in self.record.steps if step.deployments]
        for number, step in enumerate(deploying):
            x, width = self._x(step.at), self._x(step.at + step.seconds) - self._x(step.at)
            shade = "band odd" if number % 2 else "band"
            state = "" if step.passed else " bad"
            box = f'x="{x:.1f}" y="24" width="{width:.1f}" height="{self.height - 48:.0f}"'
            yield f'<rect class="{shade}" {box}/>'
            yield f'<text class="step{state}" x="{x + 5:.1f}" y="40">{html.escape(step.title)}</text>'

    def _ticks(self) -> Iterator[str]:
        for second in range(int(self.begin), int(self.end), TICK):
            x = self._x(second)
            yield f'<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="24" y2="{self.height - 24:.0f}"/>'
            yield f'<text class="axis" x="{x:.1f}" y="{self.height - 8:.0f}">{second // 60} min</text>'

    def _rows(self) -> Iterator[str]:
        for number, name in enumerate(self.rows):
            y = 50 + ROW * number + ROW / 2 + 4
            yield f'<text class="row" x="0" y="{y:.1f}">{html.escape(name)}</text>'
        yield f'<text class="row" x="0" y="{self.chart_top + 14:.1f}">answers/s</text>'

    def _builds(self) -> Iterator[str]:
        for step in self.record.steps:
            for build in step.builds:
                name = self.record.names.get(build.commit, build.commit)
                words = (
                    f"build of {name}: {build.seconds:.1f} s, of which the push {build.push_seconds:.1f} s"
                )
                yield self._bar(build.at, build.seconds, 0, "build", words)

    def _events(self) -> Iterator[str]:
        for step in self.record.steps:
            for deployment in step.deployments:
                name = self.record.names.get(deployment.commit, deployment.commit)
                for host in deployment.hosts:
                    for event in _worth_drawing(host.events):
                        words = f"{host.name}, {name}: {event.name} {event.status}, {event.seconds:.1f} s"
                        kind = event.name if event.status == "Succeeded" else "failed"
                        row = self.rows.index(host.name)
                        yield self._bar(event.at, event.seconds, row, kind, words)

    def _traffic(self) -> Iterator[str]:
        """Each second's answers stacked by commit, failures on top."""
        most = max((sum(each.values()) for each in self._seconds().values()), default=1)
        width = max(1.0, self._x(1) - self._x(0))
        for second, counts in self._seconds().items():
            y = self.chart_top + CHART
            for commit, count in sorted(counts.items(), key=lambda each: each[0] == ""):
                height = CHART * count / most
                y -= height
                name = self.record.names.get(commit, commit) or "failed"
                box = f'x="{self._x(second):.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
                kind = _colour(self.record, commit)
                yield f'<rect class="{kind}" {box}><title>{count} × {html.escape(name)}</title></rect>'

    def _seconds(self) -> dict[int, dict[str, int]]:
        seconds: dict[int, dict[str, int]] = {}
        for step in self.record.steps:
            for each in step.traffic:
                seconds.setdefault(each.at, {})[each.commit] = each.requests
        return seconds


def _worth_drawing(events: list[EventRecord]) -> Iterator[EventRecord]:
    """Events without hooks take no time."""
    return (event for event in events if event.seconds >= SHORTEST or event.status != "Succeeded")


def _colour(record: RehearsalRecord, commit: str) -> str:
    """A commit's class; failures have their own."""
    return f"commit{list(record.names).index(commit) % COLOURS}" if commit in record.names else "failed"


def _legend(record: RehearsalRecord) -> str:
    asked = {each.commit for step in record.steps for each in step.traffic}
    commits = [(name, _colour(record, commit)) for commit, name in record.names.items() if commit in asked]
    events = [
        (name, name) for name in ("BlockTraffic", "ApplicationStart", "ValidateService", "AllowTraffic")
    ]
    pairs = [
        *events,
        ("failed", "failed"),
        ("build", "build"),
        *((f"answered by {n}", c) for n, c in commits),
    ]
    return "".join(_legend_entry(kind, words) for words, kind in pairs)


def _legend_entry(kind: str, words: str) -> str:
    swatch = f'<svg width="14" height="14"><rect class="{kind}" width="14" height="14" rx="3"/></svg>'
    return f"<li>{swatch}{html.escape(words)}</li>"


def _facts(record: RehearsalRecord) -> str:
    facts = (
        f"{record.seconds:.0f} s on this machine",
        f"{sum(step.requests for step in record.steps):,} requests, {record.failed_requests} failed",
        f"Docker {record.engine}",
        f"base image: {record.base_image}",
        record.started_at,
    )
    return "".join(f"<li>{html.escape(fact)}</li>" for fact in facts)


def _step(step: StepRecord, record: RehearsalRecord) -> str:
    checks = "".join(
        f'<li class="{"good" if check.holds else "bad"}">{html.escape(check.what)}'
        + (f"<pre>{html.escape(check.found)}</pre>" if not check.holds and check.found else "")
        + "</li>"
        for check in step.checks
    )
    asked = f" · {step.requests:,} requests, {step.failed_requests} failed" if step.requests else ""
    state = "good" if step.passed else "bad"
    told = html.escape(deployments(step, record))
    return (
        f'<section><h3 class="{state}">{html.escape(step.title)}</h3>'
        f"<p>{step.seconds:.0f} s{asked}{' · ' + told if told else ''}</p><ul>{checks}</ul></section>"
    )


def _time(record: RehearsalRecord, name: str, words: str) -> str:
    seconds = record.times.get(name)
    return "" if seconds is None else f"<tr><td>{words}</td><td>{seconds_in_words(seconds)}</td></tr>"
