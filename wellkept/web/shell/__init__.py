"""What every page stands on: who reads, in which words, what they may do, and how an action is answered."""
