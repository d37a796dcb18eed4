"""The drawing tutor of Zhang et al. 2018: what is missing in a drawing, and where its lines may end."""
