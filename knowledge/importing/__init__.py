"""Files of other hands in, drafts for people to review out; nothing of it is told before somebody has confirmed it."""
