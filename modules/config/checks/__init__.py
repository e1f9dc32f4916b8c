"""Rules that compare settings which are valid on their own; compare.py runs all of them."""
