"""The names of the steps and of the commits."""

FIRST, BOOT, GOOD, BROKEN, TIME_UP, BACK, COMMAND, SCALED, RENEWED, WATCHED = TITLES = (
    "first release",
    "first boot that fails",
    "good release",
    "broken release",
    "a hook that times out",
    "rollback by hand",
    "release command",
    "a host comes, one goes",
    "all hosts renewed",
    "release that answers 5xx",
)
ONE, TWO, THREE, FOUR = COMMITS = ("commit 1", "commit 2", "commit 3", "commit 4")
