"""Hydra configuration, shipped inside the wheel as drq.configs."""
