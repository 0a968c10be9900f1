import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = /^(text|application\/(json|manifest))|svg/;
/** Angular's build puts a hash of the content into the names of what it bundles. */
const HASHED = /[-.][A-Z0-9]{8,}\.(js|css|woff2?|png|svg|jpg|webp)$/;
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** How often a missing dashboard is looked for again. */
const LOOK_AGAIN_MS = 2_000;

export interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly immutable: boolean;
  readonly raw: Buffer;
  /** Filled soon after the start; until then the raw bytes are served. */
  br: Buffer | null;
  gz: Buffer | null;
}

/** The built dashboard in memory, so that serving it touches no disk. */
export class DashboardAssets {
  readonly #folder: string;

  #assets: ReadonlyMap<string, Asset> = new Map();
  #lookedAt = 0;
  #looking: Promise<void> | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether there is a dashboard; looks again where there was none. */
  async available(): Promise<boolean> {
    if (this.#assets.has('/index.html')) return true;
    if (Date.now() - this.#lookedAt > LOOK_AGAIN_MS) {
      this.#lookedAt = Date.now();
      this.#looking = this.#load();
    }
    await this.#looking;
    return this.#assets.has('/index.html');
  }

  get(path: string): Asset | undefined {
    return this.#assets.get(path);
  }

  async #load(): Promise<void> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const assets = new Map<string, Asset>();
    for (const entry of entries) {
      if (!entry.isFile() || entry.name.endsWith('.map')) continue;
      const file = join(entry.parentPath, entry.name);
      const raw = await readFile(file).catch(() => null);
      if (raw === null || raw.length > MAX_FILE_BYTES) continue;
      assets.set(`/${relative(this.#folder, file).split(sep).join('/')}`, {
        type: TYPES[extname(entry.name)] ?? 'application/octet-stream',
        etag: `"${createHash('sha256').update(raw).digest('base64url').slice(0, 22)}"`,
        immutable: HASHED.test(entry.name),
        raw,
        br: null,
        gz: null,
      });
    }
    this.#assets = assets;
    void compressAll([...assets.values()]);
  }
}

async function compressAll(assets: readonly Asset[]): Promise<void> {
  for (const asset of assets) {
    if (!COMPRESSIBLE.test(asset.type) || asset.raw.length < 512) continue;
    asset.gz = await gzipped(asset.raw, { level: 7 });
    asset.br = await brotli(asset.raw, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: asset.raw.length },
    });
  }
}
