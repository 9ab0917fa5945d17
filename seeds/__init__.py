"""The demonstration district: invented people, built through the product's own actions, the same every time."""
