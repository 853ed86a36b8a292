"""What bench/search/run is made of."""
