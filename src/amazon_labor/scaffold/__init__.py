"""What starts something new in the collection and guards what goes into it: skeletons, and the check before a commit."""
