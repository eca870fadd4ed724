# Draft: to be read by a person who speaks the language before it is used.

# What a family is asked after the end of its case.
survey-title = Did we do well?
survey-lead = There are 5 questions and one line to write in. You can leave out any of them.
survey-nobody = We only count the answers of everybody. Nobody sees which are yours.
survey-easy = It was easy to tell you
survey-known = I knew what would happen, and when
survey-heard = You listened to me
survey-dealt = Your answer was about what I said
survey-again = If something is wrong, I would tell you again
survey-choice-1 = Yes
survey-choice-2 = Mostly yes
survey-choice-3 = A bit of both
survey-choice-4 = Mostly no
survey-choice-5 = No
survey-choice-none = I do not want to say
survey-line = Do you want to add something?
survey-line-hint = A person in the complaints team reads this. They see your name. Is something new wrong? Are people worse to you because you complained? Write it here. The people you complained about do not see it.
survey-line-long = That is too long. You can write { $most } letters
survey-nothing = You did not answer yet. Answer one question, or write something
survey-send = Send
survey-thanks = Thank you
survey-thanks-text = We have your answers. Did you write something? A person reads it. You can call us: { $phone }.
survey-none = This link does not work
survey-none-text = Maybe you used it. Maybe it is too old. Maybe a part is missing. Did you send your answers? Then we have them. You can call us: { $phone }.
track-letter-survey = Questions about how we did
survey-privacy = When it is over, we may ask you how we did. We only count your answers. Nobody sees which are yours. We keep what you write.
