import type { StartOptions } from './options.ts';

/** A Livy server that the start uses. */
export interface LivyHandle {
  readonly url: string;
  /** What answers there, for people. */
  readonly name: string;
}

type Event = Readonly<Record<string, unknown>> & { readonly event: string };

const number = new Intl.NumberFormat('en', { useGrouping: 'always' });
const count = (value: unknown): string => (typeof value === 'number' ? number.format(value) : '?');

function accountingSentence(value: unknown): string {
  const a = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  return (
    `received ${count(a['received'])} = stored ${count(a['stored'])} + duplicates ${count(a['duplicates'])} + delete events ${count(a['deletes'])}` +
    ` + not posts ${count(a['not_posts'])} + dead letters ${count(a['dead_letters'])} + pending ${count(a['pending'])}`
  );
}

function engineText(engine: StartOptions['engine'], livy: LivyHandle | undefined): string {
  if (livy === undefined) return 'DuckDB in the worker';
  const cluster = `Spark through ${livy.name}`;
  if (engine === 'cluster') return `${cluster}; a question may choose DuckDB`;
  return engine === 'auto' ? `DuckDB for less data, ${cluster} for more` : `DuckDB; a question may choose ${cluster}`;
}

/** Says what is going on: sentences for people, or (`--events`) JSON lines for programs. */
export class Reporter {
  readonly #events: boolean;
  #url = '';
  /** What came before there was an address to name. */
  #early: Event[] = [];
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
    if (this.#events) {
      this.#emit({ event: 'ready', url, engine: options.engine, ...(livy && { livy: livy.name, livyUrl: livy.url }) });
      return;
    }
    const source = {
      demo: 'demo data (generated; every post is labelled so)',
      replay: `${options.replayFiles.length} file(s)`,
      none: 'nothing',
    }[options.ingestSource];
    this.#print(`\n  Dashboard  ${url}`);
    this.#print(`  Capturing  ${source}`);
    this.#print(`  Engine     ${engineText(options.engine, livy)}`);
    this.#print(`  Data       ${options.dataDir}`);
    this.#print(`  Logs       ${logs}`);
    this.#print('  Ctrl-C stops everything; the next start continues with the same data.\n');
    for (const event of this.#early.splice(0)) this.#tell(event);
  }

  /** One line of the ingestor's stdout: a JSON event. */
  ingestorLine(line: string): void {
    let event: Event;
    try {
      event = JSON.parse(line) as Event;
    } catch {
      return; // not one of ours
    }
    if (event.event === 'fatal') this.lastFatal = String(event['message']);
    if (this.#events) this.#emit(event);
    else if (event.event === 'replay-done' && this.#url === '') this.#early.push(event);
    else this.#tell(event);
  }

  #tell(event: Event): void {
    switch (event.event) {
      case 'fill-progress':
      case 'replay-progress':
        this.#progress(
          `${event.event === 'fill-progress' ? 'Filling the last 7 days' : 'Reading the files'}: ${Math.round(Number(event['progress'] ?? 0) * 100)} %, ${count(event['stored'])} posts`,
        );
        break;
      case 'live':
        this.#print(`Live: ${count(event['posts'])} posts in the lake, capturing on.`);
        break;
      case 'replay-done':
        this.#replayDone(event);
        break;
      case 'problem':
        this.#print(String(event['message']));
        break;
      default:
        break;
    }
  }

  #replayDone(event: Event): void {
    this.#print(`All files are in: ${accountingSentence(event['accounting'])}.`);
    for (const problem of Array.isArray(event['problems']) ? event['problems'] : [])
      this.#print(`  ${String(problem)}`);
    const from = Number(event['from']);
    const to = Number(event['to']);
    if (!(to >= from) || from === 0) return;
    const minute = 60_000;
    const question = new URL(this.#url);
    question.searchParams.set('from', new Date(Math.floor(from / minute) * minute).toISOString());
    question.searchParams.set('to', new Date((Math.floor(to / minute) + 1) * minute).toISOString());
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

  #emit(event: Event): void {
    console.log(JSON.stringify(event));
  }
}
