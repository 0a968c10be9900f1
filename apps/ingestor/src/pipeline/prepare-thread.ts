import { parentPort, workerData } from 'node:worker_threads';
import { identityHash } from '../dedupe/identity-hash.js';
import { prepareBatch } from './prepare-batch.js';
import type { PrepareRequest, PrepareResponse } from './preparer.js';

// The thread's side of `threadPreparer`.
const port = parentPort;
if (port === null) throw new Error('This file runs as a thread.');
const { hashKey } = workerData as { readonly hashKey: string };
const hash = identityHash(hashKey);

port.on('message', ({ id, bytes, ends, room, context }: PrepareRequest) => {
  try {
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const lines = Array.from(ends, (end, index) => whole.subarray(ends[index - 1] ?? 0, end));
    const rows = prepareBatch(lines, context, hash, room);
    const response: PrepareResponse = { id, rows, used: bytes };
    const { originals } = rows;
    const buffers = [bytes, rows.bytes, rows.ends, rows.kinds, rows.sources, rows.hashes, rows.createdAt];
    if (originals !== null) buffers.push(originals.entries, originals.ends, originals.hashes);
    port.postMessage(
      response,
      buffers.map((array) => array.buffer as ArrayBuffer),
    );
  } catch (error) {
    const response: PrepareResponse = { id, error: error instanceof Error ? error.message : String(error) };
    port.postMessage(response);
  }
});
