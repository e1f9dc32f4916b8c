"""Looks at what has to be there before a first deployment; each thing is a finding with its remedy."""
