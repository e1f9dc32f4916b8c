"""Shows the progress of stacks: a live line for each on a terminal, plain lines elsewhere."""
