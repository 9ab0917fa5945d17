"""What happened, who did it, when; and letters waiting to be sent."""
