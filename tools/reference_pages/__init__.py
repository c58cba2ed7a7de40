"""One module a page of the reference: what each is made from, and how it reads."""
