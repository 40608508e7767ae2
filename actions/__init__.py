"""
The glue: Rasa's custom actions. They ask knowledge, choose sentences of domain.yml and fill in values; nothing more.
"""
