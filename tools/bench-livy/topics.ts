import { DuckDBInstance, LIST, VARCHAR, listValue } from '@duckdb/node-api';
import { fileUri } from '@analytica/lake';
import type { BenchLake } from '../bench-analysis/lake.ts';

/** Words that about this share of the posts hold. */
export async function topics(lake: BenchLake, share: number, count: number): Promise<readonly string[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const files = lake.snapshot.manifest.files
      .filter((_, n) => n % 8 === 0)
      .map((file) => fileUri(lake.snapshot, file));
    const reader = await connection.runAndReadAll(
      `WITH posts AS (SELECT list_distinct(words) AS words FROM read_parquet(?, hive_partitioning = false))
       SELECT word FROM (SELECT unnest(words) AS word FROM posts) GROUP BY word
       ORDER BY abs(ln(count(*) / (SELECT count(*) FROM posts) / ${String(share)})), word LIMIT ${String(count)}`,
      [listValue(files)],
      [LIST(VARCHAR)],
    );
    return reader.getRowsJS().map(([word]) => word as string);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
