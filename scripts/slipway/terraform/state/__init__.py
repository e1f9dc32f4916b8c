"""The bucket that holds Terraform's state: made, protected and repaired. State cannot hold itself."""
