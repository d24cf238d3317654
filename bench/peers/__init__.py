"""Services that others would have written for the same work, to be measured beside ours."""
