-- Reads an entry, or takes the lease to compute it. It is sent again if its reply is lost, so it knows its own lease.
-- KEYS[1] the entry; KEYS[2] its lease
-- ARGV[1] token; ARGV[2] how long the lease lives unless it is extended, ms
-- ARGV[3] lifetime of the entry after the read: ms, -1 for ever, -2 to keep it, 0 to remove it
-- ARGV[4] with how much of its lifetime left, ms, an entry counts as one to compute anew; 0 for none
-- returns {the value}; {1} if the lease was taken; {0, ms until it ends} if another has it; {2} if it is known that there is
-- no value
local value = redis.call('GET', KEYS[1])
local anew = tonumber(ARGV[4])
local left = value and anew > 0 and redis.call('PTTL', KEYS[1]) or -1
if value and (left < 0 or left > anew) then
  local lifetime = tonumber(ARGV[3])
  if lifetime == 0 then
    redis.call('UNLINK', KEYS[1])
  elseif lifetime == -1 then
    redis.call('PERSIST', KEYS[1])
  elseif lifetime > 0 then
    redis.call('PEXPIRE', KEYS[1], lifetime)
  end
  return {value}
end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return {1}
end
local holder = redis.call('GET', KEYS[2])
if holder == ARGV[1] then
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
  return {1}
end
if not value and holder == 'none' then
  return {2}
end
return {0, redis.call('PTTL', KEYS[2])}
