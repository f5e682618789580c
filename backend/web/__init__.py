"""What is reached over HTTP: the API of the screens, and the page that a mail’s link opens."""
