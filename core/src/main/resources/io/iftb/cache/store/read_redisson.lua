-- Reads a step of a walk over a cache of Redisson's own provider, or one entry of it.
-- KEYS[1] hash of keys and values; KEYS[2] sorted set of keys by the time when they expire; ARGV[1] cursor, or SIZE to
-- count the entries, or ENTRY; ARGV[2] how many entries are wanted, or the key; ARGV[3] how many bytes of values
-- returns the next cursor, then of each entry its key, its value, or nil behind so many bytes, and when it expires, epoch ms,
-- or '' for never
if ARGV[1] == 'SIZE' then
  return {redis.call('HLEN', KEYS[1])}
end
local step
if ARGV[1] == 'ENTRY' then
  local value = redis.call('HGET', KEYS[1], ARGV[2])
  step = {'0', value and {ARGV[2], value} or {}}
else
  step = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
end
local reply, room = {step[1]}, tonumber(ARGV[3])
for i = 1, #step[2], 2 do
  local key, value = step[2][i], step[2][i + 1]
  room = room - #value
  reply[#reply + 1] = key
  reply[#reply + 1] = (i == 1 or room >= 0) and value
  reply[#reply + 1] = redis.call('ZSCORE', KEYS[2], key) or ''
end
return reply
