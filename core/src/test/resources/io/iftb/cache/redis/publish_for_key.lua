-- Publishes a message on the primary of a key.
-- KEYS[1] the key
-- ARGV[1] the channel
-- ARGV[2] the message
return redis.call('PUBLISH', ARGV[1], ARGV[2])
