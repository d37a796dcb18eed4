"""Files of the original loss-landscape tool (Li et al. 2018), in and out."""
