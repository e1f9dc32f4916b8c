"""All stacks of a pipeline: synthesised, planned, applied and checked in their order."""
