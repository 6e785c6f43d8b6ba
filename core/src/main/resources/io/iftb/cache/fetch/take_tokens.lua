-- Takes tokens of a budget of requests, by the server's clock. Says of each JVM that it is there.
-- KEYS[1] the bucket; KEYS[2] the JVMs that share it, by the time they were last heard
-- ARGV[1] id of the JVM
-- ARGV[2] weight of the request; 0 to take nothing
-- ARGV[3] priority: 1 order, 2 read, 3 warm-up
-- ARGV[4] ms for which the caller waits at most
-- ARGV[5] ms for which nobody may ask the source, 0 for none
-- ARGV[6] weight used as the source says, -1 for none; it concerns the first window of weight
-- ARGV[7] JVMs that the caller expects, if it has kept to its share by itself until now; else 0
-- ARGV[8] ms after which a JVM that is not heard may keep to its share by itself; ARGV[9] ms after which it is forgotten
-- ARGV[10] ms that the bucket lives without use; ARGV[11] the limits as text
-- ARGV[12 ..] of each window: name of its level; 1 if it counts weight, 0 if requests; burst; tokens a ms; usable weight
-- returns {1 if granted, else 0; ms until it may be granted; ms until the next try; ms for which nobody may ask; JVMs; the
-- limits of another JVM if they differ, or nil}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local weight, priority, at_most = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local bucket = {}
local stored = redis.call('HGETALL', KEYS[1])
for i = 1, #stored, 2 do
  bucket[stored[i]] = tonumber(stored[i + 1]) or stored[i + 1]
end

redis.call('ZADD', KEYS[2], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[9])
local jvms = redis.call('ZCARD', KEYS[2])
local heard = redis.call('ZCOUNT', KEYS[2], now - ARGV[8], now + 1000) -- later: by a clock that was set back
local changes = {}
local expect_for = (bucket.expect_until or 0) - now
local expected = expect_for > 0 and expect_for <= 2 * ARGV[8] and bucket.expected or 0
if tonumber(ARGV[7]) > 0 then -- others come back too, and may not be known any more; a newcomer expects fewer
  expected = math.max(expected, tonumber(ARGV[7]))
  changes = {'expected', expected, 'expect_until', now + 2 * ARGV[8]}
end
local fraction = heard / math.max(jvms, expected) -- a JVM that is not heard may use its share by itself

local born = math.min(bucket.born or now, now)
local passed = math.max(0, now - (bucket.time or now)) -- a clock that was set back gives no tokens
local stopped = math.min((bucket.stop_until or 0) - now, bucket.stop_ms or 0)
if tonumber(ARGV[5]) > math.max(0, stopped) then
  stopped = tonumber(ARGV[5])
  changes[#changes + 1], changes[#changes + 2] = 'stop_until', now + stopped
  changes[#changes + 1], changes[#changes + 2] = 'stop_ms', stopped
end
stopped = math.max(0, stopped)

local waits = {} -- for how long each priority is waited for; longer than ever said: by a clock that was set back
for each = 1, 3 do
  waits[each] = (bucket['wait_' .. each] or 0) - now
  waits[each] = waits[each] <= 1250 and waits[each] or 0
end
local due, warm_up = bucket.due or 0, bucket.warm_up or 0
local is_due = priority == 3 and due >= weight -- one token in ten is for a warm-up that waits
local pause = waits[1]
if priority == 1 then
  pause = 0
elseif priority == 3 and not is_due then
  pause = math.max(pause, waits[2])
end
local left, left_for = 0, 0 -- weight that is left to another one that is due, and until when that one comes back
if priority == 2 and waits[3] > 0 and due >= warm_up then
  left, left_for = warm_up, waits[3]
end
local heavy_for = (bucket['heavy_until_' .. priority] or 0) - now
local heavy = heavy_for > 0 and heavy_for <= 1250 and bucket['heavy_' .. priority] or 0
for at = 12, #ARGV, 5 do
  if ARGV[at + 1] == '1' and heavy > tonumber(ARGV[at + 2]) then -- by greater limits than those of the caller: no use to wait
    heavy = 0
  end
end
local heavy_due = heavy > 0 and bucket['heavy_due_' .. priority] or 0 -- put aside for it: every second token
if heavy > weight and heavy_due >= heavy and heavy > left then -- another JVM waits with a heavier one of this priority
  left, left_for = heavy, heavy_for
end

local wait = stopped
local levels, costs = {}, {}
local used = tonumber(ARGV[6])
for at = 12, #ARGV, 5 do
  local burst, rate = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local level = math.min(burst, (bucket[ARGV[at]] or 0) + passed * rate * fraction)
  if tonumber(ARGV[5]) > 0 or tonumber(ARGV[7]) > 0 then
    level = math.min(level, 0)
  end
  if used >= 0 and ARGV[at + 1] == '1' then
    level, used = math.min(level, math.max(ARGV[at + 4] - used, -ARGV[at + 4])), -1
  end
  local cost = ARGV[at + 1] == '1' and weight or 1
  local reserve = is_due and 0 or (priority - 1) * 0.2 * math.min(burst, (now - born) * rate)
  local leave = left > 0 and ARGV[at + 1] == '0' and 1 or left
  if leave > 0 and cost + reserve + leave > burst then
    pause = math.max(pause, left_for)
  end
  local need = math.min(burst, cost + reserve + leave)
  if weight > 0 and level < need then
    wait = math.max(wait, (need - level) / (rate * fraction))
  end
  levels[at], costs[at] = level, cost
end

local granted = weight > 0 and wait <= 0 and pause <= 0
if granted then
  for at = 12, #ARGV, 5 do
    levels[at] = levels[at] - costs[at]
  end
  if priority == 3 then
    due = 0
  elseif waits[3] > 0 then
    due = due + weight / 9
  end
  if heavy > 0 then
    changes[#changes + 1], changes[#changes + 2] = 'heavy_due_' .. priority, heavy > weight and heavy_due + weight or 0
    if heavy <= weight then
      changes[#changes + 1], changes[#changes + 2] = 'heavy_until_' .. priority, 0
    end
  end
  wait, pause = 0, 0
else
  wait = math.max(1, math.ceil(wait))
  pause = math.max(stopped, math.min(1000, math.max(5, wait, pause)))
  if weight > 0 and wait <= at_most and stopped == 0 then -- lower priorities wait until this one has come back
    changes[#changes + 1], changes[#changes + 2] = 'wait_' .. priority, now + pause + 250
    if priority == 3 then
      changes[#changes + 1], changes[#changes + 2] = 'warm_up', weight
    end
    if weight >= heavy then
      changes[#changes + 1], changes[#changes + 2] = 'heavy_' .. priority, weight
      changes[#changes + 1], changes[#changes + 2] = 'heavy_until_' .. priority, now + pause + 250
      changes[#changes + 1], changes[#changes + 2] = 'heavy_due_' .. priority, heavy_due
    end
  end
end

for at = 12, #ARGV, 5 do
  changes[#changes + 1], changes[#changes + 2] = ARGV[at], string.format('%.9f', levels[at])
end
redis.call('HSET', KEYS[1], 'born', born, 'time', now, 'limits', ARGV[11], 'due', due, unpack(changes))
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[10] + stopped))
redis.call('PEXPIRE', KEYS[2], ARGV[9])
local others = bucket.limits and bucket.limits ~= ARGV[11] and bucket.limits or false
return {granted and 1 or 0, wait, math.ceil(pause), math.ceil(stopped), jvms, others}
