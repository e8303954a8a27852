"""One module an output format; each makes a text from diagnostics and prints nothing."""
