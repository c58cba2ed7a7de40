SELECT chosen FROM preference WHERE owner = $1
