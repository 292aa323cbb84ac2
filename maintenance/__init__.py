"""What is run now and then for the project itself: locking, lowest versions, licences, fuzzing."""
