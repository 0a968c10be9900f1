import { opaqueId } from './fields.js';

const DID = /^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$/;

/** The identifier of a Bluesky account; null for anything else. */
export function didOf(value: unknown): string | null {
  const did = opaqueId(value);
  return did !== null && DID.test(did) ? did : null;
}
