"""Creates, protects and repairs the bucket for Terraform's state, which cannot be in that state itself."""
