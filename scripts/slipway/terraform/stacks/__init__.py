"""All stacks of a pipeline together: synthesised, applied and checked in the order they need."""
