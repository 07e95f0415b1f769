"""The rules that stand between an actor and a person's data. Pure; evaluated only by the gate."""
