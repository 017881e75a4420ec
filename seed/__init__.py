"""First data: the reference lists every installation needs, and the demo of two cities."""
