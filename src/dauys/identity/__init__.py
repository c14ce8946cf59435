"""Who signed? The national e-signature: parsed, verified down to a pinned root, and told in a verdict."""
