"""Work that Spark spreads over many machines; the only room that imports pyspark, and late."""
