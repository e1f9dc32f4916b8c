"""The checkout that a command runs in: its settings, git history and working directories."""
