"""Durable workflows, queues and schedules: a thin skin over the job engine."""
