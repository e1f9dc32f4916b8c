"""Commands that run beside the service, in its image and with its configuration."""
