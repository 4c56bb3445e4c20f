"""Which stretch of the road a front breaks, and why: what the rules about fronts share."""
