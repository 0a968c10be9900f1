/**
 * The steps of the Redis lease store. KEYS: 1 sessions (hash name → JSON), 2 leases (hash name → JSON), 3 the last
 * token, 4 the log (stream), 5 the channel. Redis' own clock decides what has run out, so processes need not agree on the time.
 */
const COMMON = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local function entry(name)
  local text = redis.call('HGET', KEYS[1], name)
  return text and cjson.decode(text)
end
local function lease_of(name)
  local text = redis.call('HGET', KEYS[2], name)
  return text and cjson.decode(text)
end
local function save(session) redis.call('HSET', KEYS[1], session.name, cjson.encode(session)) end
local function log(event, name, owner, tenant, token)
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', 20000, '*', 'event', event, 'name', name, 'owner', owner,
    'tenant', tenant, 'token', token, 'at', string.format('%d%03d%03d', time[1], math.floor(time[2] / 1000), time[2] % 1000))
end
local function grant(session, state, owner, tenant, ttl)
  local token = redis.call('INCR', KEYS[3])
  session.state = state
  save(session)
  redis.call('HSET', KEYS[2], session.name, cjson.encode({ owner = owner, tenant = tenant, token = token, until_ = now + ttl }))
  log('acquire', session.name, owner, tenant, token)
  return { cjson.encode(session), token }
end
local function held(name, token)
  local lease = lease_of(name)
  if lease and lease.token == token and lease.until_ > now then return lease end
end
`;

export const RESERVE: string = `${COMMON}
local name, owner, max, ttl = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
if redis.call('HLEN', KEYS[1]) >= max or redis.call('HEXISTS', KEYS[1], name) == 1 then return false end
local session = { name = name, state = 'creating', id = cjson.null, appId = cjson.null, boot = cjson.null,
  createdAt = now, statements = 0, errors = 0, usedAt = 0 }
return grant(session, 'creating', owner, '', ttl)
`;

export const LEASE: string = `${COMMON}
local owner, tenant, per_tenant, ttl = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local all = redis.call('HVALS', KEYS[1])
local best, held_now = nil, 0
for _, text in ipairs(all) do
  local session = cjson.decode(text)
  if session.state == 'leased' then
    local lease = lease_of(session.name)
    if lease and lease.tenant == tenant and lease.until_ > now then held_now = held_now + 1 end
  elseif session.state == 'idle' and (best == nil or session.usedAt > best.usedAt) then
    best = session
  end
end
if held_now >= per_tenant then return 'full' end
if best == nil then return false end
return grant(best, 'leased', owner, tenant, ttl)
`;

export const TAKE: string = `${COMMON}
local session = entry(ARGV[1])
if not session or session.state ~= 'idle' then return false end
return grant(session, 'verifying', ARGV[2], '', tonumber(ARGV[3]))
`;

export const RECLAIM: string = `${COMMON}
for _, text in ipairs(redis.call('HVALS', KEYS[1])) do
  local session = cjson.decode(text)
  if session.state ~= 'idle' then
    local lease = lease_of(session.name)
    if not lease or lease.until_ <= now then
      if lease then log('expired', session.name, lease.owner, lease.tenant, lease.token) end
      return grant(session, session.state, ARGV[1], '', tonumber(ARGV[2]))
    end
  end
end
return false
`;

export const RENEW: string = `${COMMON}
local lease = held(ARGV[1], tonumber(ARGV[2]))
if not lease then return 0 end
lease.until_ = now + tonumber(ARGV[3])
redis.call('HSET', KEYS[2], ARGV[1], cjson.encode(lease))
return 1
`;

export const UPDATE: string = `${COMMON}
local session = held(ARGV[1], tonumber(ARGV[2])) and entry(ARGV[1])
if not session then return 0 end
for key, value in pairs(cjson.decode(ARGV[3])) do session[key] = value end
save(session)
return 1
`;

export const RELEASE: string = `${COMMON}
local lease = held(ARGV[1], tonumber(ARGV[2]))
local session = lease and entry(ARGV[1])
if not session then return 0 end
for key, value in pairs(cjson.decode(ARGV[3])) do session[key] = value end
session.state = 'idle'
session.usedAt = now
save(session)
redis.call('HDEL', KEYS[2], ARGV[1])
log('release', ARGV[1], lease.owner, lease.tenant, lease.token)
redis.call('PUBLISH', KEYS[5], ARGV[1])
return 1
`;

export const REMOVE: string = `${COMMON}
local lease = held(ARGV[1], tonumber(ARGV[2]))
if not lease then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
log('remove', ARGV[1], lease.owner, lease.tenant, lease.token)
redis.call('PUBLISH', KEYS[5], ARGV[1])
return 1
`;
