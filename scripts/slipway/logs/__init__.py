"""What the service, its hosts and its builds write, as people and programs read it."""
