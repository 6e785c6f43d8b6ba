-- Reads a step of a walk over a cache of Redisson's own provider.
-- KEYS[1] hash of keys and values; KEYS[2] sorted set of keys by the time when they expire; ARGV[1] cursor, or SIZE to
-- count the entries; ARGV[2] how many entries are wanted
-- returns the next cursor, then of each entry its key, its value, and when it expires, epoch ms, or '' for never
if ARGV[1] == 'SIZE' then
  return {redis.call('HLEN', KEYS[1])}
end
local step = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local reply = {step[1]}
for i = 1, #step[2], 2 do
  reply[#reply + 1] = step[2][i]
  reply[#reply + 1] = step[2][i + 1]
  reply[#reply + 1] = redis.call('ZSCORE', KEYS[2], step[2][i]) or ''
end
return reply
