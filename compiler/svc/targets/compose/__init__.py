"""compose.yaml for local work, and the example of the .env that it reads."""
