"""The settings of pipeline.toml and the names derived from them; loads neither jsii nor boto3."""
