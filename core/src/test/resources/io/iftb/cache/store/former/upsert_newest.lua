-- The most frequent write, one bar in place of the newest one or behind it; else the rest of the script does the work.
-- KEYS and ARGV as in upsert_bars.lua
--
-- It goes in front of series.lua, so that a call that needs nothing of that does not define it, which would take longer
-- than the write itself.
local call, unpack, head, value = redis.call, struct.unpack, KEYS[1], ARGV[3]
if #value == 48 then
  local row, length, left = call('GETRANGE', head, -56, -1), call('STRLEN', head), call('PTTL', head)
  if #row == 56 and length % 56 == 0 then
    local lifetime, time = tonumber(ARGV[2]), call('TIME') -- after PTTL, so that the key does not expire after now + left
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local opens, newest, expiry = unpack('>i8', value), unpack('>i8i8', row)
    local over = opens == newest
    local fits = over or opens > newest and length < 2046 * 56
    -- a row that a 64-bit server reads correctly
    local legal = math.abs(newest) < 2 ^ 53 and expiry > 2 ^ 40
    -- no other row lets the key live longer than the new one, or the key lives for ever, not only for the row that goes
    local key_follows = left >= 0 and lifetime >= left
    local key_stays = left == -1 and (lifetime < 0 or not over or expiry < 2 ^ 62)
    if fits and legal and (key_follows or key_stays)
      and (unpack('>i8', call('GETRANGE', head, 8, 15))) > now -- else rows that have expired are dropped
    then
      local expires = lifetime < 0 and '\127\255\255\255\255\255\255\255' or struct.pack('>i8', now + lifetime)
      if over then
        call('SETRANGE', head, length - 48, expires .. value:sub(9))
      else
        call('SETRANGE', head, length, value:sub(1, 8) .. expires .. value:sub(9))
      end
      if key_follows then
        call('PEXPIREAT', head, now + lifetime)
      end
      return 1
    end
  end
end
