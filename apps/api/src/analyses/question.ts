import { AppError, type Interval, parseInterval, parseTimeZone, resolvePreset } from '@analytica/domain';
import { parseTopic } from '@analytica/domain/topic';
import { sha256 } from '../runs/hash.js';
import type { StartAnalysisInputModel, UserErrorModel } from './analysis-model.js';

export type Question = { readonly topic: string } | { readonly error: UserErrorModel };

/** The canonical topic, or what is wrong with it and where. */
export function readTopic(topic: string): Question {
  const parsed = parseTopic(topic);
  if (parsed.ok) return { topic: parsed.topic.canonical };
  const { reason, message, position, length, suggestion } = parsed.problem;
  const code = reason === 'TOO_LONG' ? 'TOPIC_TOO_LONG' : 'TOPIC_SYNTAX';
  return { error: { code, message, field: 'topic', position, length, suggestion } };
}

/** The first mistake in everything but the topic; null where there is none. */
export function checkInput(input: StartAnalysisInputModel): UserErrorModel | null {
  try {
    resolveInterval(input.interval, 0);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'INTERVAL_INVALID') throw error;
    const { field } = error.details;
    return {
      code: error.code,
      message: error.message,
      field: typeof field === 'string' ? `interval.${field}` : 'interval',
    };
  }
  const zone = parseTimeZone(input.timeZone);
  if (!zone.ok) return { code: 'BAD_USER_INPUT', message: zone.message, field: 'timeZone' };
  const key = input.idempotencyKey;
  if (key !== null && key !== undefined && !/^[\x21-\x7e]{16,128}$/.test(key)) {
    return {
      code: 'BAD_USER_INPUT',
      message: 'An idempotency key is 16 to 128 visible ASCII characters, chosen at random.',
      field: 'idempotencyKey',
    };
  }
  return null;
}

/**
 * The asked interval in instants.
 * @param watermark where presets end (rule 18).
 * @throws AppError `INTERVAL_INVALID`.
 */
export function resolveInterval(asked: StartAnalysisInputModel['interval'], watermark: number): Interval {
  const { preset, from, to } = asked;
  const bounds = typeof from === 'number' || typeof to === 'number';
  if (preset !== null && preset !== undefined) {
    if (bounds) throw new AppError('INTERVAL_INVALID', 'Give either a preset or from and to, not both.');
    return resolvePreset(preset, watermark);
  }
  if (typeof from !== 'number' || typeof to !== 'number') {
    throw new AppError('INTERVAL_INVALID', 'Give a preset, or both from and to.');
  }
  return parseInterval({ from, to });
}

/** A hash of the input as it was given. The same idempotency key must come with the same input. */
export function inputFingerprint(input: StartAnalysisInputModel): string {
  const { topic, interval, timeZone, includeStopWords, includeRetweetWords, engine } = input;
  return sha256(
    JSON.stringify([
      topic,
      interval.preset ?? null,
      interval.from ?? null,
      interval.to ?? null,
      timeZone,
      includeStopWords,
      includeRetweetWords,
      engine ?? null,
    ]),
  );
}
