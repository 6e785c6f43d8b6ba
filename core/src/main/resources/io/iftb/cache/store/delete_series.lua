-- Removes a series, and what is known of it; its memory is freed in the background. Who fetches bars of it loses its lease.
-- KEYS, ARGV[1] as in series.lua
-- returns 1 if there was one, else 0
unlink_pages()
call('UNLINK', COVERAGE, LEASES)
return call('UNLINK', HEAD)
