"""Simulates the CodeDeploy agent on this machine: runs appspec.yml's scripts as the agent does."""
