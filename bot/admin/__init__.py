"""
The office: pages where the staff of a ward keep the knowledge right and answer what the bot could not.
"""
