"""How bench/ann/make_data makes each set."""
