import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LIVY = {
  'livy.server.host': '127.0.0.1',
  'livy.spark.master': 'local[2]',
  'livy.spark.scala-version': '2.12',
  'livy.rsc.rpc.server.address': '127.0.0.1',
  'livy.rsc.launcher.address': '127.0.0.1',
  'livy.rsc.launcher.port.range': '10000~10200',
  'livy.server.csrf-protection.enabled': 'true',
};

const SPARK = {
  'spark.ui.enabled': 'false',
  'spark.driver.host': '127.0.0.1',
  'spark.driver.bindAddress': '127.0.0.1',
  'spark.driver.memory': '512m',
  'spark.driver.extraJavaOptions': '-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError',
  'spark.sql.catalogImplementation': 'in-memory',
};

const LOG = `log4j.rootCategory=INFO, console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.target=System.err
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d{HH:mm:ss} %p %c{1}: %m%n
`;

// The drivers' log goes through the server's; at INFO it would be most of what both do.
const DRIVER_LOG = `rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n
`;

const OPENS = [
  'java.lang.invoke',
  'java.lang',
  'java.nio',
  'java.util.concurrent.atomic',
  'sun.nio.ch',
  'java.net',
  'java.io',
  'sun.util.calendar',
];
const EXPORTS = ['sun.net.dns', 'sun.net.util', 'sun.security.x509', 'sun.security.util'];

/**
 * Writes livy.conf, spark-defaults.conf and the properties of both logs.
 *
 * @param pairs `KEY=VALUE`, Livy's keys or `spark.*`, over the defaults
 */
export function writeConfiguration(folder: string, port: number, pairs: readonly string[]): void {
  const livy: Record<string, string> = { ...LIVY, 'livy.server.port': String(port) };
  const spark: Record<string, string> = { ...SPARK };
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const key = pair.slice(0, Math.max(at, 0));
    if (!key.startsWith('livy.') && !key.startsWith('spark.'))
      throw new Error(`--conf takes livy.KEY=VALUE or spark.KEY=VALUE, not ${pair}`);
    (key.startsWith('livy.') ? livy : spark)[key] = pair.slice(at + 1);
  }
  const lines = (record: Record<string, string>, sign: string): string =>
    Object.entries(record)
      .map(([key, value]) => `${key}${sign}${value}\n`)
      .join('');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'livy.conf'), lines(livy, ' = '));
  writeFileSync(join(folder, 'spark-defaults.conf'), lines(spark, ' '));
  writeFileSync(join(folder, 'log4j.properties'), LOG);
  writeFileSync(join(folder, 'log4j2.properties'), DRIVER_LOG);
}

/** Arguments of `java` that start Livy's server; without the opens and exports sessions die on Java 17. */
export function javaArguments(home: string, conf: string): string[] {
  return [
    ...OPENS.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
    ...EXPORTS.map((name) => `--add-exports=java.base/${name}=ALL-UNNAMED`),
    '-Xmx512m',
    '-cp',
    `${join(home, 'jars')}/*:${conf}`,
    'org.apache.livy.server.LivyServer',
  ];
}
