-- Changes a bar if it is still as it was read.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] open time
-- ARGV[3] expected value, 48 bytes; empty if there was no bar
-- ARGV[4] new value, 48 bytes; empty to remove the bar
-- ARGV[5] lifetime: ms, -1 for ever, -2 to keep it, 0 to remove the bar
-- ARGV[6] channel on which ARGV[7], the event of the change, is published if it is made; both may be missing
-- returns {1 if the bar was as expected, else 0; how many rows the head has, as upsert_bars.lua returns it}; or, if the bar
-- belongs to a page, and nothing was done, {2, what add_pages_of adds}
local time, expected, update, lifetime = tonumber(ARGV[2]), ARGV[3], ARGV[4], tonumber(ARGV[5])
local now = clock()
prepare(now)
if time < head_begins() then
  return add_pages_of({2}, struct.pack('>i8', time), 8, 1, now)
end
local before = find(time, now)
if (before and value_of(before) or '') ~= expected then
  return {0, head_rows()}
end
if ARGV[6] and redis.acl_check_cmd and not redis.acl_check_cmd('PUBLISH', ARGV[6], '') then
  return redis.error_reply("NOPERM this user has no permissions to 'publish' to the channel " .. ARGV[6])
end
if update == '' or lifetime == 0 then
  if before then
    change_head(removal(time), now)
  end
else
  local expires_at = lifetime == -2 and (before and before:sub(9, 16) or NEVER) or expiry(now, lifetime)
  change_head(rows_of(update, expires_at), now)
end
if ARGV[6] then
  call('PUBLISH', ARGV[6], ARGV[7])
end
return {1, made_page and -head_rows() or head_rows()}
