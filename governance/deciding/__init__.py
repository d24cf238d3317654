"""Deciding: may this command become a fact, on this state, at this instant? Nothing here changes the state."""
