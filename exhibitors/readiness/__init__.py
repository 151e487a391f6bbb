"""What exhibitors owe the organisers before the doors open: documents and a time at which they build."""
