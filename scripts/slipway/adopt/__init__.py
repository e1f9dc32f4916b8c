"""Adopts resources that already exist: finds them, writes Terraform's import blocks, names differences."""
