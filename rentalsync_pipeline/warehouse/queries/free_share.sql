-- How much of the file holds nothing: DuckDB gives no space back.
SELECT coalesce(free_blocks / nullif(total_blocks, 0), 0)
FROM pragma_database_size()
WHERE database_name = current_database();
