"""Signing in at the institution's own identity provider: any OpenID provider that can be discovered, or Entra."""
