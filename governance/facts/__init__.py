"""The facts that stand in the log: one struct for each record type, in its first version. A struct here never changes again."""
