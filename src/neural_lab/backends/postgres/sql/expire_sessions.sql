-- Those that somebody else deletes just now are left to them.
DELETE FROM session
WHERE digest IN (SELECT digest FROM session WHERE expires <= $1 FOR UPDATE SKIP LOCKED)
