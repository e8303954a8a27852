"""GitHub workflows and composite actions as GitHub reads them: expressions, and what it would refuse."""
