-- Ends a lease in front of a change of its entry, which is not made if the lease had ended.
-- KEYS[2] the lease
-- the last of ARGV its token, which is taken away
-- returns 2 if the lease had ended
if redis.call('GET', KEYS[2]) ~= table.remove(ARGV) then
  return 2
end
redis.call('UNLINK', KEYS[2])
