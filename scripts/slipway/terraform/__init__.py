"""What the real Terraform needs from this machine before it can run."""
