"""Equations of cost, power and throughput, and the shells that declare their inputs."""
