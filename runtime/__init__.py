"""What the program needs of the machine it runs on: files, ports, progress, processes."""
