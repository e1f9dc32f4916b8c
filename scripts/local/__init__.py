"""AWS on one machine: the emulator, the demo that applies to it, the rehearsal of releases."""
