"""A phone for the demo country: a program of its own that speaks eGov Mobile's protocol with the portal."""
