"""The adults of the service: who they are and what they can give."""
