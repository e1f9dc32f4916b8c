"""The rules for the service's variables, and how they are shown."""
