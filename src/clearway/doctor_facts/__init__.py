"""The facts that the doctor looks at, gathered with Django from a project as it is."""
