"""The concrete pages and the front page; sees every other room."""
