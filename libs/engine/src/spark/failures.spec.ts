import { AppError } from '@analytica/domain';
import { LivyError, type LivyErrorCode } from '@analytica/livy';
import { TemplateReplyError } from '@analytica/spark-templates';
import { describe, expect, it } from 'vitest';
import { failureOf } from './failures.js';

const GOING = new AbortController().signal;

describe('failures', () => {
  it('are retryable where the cluster is busy, slow, away or lost the session', () => {
    const codes: LivyErrorCode[] = [
      'ACQUIRE_TIMEOUT',
      'POOL_SATURATED',
      'TIMEOUT',
      'NETWORK',
      'CIRCUIT_OPEN',
      'SESSION_DEAD',
    ];
    for (const code of codes) {
      const failure = failureOf(new LivyError(code, 'secret'), GOING);
      expect([failure.code, failure.retryable, failure.message.includes('secret')], code).toEqual([
        'ENGINE_FAILED',
        true,
        false,
      ]);
    }
    expect(failureOf(new LivyError('PROGRAM_FAILED', 'x'), GOING).retryable).toBe(false);
    expect(failureOf(new Error('x'), GOING)).toMatchObject({ code: 'ENGINE_FAILED', retryable: false });
  });

  it('are CANCELLED once the caller has cancelled, whatever came of it', () => {
    expect(failureOf(new LivyError('SESSION_DEAD', 'x'), AbortSignal.abort()).code).toBe('CANCELLED');
  });

  it('name the file that is at fault', () => {
    const failure = failureOf(new TemplateReplyError('x', { file: 'a/b.parquet', problem: 'is missing' }), GOING);
    expect(failure.message).toBe('The file a/b.parquet of the lake is missing.');
    expect(failure.details).toEqual({ file: 'a/b.parquet' });
    const own = new AppError('TOPIC_SYNTAX', 'x');
    expect(failureOf(own, GOING)).toBe(own);
  });
});
