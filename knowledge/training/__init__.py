"""Learns everything that is learned: the encoder, the reranker's weights, the confidence and its thresholds."""
