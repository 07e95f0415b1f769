"""The register as pages: registering, reading and adding, searching, handing out."""
