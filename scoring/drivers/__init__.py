"""What moved a figure from one period to another, in parts that sum to the change exactly."""
