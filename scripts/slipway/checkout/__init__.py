"""The checkout that a command runs in: its settings, its git history, its working directories."""
