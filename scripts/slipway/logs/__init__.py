"""Reads the logs of the service, its hosts and its builds."""
