"""The room that gives every page its face: base templates, components, fields, assets. It knows no person."""
