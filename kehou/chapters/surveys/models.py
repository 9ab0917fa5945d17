"""Nothing is stored yet: the demand survey is built with the gate chain."""
