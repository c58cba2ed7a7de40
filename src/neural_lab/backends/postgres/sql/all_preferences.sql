SELECT owner.name, preference.chosen FROM preference JOIN owner ON owner.id = preference.owner
