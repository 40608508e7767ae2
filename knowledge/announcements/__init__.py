"""
What the ward has announced: kept beside the index, answered from as long as it is valid, never part of the content.

    record.py     one announcement as the gateway sends it
    store.py      the folder of those that are known
    asking.py     what a question shows: a notice, a day, an event, or a procedure after all
    matching.py   which announcements a question is about
    answering.py  the answer from them, or the ordinary one
    api.py        /announcements
"""
