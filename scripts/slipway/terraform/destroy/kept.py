"""What pipeline.toml names because it existed already: ``slipway destroy`` does not destroy it."""

from collections.abc import Iterable, Iterator, Mapping

from modules.config.settings import Environment, ExistingNetwork, PipelineSettings


def kept(settings: PipelineSettings, environments: Iterable[Environment]) -> list[str]:
    """The lines about it; empty if everything was created here.

    environments: those that are destroyed. What all of them share is included if they are all of them.
    """
    chosen = tuple(environments)
    found = sorted({name for environment in chosen for name in _of(settings, environment)})
    if chosen == settings.environments:
        found += _shared(settings)
    return [f"Kept, because it existed before: {', '.join(found)}."] if found else []


def _of(settings: PipelineSettings, environment: Environment) -> Iterator[str]:
    own = settings.own_platform(environment)  # which did not exist before
    if (network := environment.existing_network) and not own:
        yield f"the network {_network(network)}"
    if (balancer := environment.existing_load_balancer) and not own:
        yield f"the load balancer {balancer.name or (balancer.listener or '').split('/')[2]}"
    if environment.key_arn:
        yield _key(environment.key_arn)
    if environment.access_log_bucket:
        yield f"the bucket {environment.access_log_bucket}"
    if environment.certificate_arn:
        yield f"the certificate {environment.certificate_arn.rpartition('/')[2]}"
    if environment.hosted_zone:
        yield f"the hosted zone {environment.hosted_zone}"


def _shared(settings: PipelineSettings) -> Iterator[str]:
    if settings.key_arn:
        yield _key(settings.key_arn)
    if settings.registry.repository:
        yield f"the repository {settings.registry.repository}"
    if settings.alerts.topic_arn:
        yield f"the topic {settings.alerts.topic_arn.rpartition(':')[2]}"
    if settings.source.s3 and settings.source.s3.bucket:
        yield f"the bucket {settings.source.s3.bucket}"


def _key(arn: str) -> str:
    return f"the key {arn.rpartition('/')[2]}"


def _network(network: ExistingNetwork) -> str:
    return network.vpc or _tags(network.vpc_tags)


def _tags(tags: Mapping[str, str]) -> str:
    return "tagged " + " ".join(f"{key}={value}" for key, value in tags.items())
