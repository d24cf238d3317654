"""Casting as a plain service in Django and Django REST framework does it: the same checks, one transaction for each ballot."""
