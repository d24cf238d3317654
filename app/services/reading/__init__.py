"""Reading: what lists and pages show, from the projections' tables alone (decision 14)."""
