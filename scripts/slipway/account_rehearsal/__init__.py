"""The rehearsal in an AWS account: steps that apply, release, break, roll back, replace and destroy."""
