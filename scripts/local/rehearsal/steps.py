"""What is played: the steps and the commits, by the names that people read."""

FIRST, GOOD, BROKEN, BACK, COMMAND, WATCHED = TITLES = (
    "first release",
    "good release",
    "broken release",
    "rollback by hand",
    "release command",
    "release that answers 5xx",
)
ONE, TWO, THREE = COMMITS = ("commit 1", "commit 2", "commit 3")
