import type { Redis, Result } from 'ioredis';

// Every change of a run's state is one script: it checks that the change is still allowed, applies it, gives it the next
// sequence number, appends it to the run's stream and wakes the listeners, or does nothing at all.

const PRELUDE = `
local prefix = ARGV[1]
local function runKey(run) return prefix .. 'run:' .. run end
local function emit(run, detached)
  local seq = redis.call('HINCRBY', runKey(run), 'seq', 1)
  local f = redis.call('HMGET', runKey(run), 'status', 'progress', 'startedAt', 'finishedAt', 'error', 'partials')
  redis.call('XADD', prefix .. 'events:' .. run, seq .. '-0', 'status', f[1], 'progress', f[2] or '',
    'startedAt', f[3] or '', 'finishedAt', f[4] or '', 'error', f[5] or '', 'partials', f[6] or '0', 'detached', detached)
  redis.call('PUBLISH', prefix .. 'run', run)
  return seq
end
local function keep(run, ttl)
  for _, name in ipairs({'run:', 'events:', 'askers:', 'figures:', 'rows:'}) do
    redis.call('EXPIRE', prefix .. name .. run, ttl)
  end
  -- Once there is a result, partial ones are for those who are reading them just now.
  local partialTtl = redis.call('HGET', runKey(run), 'status') == 'SUCCEEDED' and math.min(ttl, 60) or ttl
  for _, name in ipairs({'partial:', 'partial-rows:'}) do redis.call('EXPIRE', prefix .. name .. run, partialTtl) end
end
local ENGINES = {'embedded', 'cluster'}
local function leaveLine(run)
  redis.call('ZREM', prefix .. 'runs:QUEUED', run)
  for _, engine in ipairs(ENGINES) do redis.call('ZREM', prefix .. 'line:' .. engine, run) end
end
-- Every run stands in one set, by the time of its last change of status, for /metrics; while it waits also in its engine's line.
local function enter(run, status, now)
  leaveLine(run)
  redis.call('HSET', runKey(run), 'status', status)
  for _, name in ipairs({'QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'}) do
    local set = prefix .. 'runs:' .. name
    if name ~= status then redis.call('ZREM', set, run) else redis.call('ZADD', set, now, run) end
  end
  if status == 'QUEUED' then
    redis.call('ZADD', prefix .. 'line:' .. redis.call('HGET', runKey(run), 'engine'), now, run)
  end
end
-- Runs that expired or were deleted leave no ghosts behind.
local function purge(now, ttl)
  for _, name in ipairs({'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'}) do
    redis.call('ZREMRANGEBYSCORE', prefix .. 'runs:' .. name, '-inf', now - ttl * 1000)
  end
  for _, run in ipairs(redis.call('ZRANGE', prefix .. 'runs:QUEUED', 0, -1)) do
    if redis.call('HGET', runKey(run), 'status') ~= 'QUEUED' then leaveLine(run) end
  end
end
`;

/** Finds or makes the run of a key and gives it one more asker. */
const ATTACH = `${PRELUDE}
local key, newRun, id, now, ttl = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local topic, preset, spec, engine, snapshot, idem, print = ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11], ARGV[12], ARGV[13]
local maxQueued, choice = tonumber(ARGV[14]), ARGV[15]
local idemKey = prefix .. 'idem:' .. idem
if idem ~= '' then
  local known = redis.call('HMGET', idemKey, 'id', 'print')
  if known[1] and redis.call('EXISTS', prefix .. 'analysis:' .. known[1]) == 1 then
    if known[2] ~= print then return {'conflict', '', '', ''} end
    local knownRun = redis.call('HGET', prefix .. 'analysis:' .. known[1], 'run')
    return {'known', known[1], knownRun, redis.call('HGET', runKey(knownRun), 'status') or ''}
  end
end
local pointer = prefix .. 'key:' .. key
local run = redis.call('GET', pointer)
local status = run and redis.call('HGET', runKey(run), 'status')
local how = 'attached'
if not status or status == 'FAILED' or status == 'CANCELLED'
  or (status == 'SUCCEEDED' and redis.call('EXISTS', prefix .. 'figures:' .. run) == 0) then
  purge(now, ttl)
  if redis.call('ZCARD', prefix .. 'line:' .. engine) >= maxQueued then return {'full', '', '', ''} end
  how, run, status = 'new', newRun, 'QUEUED'
  redis.call('HSET', runKey(run), 'key', key, 'spec', spec, 'engine', engine, 'snapshot', snapshot,
    'seq', 0, 'attempt', 0, 'partials', 0)
  enter(run, status, now)
  emit(run, '')
end
redis.call('SET', pointer, run, 'EX', ttl)
redis.call('SADD', prefix .. 'askers:' .. run, id)
redis.call('HSET', prefix .. 'analysis:' .. id, 'run', run, 'topic', topic, 'preset', preset,
  'engineChoice', choice, 'createdAt', now)
redis.call('EXPIRE', prefix .. 'analysis:' .. id, ttl)
keep(run, ttl)
if idem ~= '' then
  redis.call('HSET', idemKey, 'id', id, 'print', print)
  redis.call('EXPIRE', idemKey, ttl)
end
return {how, id, run, status}`;

/** A worker takes the run. Every start has a new attempt number; whoever holds an older one is refused from then on. */
const BEGIN = `${PRELUDE}
local run, now = ARGV[2], ARGV[3]
local status = redis.call('HGET', runKey(run), 'status')
if status ~= 'QUEUED' and status ~= 'RUNNING' then
  leaveLine(run)
  return {}
end
local attempt = redis.call('HINCRBY', runKey(run), 'attempt', 1)
enter(run, 'RUNNING', now)
redis.call('HSETNX', runKey(run), 'startedAt', now)
emit(run, '')
local f = redis.call('HMGET', runKey(run), 'spec', 'snapshot')
return {attempt, f[1], f[2]}`;

/** Progress, with a partial result or without. 0: no longer this worker's run. */
const ADVANCE = `${PRELUDE}
local run, attempt, progress, figures, rows, ttl = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local f = redis.call('HMGET', runKey(run), 'status', 'attempt')
if f[1] ~= 'RUNNING' or f[2] ~= attempt then return 0 end
redis.call('HSET', runKey(run), 'progress', progress)
if figures ~= '' then
  redis.call('SET', prefix .. 'partial:' .. run, figures, 'EX', ttl)
  redis.call('SET', prefix .. 'partial-rows:' .. run, rows, 'EX', ttl)
  redis.call('HINCRBY', runKey(run), 'partials', 1)
end
return emit(run, '')`;

/** The end of a run: SUCCEEDED with its result, or FAILED with its error. 0: no longer this worker's run. */
const FINISH = `${PRELUDE}
local run, attempt, status, progress, err, now, ttl = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local figures, rows = ARGV[9], ARGV[10]
local f = redis.call('HMGET', runKey(run), 'status', 'attempt')
if (f[1] ~= 'RUNNING' and f[1] ~= 'QUEUED') or (attempt ~= '' and f[2] ~= attempt) then return 0 end
enter(run, status, now)
redis.call('HSET', runKey(run), 'finishedAt', now, 'error', err)
if progress ~= '' then redis.call('HSET', runKey(run), 'progress', progress) end
if figures ~= '' then
  redis.call('SET', prefix .. 'figures:' .. run, figures, 'EX', ttl)
  redis.call('SET', prefix .. 'rows:' .. run, rows, 'EX', ttl)
end
local pointer = prefix .. 'key:' .. redis.call('HGET', runKey(run), 'key')
if redis.call('GET', pointer) == run then redis.call('EXPIRE', pointer, ttl) end
keep(run, ttl)
return emit(run, '')`;

/** An asker lets go. The last one takes the run with them. */
const DETACH = `${PRELUDE}
local id, now = ARGV[2], ARGV[3]
local analysis = prefix .. 'analysis:' .. id
local run = redis.call('HGET', analysis, 'run')
if not run then return {'unknown', ''} end
if redis.call('EXISTS', runKey(run)) == 0 then
  leaveLine(run)
  return {'unknown', ''}
end
if redis.call('HEXISTS', analysis, 'detachedSeq') == 1 then return {'already', run} end
local status = redis.call('HGET', runKey(run), 'status')
if status ~= 'QUEUED' and status ~= 'RUNNING' then return {'finished', run} end
redis.call('SREM', prefix .. 'askers:' .. run, id)
local how = 'detached'
if redis.call('SCARD', prefix .. 'askers:' .. run) == 0 then
  how = 'stopped'
  enter(run, 'CANCELLED', now)
  redis.call('HSET', runKey(run), 'finishedAt', now)
  local pointer = prefix .. 'key:' .. redis.call('HGET', runKey(run), 'key')
  if redis.call('GET', pointer) == run then redis.call('DEL', pointer) end
  redis.call('PUBLISH', prefix .. 'cancel', run)
else
  redis.call('COPY', prefix .. 'partial:' .. run, prefix .. 'partial:' .. id)
  redis.call('COPY', prefix .. 'partial-rows:' .. run, prefix .. 'partial-rows:' .. id)
end
local seq = emit(run, id)
redis.call('HSET', analysis, 'detachedSeq', seq, 'detachedAt', now)
return {how, run}`;

/** Puts a run that a stopping worker gave back at the end of the queue's order again. */
const RELEASE = `${PRELUDE}
local run, attempt, now = ARGV[2], ARGV[3], ARGV[4]
local f = redis.call('HMGET', runKey(run), 'status', 'attempt')
if f[1] ~= 'RUNNING' or f[2] ~= attempt then return 0 end
enter(run, 'QUEUED', now)
return emit(run, '')`;

type Argument = string | number | Buffer;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    analysisAttach(...args: Argument[]): Result<[string, string, string, string], Context>;
    analysisBegin(...args: Argument[]): Result<[number, string, string] | [], Context>;
    analysisAdvance(...args: Argument[]): Result<number, Context>;
    analysisFinish(...args: Argument[]): Result<number, Context>;
    analysisDetach(...args: Argument[]): Result<[string, string], Context>;
    analysisRelease(...args: Argument[]): Result<number, Context>;
  }
}

/** Makes the scripts commands of a connection. */
export function defineScripts(redis: Redis): void {
  const scripts = {
    analysisAttach: ATTACH,
    analysisBegin: BEGIN,
    analysisAdvance: ADVANCE,
    analysisFinish: FINISH,
    analysisDetach: DETACH,
    analysisRelease: RELEASE,
  };
  for (const [name, lua] of Object.entries(scripts)) redis.defineCommand(name, { numberOfKeys: 0, lua });
}
