"""Shows how far every stack is: a line each on a terminal, plain lines anywhere else."""
