"""Starts programs, handles signals, and runs work in the order of its dependencies."""
