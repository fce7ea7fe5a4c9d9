"""What journals keep of calls that bill."""
