"""Definitions in other forms than YAML: sheets of spreadsheet programs, and DMN models."""
