"""The drawing tutor: a paper to draw on, and where the lines of what is missing may end."""
