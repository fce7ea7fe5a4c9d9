"""What a comparison found, in every form that it is printed in."""
