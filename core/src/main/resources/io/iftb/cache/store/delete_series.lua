-- Removes a series; its memory is freed in the background.
-- KEYS, ARGV[1] as in series.lua
-- returns 1 if there was one, else 0
unlink_pages()
return call('UNLINK', HEAD)
