"""The slipway command: the state bucket, releases, status, plans, rehearsals."""
