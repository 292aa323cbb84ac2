"""What happens to rows between a file and the graph: checked, merged, repaired, left out."""
