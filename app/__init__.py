"""The service: a small web application that shows how to be deployed well. A team puts its own here."""
