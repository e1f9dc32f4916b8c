"""A review as text: Markdown for a comment, HTML for a browser, JSON for a program."""
