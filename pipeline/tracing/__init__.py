"""Where does this number come from? From a printed figure down to the rows of the source."""
