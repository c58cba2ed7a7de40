SELECT packed FROM snapshot WHERE owner = $1 AND draft = $2 AND seq = $3
