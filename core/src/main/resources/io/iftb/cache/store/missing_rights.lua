-- Returns the rights that this user lacks: each a purpose, a space, and the right.
-- KEYS[1]  a key of an entry that is not there
-- ARGV[1]  the key of its lease; ARGV[2]  the key of a budget
-- ARGV[3]  a channel of changes; ARGV[4]  a channel of what was fetched; ARGV[5]  a channel of what was computed
--
-- Redis 7.0 and later are asked. Earlier ones let the script try each command that a script may call: a refused one fails
-- before it does anything, and those that are let through find nothing to change, or change the key that is then removed.
local key, lease, budget = KEYS[1], ARGV[1], ARGV[2]
local may, missing = redis.acl_check_cmd, {}

local function need(purpose, right, ...)
  if may then
    local known, allowed = pcall(may, ...)
    if known and not allowed then
      missing[#missing + 1] = purpose .. ' ' .. right
    end
  end
end

local function try(purpose, right, ...)
  if may then
    return need(purpose, right, ...)
  end
  local reply = redis.pcall(...)
  local said = type(reply) == 'table' and reply.err or ''
  if string.find(said, 'NOPERM', 1, true) or string.find(said, 'no permissions', 1, true)
    or string.find(said, "can't run this command", 1, true)
    or string.find(said, "can't access at least one of the keys", 1, true) then
    missing[#missing + 1] = purpose .. ' ' .. right
  end
end

try('READS', '+ping', 'PING')
try('READS', '+time', 'TIME')
need('READS', '+info', 'INFO')
need('READS', '+client|setname', 'CLIENT', 'SETNAME', 'x')
need('READS', '+scan', 'SCAN', '0')
try('READS', '+exists', 'EXISTS', key)
try('READS', '+pttl', 'PTTL', key)
try('READS', '+get', 'GET', key)
try('READS', '+mget', 'MGET', key)
try('READS', '+getrange', 'GETRANGE', key, '0', '0')
try('READS', '+strlen', 'STRLEN', key)
try('READS', '+memory|usage', 'MEMORY', 'USAGE', key)
try('READS', '+zrange', 'ZRANGE', key, '0', '0')
try('READS', '+zrevrangebyscore', 'ZREVRANGEBYSCORE', key, '0', '0')
need('READS', '+evalsha', 'EVALSHA', 'x', '0')
need('READS', '+eval', 'EVAL', '', '0')

try('WRITES', '+zscore', 'ZSCORE', key, 'x')
try('WRITES', '+zrangebyscore', 'ZRANGEBYSCORE', key, '0', '0')
try('WRITES', '+persist', 'PERSIST', key)
try('WRITES', '+pexpireat', 'PEXPIREAT', key, '1')
try('WRITES', '+getex', 'GETEX', key)
try('WRITES', '+getdel', 'GETDEL', key)
try('WRITES', '+rename', 'RENAME', key, key)
try('WRITES', '+zrem', 'ZREM', key, 'x')
try('WRITES', '+set', 'SET', key, '', 'PX', '1000')
try('WRITES', '+setrange', 'SETRANGE', key, '0', '')
try('WRITES', '+append', 'APPEND', key, '')
try('WRITES', '+unlink', 'UNLINK', key)
try('WRITES', '+zadd', 'ZADD', key, 'XX', '0', 'x')
try('WRITES', '+del', 'DEL', key)

need('NEAR', '+client|tracking', 'CLIENT', 'TRACKING', 'ON')
need('NEAR', '+client|trackinginfo', 'CLIENT', 'TRACKINGINFO')
need('NEAR', '~iftb-cache:fence:*', 'SET', 'iftb-cache:fence:x', '')

need('EVENTS', '+publish &iftb-cache:changes:*', 'PUBLISH', ARGV[3], '')
need('EVENTS', '+subscribe &iftb-cache:changes:*', 'SUBSCRIBE', ARGV[3])
need('EVENTS', '+publish &iftb-cache:fetched:*', 'PUBLISH', ARGV[4], '')
need('EVENTS', '+subscribe &iftb-cache:fetched:*', 'SUBSCRIBE', ARGV[4])

need('LEASES', '~' .. '{*}:lease', 'SET', lease, '')
need('LEASES', '+publish &iftb-cache:computed:*', 'PUBLISH', ARGV[5], '')
need('LEASES', '+subscribe &iftb-cache:computed:*', 'SUBSCRIBE', ARGV[5])

for _, command in ipairs({'HGETALL', 'ZCARD'}) do
  need('BUDGETS', '+' .. string.lower(command), command, budget)
end
need('BUDGETS', '+hset', 'HSET', budget, 'x', '')
need('BUDGETS', '+pexpire', 'PEXPIRE', budget, '1')
need('BUDGETS', '+zcount', 'ZCOUNT', budget, '0', '0')
need('BUDGETS', '+zremrangebyscore', 'ZREMRANGEBYSCORE', budget, '0', '0')
return missing
