"""Why an artist is recommended: contributions that add up to the score."""
