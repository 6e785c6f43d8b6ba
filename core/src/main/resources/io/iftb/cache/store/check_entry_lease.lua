-- Ends a lease in front of a change of its entry, which is not made if the lease had ended or there is a newer entry by now.
-- KEYS[1] the entry; KEYS[2] the lease
-- the last two of ARGV its token, and with how much of its lifetime left, ms, an entry that is there is changed; 0 for any. Both
-- are taken away
-- returns 2 if the lease had ended, or the entry is newer
local anew = tonumber(table.remove(ARGV))
local holds = redis.call('GET', KEYS[2]) == table.remove(ARGV)
if holds then
  redis.call('UNLINK', KEYS[2])
end
local left = anew > 0 and redis.call('PTTL', KEYS[1]) or -2
if not holds or left == -1 or left > anew then
  return 2
end
