"""The rules of a consult, pure: calls, who rings next, orders, drawing, the relay."""
