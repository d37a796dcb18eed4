"""The nearest stable correction in any number of handles, between a proved bound and the best that was found."""
