import type { LakeKind } from '@analytica/lake';
import type { z } from 'zod';

/** Environment variables by name. */
export type SourceSettings = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

/**
 * What a source says of itself before it runs. A declaration imports nothing but zod at run time: the start script reads it
 * before anything is built.
 */
export interface SourceDeclaration<Settings extends SourceSettings = SourceSettings> {
  /** What `INGEST_SOURCES` calls it. */
  readonly name: string;
  /** What is captured, in a few words for people. */
  readonly summary: string;
  /** Demo posts and real ones never share a lake. */
  readonly kind: LakeKind;
  /** Seconds until captured posts can be found, where `LAKE_FLUSH_SECONDS` says nothing. */
  readonly flushSeconds: number;
  /**
   * Its environment variables. Each has its help text (`.describe`) and either a default or `.optional()`. A secret has
   * `.meta({ secret: true })`: it is no option on the command line, and no message shows it.
   */
  readonly settings: Settings;
}
