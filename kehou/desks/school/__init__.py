"""学校端: the school office at a desk."""
