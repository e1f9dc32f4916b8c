"""Simulates CodeBuild on this machine: reads a buildspec and runs it as CodeBuild does."""
