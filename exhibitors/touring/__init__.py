"""Tours of a guest of honour: arranged, walked by the clock, printed."""
