"""Objectives and key results: agreed, valued, scored."""
