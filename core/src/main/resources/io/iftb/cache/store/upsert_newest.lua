-- The most frequent write, one bar in place of the newest one or behind it; else the rest of the script does the work.
-- KEYS and ARGV as in upsert_bars.lua; returns how many rows the head has
--
-- It goes in front of series.lua, so that a call that needs nothing of that does not define it, which would take longer
-- than the write itself. Numbers in commands are constant text where they can be: the server takes 0.35 µs to write
-- a number as text, and 0.4 to 0.9 for a command.
local call, unpack, head, value = redis.call, struct.unpack, KEYS[1], ARGV[3]
if #value == 48 then
  local row, length = call('GETRANGE', head, '-56', '-41'), call('STRLEN', head)
  local base = length % 56 -- where the rows begin: behind a mark of 48 bytes, if there is one
  if #row == 16 and (base == 0 or base == 48) then
    local opens, newest, expiry = unpack('>i8', value), unpack('>i8i8', row)
    local over = opens == newest
    -- a row that a 64-bit server reads correctly
    local legal = newest > -2 ^ 53 and newest < 2 ^ 53 and expiry > 2 ^ 40
    if legal and (over or opens > newest and length < 8192 * 56) then
      -- a new row lets go of those that have expired; one in place of another may leave them until then
      local oldest = over and 2 ^ 63
        or unpack('>i8', base == 0 and call('GETRANGE', head, '8', '15') or call('GETRANGE', head, '56', '63'))
      local lifetime, expires, packed = ARGV[2] + 0, 2 ^ 63, '\127\255\255\255\255\255\255\255'
      local key_expires, fits = 2 ^ 63, oldest >= 2 ^ 62
      if lifetime >= 0 then
        local left, now = call('PTTL', head)
        local ends = left >= 0 and redis.pcall('PEXPIRETIME', head)
        if type(ends) == 'number' then
          now, fits, key_expires = ends - left, true, ends -- sooner than TIME
        else -- the key lives for ever, or the server is older than Redis 7.0
          local time = call('TIME') -- after PTTL, so that the key does not expire after now + left
          now, fits = time[1] * 1000 + math.floor(time[2] / 1000), lifetime >= left
          key_expires = left >= 0 and 0 or key_expires
        end
        expires = now + lifetime
        packed = struct.pack('>i8', expires)
        -- if the new row ends no sooner than the one that goes, the key need not end sooner, whatever the others do
        fits = fits and oldest > now and (not over or expires >= expiry)
      end
      local may = fits and redis.acl_check_cmd
      if may and (lifetime < 0 and not may('PERSIST', head)
          or lifetime >= 0 and expires > key_expires and not may('PEXPIREAT', head, '1')) then
        fits = false -- the rest of the script names the right
      end
      if fits and lifetime >= 0 then -- a bar that ends is not covered any more
        local covered = call('GETRANGE', head .. ':coverage', '-25', '-10')
        fits = #covered < 16 or opens >= unpack('>i8', covered, 9)
      end
      if fits then
        local written = over and redis.pcall('SETRANGE', head, length - 48, packed .. value:sub(9))
          or not over and redis.pcall('APPEND', head, value:sub(1, 8) .. packed .. value:sub(9))
        if type(written) == 'number' then
          if lifetime < 0 then
            call('PERSIST', head)
          elseif expires > key_expires then
            call('PEXPIREAT', head, expires)
          end
          return (length - base) / 56 + (over and 0 or 1)
        end
      end
    end
  end
end
