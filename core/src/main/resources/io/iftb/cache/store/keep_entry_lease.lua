-- Extends the lease of an entry, or gives it back.
-- KEYS[1] the lease
-- ARGV[1] token; ARGV[2] how long it lives from now on, ms; 0 to give it back
-- ARGV[3] channel on which ARGV[4] is published if it is given back
-- returns 1 if it was there, else 0
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
if ARGV[2] ~= '0' then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return 1
end
redis.call('UNLINK', KEYS[1])
redis.pcall('PUBLISH', ARGV[3], ARGV[4])
return 1
