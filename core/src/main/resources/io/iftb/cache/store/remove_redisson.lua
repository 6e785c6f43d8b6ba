-- Removes entries of a cache of Redisson's own provider whose values are still as they were read, and that end no later.
-- KEYS[1], KEYS[2] as in read_redisson.lua; ARGV[1..] of each entry key, value, and when it expires at the latest, or inf
-- returns how many it removed
local removed = 0
for i = 1, #ARGV, 3 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then
    local latest = tonumber(ARGV[i + 2])
    if (tonumber(redis.call('ZSCORE', KEYS[2], ARGV[i]) or 'inf') or math.huge) <= latest then
      redis.call('HDEL', KEYS[1], ARGV[i])
      redis.call('ZREM', KEYS[2], ARGV[i])
      removed = removed + 1
    end
  end
end
return removed
