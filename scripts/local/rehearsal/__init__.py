"""Rehearses releases on this machine: real containers, registry and scripts; AWS is emulated."""
