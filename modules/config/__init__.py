"""The settings of pipeline.toml and the names derived from them; loads neither jsii nor boto3."""

import os

# Pydantic would search all installed packages for plugins, which takes longer than to read the settings.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
