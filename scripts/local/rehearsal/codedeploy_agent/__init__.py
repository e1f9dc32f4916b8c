"""CodeDeploy's agent, played on this machine: appspec.yml and its scripts, as the agent runs them."""
