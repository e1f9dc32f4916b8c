"""Runs Terraform: its commands, environment, events and errors."""
