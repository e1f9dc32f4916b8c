"""Runs commands beside the service, in its image and with its configuration."""
