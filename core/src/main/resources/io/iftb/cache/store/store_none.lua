-- Removes an old entry by the right of a lease, since there is no value any more, and remembers that there is none.
-- KEYS[1] the entry; KEYS[2] its lease
-- ARGV[1] token; ARGV[2] how long it is remembered, ms; 0 for not at all
-- ARGV[3] with how much of its lifetime left, ms, an entry that is there is removed; 0 for none
-- ARGV[4] channel on which ARGV[5] is published
-- returns 1; or 0, and nothing was changed, if the lease had ended or there is a newer entry by now
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
local left = redis.call('PTTL', KEYS[1])
local ends = left == -2 or (left >= 0 and left <= tonumber(ARGV[3]))
if ends and left ~= -2 then
  redis.call('UNLINK', KEYS[1])
end
if ends and ARGV[2] ~= '0' then
  redis.call('SET', KEYS[2], 'none', 'PX', ARGV[2])
else
  redis.call('UNLINK', KEYS[2])
end
redis.pcall('PUBLISH', ARGV[4], ARGV[5]) -- without the right to it, those who wait look again when the lease would end
return ends and 1 or 0
