"""Real rules from laws and statutes, each as far as the model can say it. What it cannot: `docs/rules-not-expressible.md`."""
