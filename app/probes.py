"""The paths of the probes, which faults do not affect and the access log records only if they fail."""

HEALTH = "/healthz"
READINESS = "/readyz"
VERSION = "/version"

PROBES = frozenset({HEALTH, READINESS, VERSION})
