"""What is asked and what is answered: plain records that the document keeps."""
