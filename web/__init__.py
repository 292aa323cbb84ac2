"""Pages and files for browsers; what they show comes from the other packages."""
