"""What was deployed, what can be deployed, and the way back."""
