"""Questions about a lake of posts, answered by Spark as docs/counting.md counts. Standard library and PySpark only."""
