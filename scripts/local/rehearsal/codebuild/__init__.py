"""CodeBuild, played on this machine: a buildspec, read and run as CodeBuild does."""
