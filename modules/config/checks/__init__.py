"""What settings that are right by themselves must be to each other; compare.py runs all of it."""
