"""Programs that commands start, the signals that end them, and work in the order of its dependencies."""
