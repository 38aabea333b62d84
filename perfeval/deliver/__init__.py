"""Reports to desks: workbooks, and other files people open."""
