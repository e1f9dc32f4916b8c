"""Takes everything down again: what would be lost, what stands in the way, then the stacks in reverse."""
