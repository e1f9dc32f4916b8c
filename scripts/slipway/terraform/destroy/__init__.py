"""Destroys the stacks in reverse order: shows losses, lifts deletion protection, empties buckets."""
