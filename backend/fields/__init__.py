"""What may be typed in a field and how it is kept, one module a field (domain.md §11). Where a mistake can be told,
the sentence says what is wrong and how it should look."""
