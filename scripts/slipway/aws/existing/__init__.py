"""Finds what exists in AWS of the resources that a stack plans, type by type; table.py lists the types."""
