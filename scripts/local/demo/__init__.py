"""The demo: applies every stack to an emulated AWS on this machine and checks that no change remains."""
