"""What a variable of the service may be, and how variables are shown."""
