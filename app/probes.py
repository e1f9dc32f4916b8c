"""The paths that machines ask, which faults leave alone and the access log keeps quiet about."""

HEALTH = "/healthz"
READINESS = "/readyz"
VERSION = "/version"

PROBES = frozenset({HEALTH, READINESS, VERSION})
