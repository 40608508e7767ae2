"""
Pure: an Answer of knowledge → the bubbles, effects and memory of one turn. Words stand in domain.yml, facts in the Answer.

    answer.py       an Answer's outcome → what is said
    procedure.py    a finding of kind procedure: the summary, its parts, its cases
    service.py      services, the ward's own values, and FAQs
    plan.py         what the ward's plan says
    announcement.py what the ward has announced, and that it has announced nothing
    refusal.py      asking back and saying no, with the next step
    smalltalk.py    turns that ask for nothing, the menu, and tickets
    source.py       basis, source and date of an answer; whom to ask instead
    bubbles.py      Line, Button, Bubble, Phrased, and the filling in of words
"""
