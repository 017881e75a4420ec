"""Is the installation well? Each check says one sentence, and how to mend what is wrong."""
