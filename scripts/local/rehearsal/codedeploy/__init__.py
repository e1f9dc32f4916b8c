"""Simulates CodeDeploy on this machine: runs deployments of the emulated AWS on the hosts."""
