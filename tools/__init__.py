"""What the Makefile calls: starting everything, and checking everything."""
