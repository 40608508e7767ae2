"""
Where an announcement is published once: an OA's article, a Page's post, a channel's post, our own page.
"""
