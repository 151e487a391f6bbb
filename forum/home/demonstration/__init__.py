"""The demonstration forum and the archive of 2024: what ``manage.py load_demo`` fills an empty site with.

Texts and facts stand in the JSON and CSV files, one module for each part. Every part begins by looking whether it is there.
"""
