-- Changes a bar if it is still what was read.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] open time
-- ARGV[3] expected: the value read, 48 bytes; empty if there was none
-- ARGV[4] update: the new value, 48 bytes; empty to remove the bar
-- ARGV[5] lifetime: ms, -1 never, -2 as it was, 0 remove the bar
-- ARGV[6] channel: where ARGV[7], news of the change, goes if it is made; both missing for nowhere
-- gives 1 if the bar was as expected, else 0
local time, expected, update, lifetime = tonumber(ARGV[2]), ARGV[3], ARGV[4], tonumber(ARGV[5])
local now = clock()
local before = find(time, now)
if (before and value_of(before) or '') ~= expected then
  return 0
end
if update == '' or lifetime == 0 then
  if before then
    apply(removal(time), now)
  end
else
  local expires_at = lifetime == -2 and (before and before:sub(9, 16) or NEVER) or expiry(now, lifetime)
  apply(rows_of(update, expires_at), now)
end
if ARGV[6] then
  redis.call('PUBLISH', ARGV[6], ARGV[7])
end
return 1
