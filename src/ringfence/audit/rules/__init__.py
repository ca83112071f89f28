"""Rules: facts -> findings. One rule, one file, one pair of tests, one page of docs."""
