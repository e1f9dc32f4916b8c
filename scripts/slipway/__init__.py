"""The slipway command and what it does: state, releases, reviews, the emulated AWS."""
