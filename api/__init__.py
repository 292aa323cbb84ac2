"""What a notebook, a service, the commands and the page call: one method a command."""
