DELETE FROM preference WHERE owner = $1
