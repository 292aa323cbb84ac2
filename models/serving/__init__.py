"""What is asked of a trained model: one user, everybody, newcomers, neighbours."""
