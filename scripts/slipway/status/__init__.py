"""What runs where: read from AWS, put together, and nothing changed."""
