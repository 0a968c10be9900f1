import { Script } from '../redis/script.js';

// Every change of a run's state is one script: it checks that the change is still allowed, applies it, gives it the next
// sequence number, appends it to the run's stream and wakes the listeners, or does nothing at all.
//
// KEYS: the sets of RunKeys.sets(), then the keys of one run or two (RunKeys.ofRun()), then those that a script names itself.
// ARGV: a JSON list of the statuses, one of the engines, the channel of events, then the script's own.

const PRELUDE = `
local statuses, engines, channel = cjson.decode(ARGV[1]), cjson.decode(ARGV[2]), ARGV[3]
local withStatus, lines = {}, {}
for i, name in ipairs(statuses) do withStatus[name] = KEYS[i] end
for i, name in ipairs(engines) do lines[name] = KEYS[#statuses + i] end
local RUN_KEYS = 7
local function runAt(position, id)
  local first = #statuses + #engines + (position - 1) * RUN_KEYS
  return { id = id, hash = KEYS[first + 1], events = KEYS[first + 2], clients = KEYS[first + 3], figures = KEYS[first + 4],
    rows = KEYS[first + 5], partialFigures = KEYS[first + 6], partialRows = KEYS[first + 7] }
end
local function keyAfter(runs, position) return KEYS[#statuses + #engines + runs * RUN_KEYS + position] end
local function emit(run, detached)
  local seq = redis.call('HINCRBY', run.hash, 'seq', 1)
  local f = redis.call('HMGET', run.hash, 'status', 'progress', 'startedAt', 'finishedAt', 'error', 'partials')
  redis.call('XADD', run.events, seq .. '-0', 'status', f[1], 'progress', f[2] or '',
    'startedAt', f[3] or '', 'finishedAt', f[4] or '', 'error', f[5] or '', 'partials', f[6] or '0', 'detached', detached)
  redis.call('PUBLISH', channel, run.id)
  return seq
end
local function keep(run, ttl)
  for _, key in ipairs({run.hash, run.events, run.clients, run.figures, run.rows}) do redis.call('EXPIRE', key, ttl) end
  -- Once there is a result, partial ones are only for clients that are reading them at this moment.
  local partialTtl = redis.call('HGET', run.hash, 'status') == 'SUCCEEDED' and math.min(ttl, 60) or ttl
  for _, key in ipairs({run.partialFigures, run.partialRows}) do redis.call('EXPIRE', key, partialTtl) end
end
-- What a run leaves goes when the run does: as long after its last client came as results are kept, however long it took.
-- A client comes only while the run's snapshot is the newest, so that nothing outlives a later delete for longer (rule 28).
local function remaining(run, ttl)
  local left = redis.call('TTL', run.hash)
  return left > 0 and math.min(left, tonumber(ttl)) or ttl
end
local function stopWaiting(run)
  redis.call('ZREM', withStatus.QUEUED, run.id)
  for _, line in pairs(lines) do redis.call('ZREM', line, run.id) end
end
-- Every run is in one set, by the time of its last change of status (for /metrics). While it waits it is also in its engine's line.
local function enter(run, status, now)
  stopWaiting(run)
  redis.call('HSET', run.hash, 'status', status)
  for name, set in pairs(withStatus) do
    if name ~= status then redis.call('ZREM', set, run.id) else redis.call('ZADD', set, now, run.id) end
  end
  if status == 'QUEUED' then redis.call('ZADD', lines[redis.call('HGET', run.hash, 'engine')], now, run.id) end
end
-- What has run out leaves no trace in the sets. Runs that wait are looked at one by one: see FORGET.
local function purge(now, ttl)
  for name, set in pairs(withStatus) do
    if name ~= 'QUEUED' then redis.call('ZREMRANGEBYSCORE', set, '-inf', now - ttl * 1000) end
  end
end
`;

/**
 * Finds or makes the run of a question and gives it one more client. The caller has looked which run and which analysis are
 * known and names their keys; `moved`: it is another by now, look again.
 * Runs: the known one, the new one. Keys: the question's run, the idempotency key, the new analysis, the known analysis,
 * the hash of the known analysis's run.
 */
export const ATTACH = new Script<[how: string, id: string, runId: string, status: string]>(`${PRELUDE}
local known, new = runAt(1, ARGV[4]), runAt(2, ARGV[5])
local key, id, now, ttl, topic, preset = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11]
local spec, engine, snapshot, choice = ARGV[12], ARGV[13], ARGV[14], ARGV[15]
local idem, print, knownId, maxQueued = ARGV[16], ARGV[17], ARGV[18], tonumber(ARGV[19])
local pointer, idemKey, analysis = keyAfter(2, 1), keyAfter(2, 2), keyAfter(2, 3)
local knownAnalysis, knownRun = keyAfter(2, 4), keyAfter(2, 5)
if idem ~= '' then
  local f = redis.call('HMGET', idemKey, 'id', 'print', 'run')
  if (f[1] or '') ~= knownId then return {'moved', '', '', ''} end
  if f[1] and redis.call('EXISTS', knownAnalysis) == 1 then
    if f[2] ~= print then return {'conflict', '', '', ''} end
    return {'known', f[1], f[3], redis.call('HGET', knownRun, 'status') or ''}
  end
end
if (redis.call('GET', pointer) or '') ~= known.id then return {'moved', '', '', ''} end
local run, how = known, 'attached'
local status = run.id ~= '' and redis.call('HGET', run.hash, 'status')
if not status or status == 'FAILED' or status == 'CANCELLED'
  or (status == 'SUCCEEDED' and redis.call('EXISTS', run.figures) == 0) then
  purge(now, ttl)
  if redis.call('ZCARD', lines[engine]) >= maxQueued then return {'full', '', '', ''} end
  how, run, status = 'new', new, 'QUEUED'
  redis.call('HSET', run.hash, 'key', key, 'spec', spec, 'engine', engine, 'snapshot', snapshot,
    'seq', 0, 'attempt', 0, 'partials', 0)
  enter(run, status, now)
  emit(run, '')
end
-- The pointer lives longer than the run: a run is checked before it is used again.
redis.call('SET', pointer, run.id, 'EX', ttl * 2)
redis.call('SADD', run.clients, id)
redis.call('HSET', analysis, 'run', run.id, 'topic', topic, 'preset', preset, 'engineChoice', choice, 'createdAt', now)
redis.call('EXPIRE', analysis, ttl)
keep(run, ttl)
if idem ~= '' then
  redis.call('HSET', idemKey, 'id', id, 'print', print, 'run', run.id)
  redis.call('EXPIRE', idemKey, ttl)
end
return {how, id, run.id, status}`);

/** A worker takes the run. Every start has a new attempt number; whoever holds an older one is refused from then on. */
export const BEGIN = new Script<[attempt: number, spec: string, snapshot: string] | []>(`${PRELUDE}
local run, now = runAt(1, ARGV[4]), ARGV[5]
local status = redis.call('HGET', run.hash, 'status')
if status ~= 'QUEUED' and status ~= 'RUNNING' then
  stopWaiting(run)
  return {}
end
local attempt = redis.call('HINCRBY', run.hash, 'attempt', 1)
enter(run, 'RUNNING', now)
redis.call('HSETNX', run.hash, 'startedAt', now)
emit(run, '')
local f = redis.call('HMGET', run.hash, 'spec', 'snapshot')
return {attempt, f[1], f[2]}`);

/** Progress, with a partial result or without. 0: no longer this worker's run. */
export const ADVANCE = new Script<number>(`${PRELUDE}
local run, attempt, progress, figures, rows, ttl = runAt(1, ARGV[4]), ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local f = redis.call('HMGET', run.hash, 'status', 'attempt')
if f[1] ~= 'RUNNING' or f[2] ~= attempt then return 0 end
redis.call('HSET', run.hash, 'progress', progress)
ttl = remaining(run, ttl)
if figures ~= '' then
  redis.call('SET', run.partialFigures, figures, 'EX', ttl)
  redis.call('SET', run.partialRows, rows, 'EX', ttl)
  redis.call('HINCRBY', run.hash, 'partials', 1)
end
return emit(run, '')`);

/** The end of a run: SUCCEEDED with its result, or FAILED with its error. 0: no longer this worker's run. */
export const FINISH = new Script<number>(`${PRELUDE}
local run, attempt, status, progress, err = runAt(1, ARGV[4]), ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local now, ttl, figures, rows = ARGV[9], ARGV[10], ARGV[11], ARGV[12]
local f = redis.call('HMGET', run.hash, 'status', 'attempt')
if (f[1] ~= 'RUNNING' and f[1] ~= 'QUEUED') or (attempt ~= '' and f[2] ~= attempt) then return 0 end
enter(run, status, now)
redis.call('HSET', run.hash, 'finishedAt', now, 'error', err)
if progress ~= '' then redis.call('HSET', run.hash, 'progress', progress) end
ttl = remaining(run, ttl)
if figures ~= '' then
  redis.call('SET', run.figures, figures, 'EX', ttl)
  redis.call('SET', run.rows, rows, 'EX', ttl)
end
keep(run, ttl)
return emit(run, '')`);

/**
 * A client detaches. The last one detaches; the run is cancelled.
 * Keys: the analysis, its own copies of the partial figures and rows.
 */
export const DETACH = new Script<string>(`${PRELUDE}
local run, id, now, cancelChannel = runAt(1, ARGV[4]), ARGV[5], ARGV[6], ARGV[7]
local analysis, partialFigures, partialRows = keyAfter(1, 1), keyAfter(1, 2), keyAfter(1, 3)
if redis.call('HGET', analysis, 'run') ~= run.id then return 'unknown' end
if redis.call('EXISTS', run.hash) == 0 then
  stopWaiting(run)
  return 'unknown'
end
if redis.call('HEXISTS', analysis, 'detachedSeq') == 1 then return 'already' end
local status = redis.call('HGET', run.hash, 'status')
if status ~= 'QUEUED' and status ~= 'RUNNING' then return 'finished' end
redis.call('SREM', run.clients, id)
local how = 'detached'
if redis.call('SCARD', run.clients) == 0 then
  how = 'stopped'
  enter(run, 'CANCELLED', now)
  redis.call('HSET', run.hash, 'finishedAt', now)
  redis.call('PUBLISH', cancelChannel, run.id)
else
  redis.call('COPY', run.partialFigures, partialFigures)
  redis.call('COPY', run.partialRows, partialRows)
end
local seq = emit(run, id)
redis.call('HSET', analysis, 'detachedSeq', seq, 'detachedAt', now)
return how`);

/** Puts a run that a stopping worker gave back at the end of its engine's line. 0: no longer this worker's run. */
export const RELEASE = new Script<number>(`${PRELUDE}
local run, attempt, now = runAt(1, ARGV[4]), ARGV[5], ARGV[6]
local f = redis.call('HMGET', run.hash, 'status', 'attempt')
if f[1] ~= 'RUNNING' or f[2] ~= attempt then return 0 end
enter(run, 'QUEUED', now)
return emit(run, '')`);

/** Takes a run that is gone (it expired while it waited) out of the sets. 0: it is still there. */
export const FORGET = new Script<number>(`${PRELUDE}
local run = runAt(1, ARGV[4])
if redis.call('HGET', run.hash, 'status') == 'QUEUED' then return 0 end
stopWaiting(run)
return 1`);
