"""What a rehearsal runs for real: Docker engines, hosts, a registry, a load balancer."""
