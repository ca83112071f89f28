"""A small bank counter with the holes that an ordinary site has, to try the rings on."""
