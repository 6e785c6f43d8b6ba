-- Stores a value that was computed under a lease, which ends with it.
-- KEYS[1] the entry; KEYS[2] its lease
-- ARGV[1] token; ARGV[2] lifetime: ms, -1 for ever, 0 to store nothing
-- ARGV[3] value
-- ARGV[4] channel on which ARGV[5] is published
-- ARGV[6] with how much of its lifetime left, ms, an entry that is there is replaced; 0 for none
-- returns 1; or 0, and nothing was stored, if the lease had ended or there is a newer entry by now
local holds = redis.call('GET', KEYS[2]) == ARGV[1]
local left = redis.call('PTTL', KEYS[1])
local stores = holds and (left == -2 or (left >= 0 and left <= tonumber(ARGV[6])))
if stores and ARGV[2] == '-1' then
  redis.call('SET', KEYS[1], ARGV[3])
elseif stores and ARGV[2] ~= '0' then
  redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[2])
end
if holds then
  redis.call('UNLINK', KEYS[2])
end
redis.pcall('PUBLISH', ARGV[4], ARGV[5]) -- without the right to it, those who wait look again when the lease would end
return stores and 1 or 0
