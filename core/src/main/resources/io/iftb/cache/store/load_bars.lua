-- Writes bars of one series that were fetched, and what is covered now, in one step; safe to replay.
-- KEYS, ARGV[1] as in series.lua
-- ARGV[2] lifetime: ms, or -1 for ever
-- ARGV[3] values: 48 bytes each, sorted by open time, each open time once; may be empty
-- ARGV[4] the change of the coverage, as in coverage.lua
-- ARGV[5] channel on which ARGV[6] is published
-- returns as upsert_bars.lua; or {2}, and nothing was done, if the lease is another's by now
if is_lease_lost(ARGV[4]) then
  return {2}
end
if redis.acl_check_cmd and not redis.acl_check_cmd('PUBLISH', ARGV[5], '') then
  return redis.error_reply("NOPERM this user has no permissions to 'publish' to the channel " .. ARGV[5])
end
local now, values = clock(), ARGV[3]
prepare(now)
local old = bound(values, ROW - 8, head_begins(), 0)
if old > 0 then
  return add_pages_of({}, values, ROW - 8, old, now)
end
if #values > 0 then
  change_head(rows_of(values, expiry(now, tonumber(ARGV[2]))), now)
end
change_coverage(ARGV[4], now)
call('PUBLISH', ARGV[5], ARGV[6])
return made_page and -head_rows() or head_rows()
