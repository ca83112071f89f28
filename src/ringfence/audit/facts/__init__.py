"""Facts: what the collectors hand to the rules, by kind. All of it is data, and can be kept."""
