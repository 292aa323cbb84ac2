"""What the page and the service say, as plain values: JSON for programs, text for templates."""
