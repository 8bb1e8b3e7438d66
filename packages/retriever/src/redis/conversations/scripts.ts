// All keys of an owner are in one slot, so that each script runs on one node of a cluster. The index orders an
// owner's conversations by the time at which they expire.

/** Locks a conversation and returns it. Keys: conversation, lock. Arguments: token, milliseconds. */
export const lockScript = `
local value = redis.call('GET', KEYS[1])
if not value then return {'missing'} end
if not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return {'busy'} end
return {'locked', value}
`;

/** Ends a lock that the token holds. Keys: lock. Arguments: token. */
export const unlockScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`;

const now = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
`;

// The names of conversations follow the prefix of the index, which includes a `keyPrefix` of the app's client.
const dropFunction = `
local base = string.sub(KEYS[1], 1, -string.len('index') - 1)
local function drop(names)
  for _, name in ipairs(names) do
    redis.call('DEL', base .. name, base .. name .. ':lock')
    redis.call('ZREM', KEYS[1], name)
    redis.call('HDEL', KEYS[2], name)
  end
end
`;

/**
 * Writes a conversation unless the lock is lost, and drops the owner's expired and surplus conversations.
 * Keys: index, summaries, conversation, lock. Arguments: name, value, summary, token, milliseconds, most
 * conversations.
 */
export const writeScript: string = `${now}${dropFunction}
local token = ARGV[4]
if token ~= '' and (redis.call('GET', KEYS[4]) ~= token or redis.call('EXISTS', KEYS[3]) == 0) then return 0 end
local ttl = tonumber(ARGV[5])
redis.call('SET', KEYS[3], ARGV[2], 'PX', ttl)
redis.call('ZADD', KEYS[1], now + ttl, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
for i = 1, 2 do
  if redis.call('PTTL', KEYS[i]) < ttl then redis.call('PEXPIRE', KEYS[i], ttl) end
end
drop(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now))
local surplus = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[6])
if surplus > 0 then drop(redis.call('ZRANGE', KEYS[1], 0, surplus - 1)) end
return 1
`;

/**
 * Lists summaries, the last used first. Keys: index, summaries. Arguments: offset, limit. A conversation that
 * the server evicted leaves the index.
 */
export const listScript: string = `${now}${dropFunction}
drop(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now))
for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if redis.call('EXISTS', base .. name) == 0 then drop({name}) end
end
local offset, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local found = {tostring(redis.call('ZCARD', KEYS[1]))}
for _, name in ipairs(redis.call('ZREVRANGE', KEYS[1], offset, offset + limit - 1)) do
  table.insert(found, redis.call('HGET', KEYS[2], name) or '')
end
return found
`;

/** Deletes a conversation. Keys: index, summaries. Arguments: name. */
export const removeScript: string = `${dropFunction}
local exists = redis.call('EXISTS', base .. ARGV[1])
drop({ARGV[1]})
return exists
`;
