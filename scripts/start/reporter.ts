import { join } from 'node:path';
import type { Accounting, IngestorEvent } from '@analytica/domain/contracts';
import type { StartOptions } from './options.ts';
import { ROOT } from './root.ts';

/** A Livy server that the start uses. */
export interface LivyHandle {
  readonly url: string;
  /** What answers there, for people. */
  readonly name: string;
}

/** What the start itself says with `--events`, besides what the ingestor says. */
type StartEvent =
  | { readonly event: 'message'; readonly message: string }
  | {
      readonly event: 'ready';
      readonly url: string;
      readonly engine: string;
      readonly livy?: string;
      readonly livyUrl?: string;
    };

const number = new Intl.NumberFormat('en', { useGrouping: 'always' });
const count = (value: number): string => number.format(value);
const MINUTE_MS = 60_000; // libs are not built yet when this file is loaded

function accountingSentence(a: Accounting): string {
  return (
    `received ${count(a.received)} = stored ${count(a.stored)} + duplicates ${count(a.duplicates)} + delete events ${count(a.deletes)}` +
    ` + not posts ${count(a.not_posts)} + dead letters ${count(a.dead_letters)} + filtered ${count(a.filtered)} + pending ${count(a.pending)}`
  );
}

function engineText(engine: StartOptions['engine'], livy: LivyHandle | undefined): string {
  if (livy === undefined) return 'DuckDB in the worker';
  const cluster = `Spark through ${livy.name}`;
  if (engine === 'cluster') return `${cluster}; a question may choose DuckDB`;
  return engine === 'auto' ? `DuckDB for less data, ${cluster} for more` : `DuckDB; a question may choose ${cluster}`;
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Says what is going on: sentences for people, or (`--events`) JSON lines for programs. */
export class Reporter {
  readonly #events: boolean;
  #url = '';
  /** How `npm run lake` finds the lake of this start. */
  #lakeOptions = '';
  /** What came before there was an address to name. */
  #early: IngestorEvent[] = [];
  /** The sentence with which the ingestor gave up. */
  lastFatal = '';
  #progressLine = false;
  #lastProgress = 0;

  constructor(events: boolean) {
    this.#events = events;
  }

  say(sentence: string): void {
    if (this.#events) this.#emit({ event: 'message', message: sentence });
    else this.#print(sentence);
  }

  ready(url: string, options: StartOptions, logs: string, livy: LivyHandle | undefined): void {
    this.#url = url;
    const dataDir = options.dataDir === join(ROOT, 'data') ? '' : ` --data-dir ${quoted(options.dataDir)}`;
    this.#lakeOptions = ` --lake ${quoted(options.lake)}${dataDir}`;
    if (this.#events) {
      this.#emit({ event: 'ready', url, engine: options.engine, ...(livy && { livy: livy.name, livyUrl: livy.url }) });
      return;
    }
    const sources = options.sources.map(({ name, summary }) =>
      name === 'replay' ? `${options.replayFiles.length} file(s)` : summary,
    );
    this.#print(`\n  Dashboard  ${url}`);
    this.#print(`  Capturing  ${sources.length === 0 ? 'nothing' : sources.join(', ')}`);
    this.#print(`  Engine     ${engineText(options.engine, livy)}`);
    this.#print(`  Data       ${options.dataDir}, lake ${options.lake}`);
    this.#print(`  Logs       ${logs}`);
    this.#print('  Ctrl-C stops everything; the next start continues with the same data.\n');
    for (const event of this.#early.splice(0)) this.#tell(event);
  }

  /** What the ingestor said. */
  ingestor(event: IngestorEvent): void {
    if (event.event === 'fatal') this.lastFatal = event.message;
    if (this.#events) this.#emit(event);
    else if (event.event === 'replay-done' && this.#url === '') this.#early.push(event);
    else this.#tell(event);
  }

  #tell(event: IngestorEvent): void {
    switch (event.event) {
      case 'fill-progress':
      case 'replay-progress':
        this.#progress(
          `${event.event === 'fill-progress' ? 'Filling the last 7 days' : 'Reading the files'}: ${Math.round(event.progress * 100)} %, ${count(event.stored)} posts`,
        );
        break;
      case 'live':
        this.#print(`Live: ${count(event.posts)} posts in the lake, capturing on.`);
        break;
      case 'replay-done':
        this.#replayDone(event);
        break;
      case 'problem':
        this.#print(event.message);
        break;
      default:
        break;
    }
  }

  #replayDone({ accounting, importName, problems, from, to }: Extract<IngestorEvent, { event: 'replay-done' }>): void {
    this.#print(`All files are in: ${accountingSentence(accounting)}.`);
    for (const problem of problems) this.#print(`  ${problem}`);
    if (importName !== null) {
      const command = `npm run lake -- remove ${importName}${this.#lakeOptions}`;
      this.#print(`  They are the import ${importName}, kept until you stop this and remove it: ${command}`);
    }
    if (!(to >= from) || from === 0) return;
    const question = new URL(this.#url);
    question.searchParams.set('from', new Date(Math.floor(from / MINUTE_MS) * MINUTE_MS).toISOString());
    question.searchParams.set('to', new Date((Math.floor(to / MINUTE_MS) + 1) * MINUTE_MS).toISOString());
    this.#print(`  Ask about all of them: ${question.href}`);
  }

  #print(sentence: string): void {
    if (this.#progressLine) process.stdout.write('\n');
    this.#progressLine = false;
    console.log(sentence);
  }

  #progress(sentence: string): void {
    if (process.stdout.isTTY) {
      process.stdout.write(`\r\x1b[K${sentence}`);
      this.#progressLine = true;
    } else if (Date.now() - this.#lastProgress > 5_000) {
      this.#lastProgress = Date.now();
      console.log(sentence);
    }
  }

  #emit(event: IngestorEvent | StartEvent): void {
    console.log(JSON.stringify(event));
  }
}
