"""What a rehearsal came to: its record, the table on the terminal, the HTML page."""
