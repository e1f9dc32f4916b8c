"""CodeDeploy, played on this machine: deployments of the emulated AWS, carried out on hosts."""
