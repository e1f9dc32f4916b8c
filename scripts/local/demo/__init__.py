"""The main job: every stack applied to an emulated AWS on this machine, and nothing left to change."""
