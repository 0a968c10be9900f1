import { AppError } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import { storageError } from './storage-error.js';

const coded = (code: string): Error => Object.assign(new Error(code), { code });

describe('storageError', () => {
  it.each([
    [coded('ENOSPC'), 'DISK_FULL'],
    [coded('EDQUOT'), 'DISK_FULL'],
    [new Error('IO Error: Could not write file "x": No space left on device'), 'DISK_FULL'],
    [coded('EACCES'), 'NO_PERMISSION'],
    [coded('EROFS'), 'NO_PERMISSION'],
    [new Error('IO Error: Cannot open file "x": Permission denied'), 'NO_PERMISSION'],
  ])('%s is %s, and says where', (error, code) => {
    const named = storageError(error, '/data');
    expect(named).toMatchObject({ code, retryable: true, cause: error });
    expect(named?.message).toContain('/data');
  });

  it('leaves other errors alone, and named ones as they are', () => {
    expect(storageError(coded('EIO'), '/data')).toBeNull();
    const named = new AppError('DISK_FULL', 'full');
    expect(storageError(named, '/data')).toBe(named);
    expect(storageError(new AppError('LAKE_CORRUPT', 'x'), '/data')).toBeNull();
  });
});
