"""Checks what a first deployment needs; each check says what was found and what to do."""
