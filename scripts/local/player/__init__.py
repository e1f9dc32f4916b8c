"""Simulates people, builds and hosts during an account rehearsal in an emulated account."""
