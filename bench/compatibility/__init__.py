"""Proto workspaces made up by chance, and how the suite and buf do on them."""
