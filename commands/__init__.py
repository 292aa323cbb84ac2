"""The command line's commands, one module a group: parse, call, print."""
