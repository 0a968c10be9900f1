import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A Spark home like `spark`, but for its `spark-submit`, which hides SPARK_CONF_DIR: Livy has read the defaults there and
 * passes them on, and a folder at the head of the class path would keep the JVM from its class archive.
 */
export function sparkHome(folder: string, spark: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const name of readdirSync(spark)) if (name !== 'bin') symlinkSync(join(spark, name), join(folder, name));
  for (const name of readdirSync(join(spark, 'bin')))
    if (name !== 'spark-submit') symlinkSync(join(spark, 'bin', name), join(bin, name));
  const submit = join(bin, 'spark-submit');
  writeFileSync(
    submit,
    `#!/bin/sh\nunset SPARK_CONF_DIR\nSPARK_HOME='${spark}' exec '${join(spark, 'bin/spark-submit')}' "$@"\n`,
  );
  chmodSync(submit, 0o755);
  return folder;
}
