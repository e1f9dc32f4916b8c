"""What is played: the steps and the commits, by the names that people read."""

FIRST, GOOD, BROKEN, TIME_UP, BACK, COMMAND, SCALED, RENEWED, BOOT, WATCHED = TITLES = (
    "first release",
    "good release",
    "broken release",
    "a hook whose time is up",
    "rollback by hand",
    "release command",
    "a host comes, one goes",
    "all hosts renewed",
    "first boot that fails",
    "release that answers 5xx",
)
ONE, TWO, THREE, FOUR = COMMITS = ("commit 1", "commit 2", "commit 3", "commit 4")
