"""Who answers in the application."""
