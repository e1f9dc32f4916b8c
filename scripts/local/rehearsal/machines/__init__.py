"""The parts of a rehearsal that are real: Docker engines, hosts, a registry, a load balancer."""
