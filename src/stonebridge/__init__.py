"""One national node of Stonebridge: see docs/concepts and the rooms below."""
