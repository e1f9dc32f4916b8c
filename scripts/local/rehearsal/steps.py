"""What is played: the steps and the commits, by the names that people read."""

FIRST, SWAP, GOOD, BROKEN, BACK = TITLES = (
    "first release",
    "gap on one host",
    "good release",
    "broken release",
    "rollback by hand",
)
ONE, TWO, THREE = COMMITS = ("commit 1", "commit 2", "commit 3")
