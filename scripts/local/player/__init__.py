"""Plays beside a rehearsal in an emulated account what nobody else does there: people, builds, hosts."""
