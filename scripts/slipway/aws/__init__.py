"""AWS through boto3: clients for one account and region, and what AWS refuses in plain words."""
