"""Images in the files of the public sets, and in folders."""
