"""The clinic as a service: a time is booked, somebody is seen, what was done is recorded."""
