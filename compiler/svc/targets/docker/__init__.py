"""Dockerfile and .dockerignore."""
