"""What a backend promises, and who is wrong where two of them disagree."""
