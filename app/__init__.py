"""The sample service: a small web application that is easy to deploy. Replace it with your own."""
