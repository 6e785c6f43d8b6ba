-- Removes entries of a cache of Redisson's own provider whose values are still as they were read.
-- KEYS[1], KEYS[2] as in read_redisson.lua; ARGV[1..] key and value of each entry
-- returns how many it removed
local removed = 0
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then
    redis.call('HDEL', KEYS[1], ARGV[i])
    redis.call('ZREM', KEYS[2], ARGV[i])
    removed = removed + 1
  end
end
return removed
