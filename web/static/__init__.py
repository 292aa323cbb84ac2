"""What pages load beside themselves: one style, one script, one picture."""
