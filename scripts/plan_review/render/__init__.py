"""Renders a review: Markdown for a comment, HTML for a browser, JSON for programs."""
