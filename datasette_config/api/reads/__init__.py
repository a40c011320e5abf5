"""What each operation of the API reads: ``(connection, asked)`` -> the model that is answered."""
