"""What pipeline.toml says and the names that follow from it; pure, loads neither jsii nor boto3."""
