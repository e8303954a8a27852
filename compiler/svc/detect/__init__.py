"""What a source tree says about its service: read, never run; every finding with the file and line it is from."""
