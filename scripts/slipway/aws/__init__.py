"""AWS through boto3: clients for one account and region, and AWS's errors as SlipwayErrors."""
