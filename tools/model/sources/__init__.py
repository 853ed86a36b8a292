"""Free texts from Debian packages, and pieces of them, for the model's training and evaluation."""
