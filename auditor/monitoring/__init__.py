"""What watches an endpoint: schedules, readers of what it captures, alarms that tell somebody."""
