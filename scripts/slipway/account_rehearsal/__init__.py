"""The rehearsal in a real account: steps that make, release, break, go back, replace, and destroy again."""
