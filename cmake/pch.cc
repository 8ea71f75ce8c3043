// Carrier of the precompiled header; holds nothing of its own.
