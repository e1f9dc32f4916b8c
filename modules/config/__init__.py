"""What pipeline.toml says and the names that follow from it; pure, loads neither jsii nor boto3."""

import os

# Pydantic would look through all installed packages for plugins, which takes longer than to read settings.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
