"""Emulated AWS on one machine: moto's server, what moto lacks, and Terraform's settings for it."""
