-- Upper and lower case of letters that are not ASCII are known only to a locale of UTF-8.
SELECT current_setting('server_encoding') = 'UTF8' AND lower(U&'\00C9') = U&'\00E9'
