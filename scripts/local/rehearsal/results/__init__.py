"""The results of a rehearsal: its record, the table on the terminal, the HTML page."""
