"""AWS on one machine: moto's server, what it lacks, and Terraform's settings for it."""
