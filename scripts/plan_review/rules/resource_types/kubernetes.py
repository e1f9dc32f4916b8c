"""Types of Kubernetes: those with state, those that serve, those that store logs.

Source: registry.terraform.io/providers/hashicorp/kubernetes/latest/docs, helm and kubectl.
"""

HOLDS_STATE = {
    "volume": "kubernetes_persistent_volume kubernetes_persistent_volume_claim",
    "namespace": "kubernetes_namespace",
    "release": "helm_release",
    "secret": "kubernetes_secret",
    "stateful set": "kubernetes_stateful_set",
}
SERVES = {
    "service": (
        "kubernetes_deployment kubernetes_service kubernetes_ingress kubernetes_daemon_set "
        "kubernetes_daemonset kubernetes_job kubernetes_cron_job kubernetes_replication_controller "
        "kubernetes_pod"
    ),
    "object": "kubectl_manifest kubernetes_manifest",
}
KEEPS_LOGS: dict[str, str] = {}
