# The page on which a family sees where its case stands, and the letters about its link.
track-title = Where your complaint is up to
track-ask-title = Check that it is you
track-ask-text = Before we show anything, we send a code of six figures to the address or the chat that this link was made for. It is good for 15 minutes.
track-ask-button = Send me a code
track-ask-have = I have a code already
track-figures-title = Enter the code
track-figures-text = If this link is good, a code is on its way to the address it was made for. It can take a minute. A code goes out at most once a minute.
track-figures-label = The six figures
track-figures-button = Continue
track-figures-again = Send me another code
track-figures-wrong = That code is not right, or it is over. Check it, or ask for another one
track-figures-help = No code? It may lie among junk mail. You can also call us: { $phone }.
track-how = Open the link in our letter
track-how-text = To see where your complaint is up to, open the link in the email or the message with which we told you that we have it. If you do not have it any more, call { $phone } and we will send you a new one.
track-out = You have left the page
track-out-text = Nobody can see it here without a new code. If you want to be sure, close this window too. Our number is { $phone }.
track-over = This page has closed by itself

# Its parts.
track-now = Where it is now
track-next = What happens next
track-next-nothing = There is nothing that you have to wait for now.
track-who = Who deals with it
track-changes = What changed
track-why = Why: { $reasons }
track-answers = What we found
track-point = Point { $number }
track-point-outcome = What we found
track-point-reasons = Why
track-point-evidence = What we looked at
track-point-remedy = What we do for you
track-point-learning = What we change for others
track-promises = What we promised
track-promise-done = Done on { $date }
track-promise-due = Not done yet. By { $date }
track-promise-late = Not done yet. It should have been done by { $date }
track-promise-open = Not done yet
track-promise-undecided = We have not said yet what we do about it
track-promise-rejected = We do not do this
track-promise-panel = The panel recommended it
track-promise-ombudsman = The Ombudsman wants it
track-letters = What we sent you
track-letters-none = Nothing so far.
track-letter-acknowledgement = That we have your message
track-letter-answer = Our answer
track-letter-extension = That our answer takes longer
track-letter-next-stage = About the next stage
track-letter-route-decision = Which procedure it follows
track-letter-refusal = That we cannot take it, and why
track-letter-clock-stopped = That it has to wait
track-letter-clock-runs = That it goes on
track-letter-withdrawal = That you took it back
track-letter-closure = That we closed it
track-letter-track-link = A new link to this page
track-letter-status = Where it is up to
track-letter-other = A letter
track-letter-how-waiting = on its way
track-letter-how-sent = sent
track-letter-how-arrived = arrived
track-letter-how-failed = did not arrive
track-messages = What you sent us
track-messages-none = Nothing so far.
track-message-how-email = by email
track-message-how-chat = in the chat
track-message-how-form = on our website
track-message-files = Files: { $names }
track-requests = What you asked for on this page
track-request-next-stage = You asked for the next stage on { $moment }. A person in our team reads it and writes to you.
track-request-withdraw = You asked us to stop on { $moment }. A person in our team reads it and writes to you.
track-request-contact = You told us on { $moment } how you want to hear from us. A person in our team sees to it.

# What they can do.
track-do = What you can do
track-do-add = Tell us more, or send files
track-do-next-stage = Ask for stage { $stage }
track-do-withdraw = Stop this complaint
track-do-contact = Say how you want to hear from us
track-do-print = To keep it on paper, print this page.
track-do-out = Leave this page and sign out
track-see-new = See whether anything is new
track-is-new = This page has changed just now.
track-told = We have it
track-told-text = We have what you sent us. It belongs to { $reference }. A person reads it.
track-add-text = Write what you want to add. It goes to the people who deal with your complaint. Nothing is kept before you send it.
track-next-stage-text = If you are not satisfied with our answer, you can ask for stage { $stage }. You can say why, but you do not have to.
track-withdraw-text = If you stop this complaint, we do not look into it any more. You can change your mind. You do not have to say why.
track-contact-text = Tell us what makes it easier for you. A person in our team sees to it.
track-words = What you want to tell us
track-words-hint = Up to { $most } characters.
track-words-why = Why, if you want to say
track-files = Files, up to { $most }
track-files-hint = Photos, recordings or documents. Each may have up to { $mb } MB.
track-print = How you want letters
track-print-normal = As they are
track-print-large = In large print
track-print-easy = In easy words
track-language = In which language, if not English
track-other = Anything else, such as by telephone or at which times
track-send = Send
track-send-next-stage = Ask for it
track-send-withdraw = Stop this complaint
track-send-back = Go back without sending
track-fault-nothing = Write something, or choose a file
track-fault-nothing-said = Choose or write what you want
track-fault-long = Your words must be { $most } characters or fewer
track-fault-many = You can send up to { $most } files at once
track-fault-large = “{ $name }” is larger than { $mb } MB. Choose a smaller file
track-fault-kind = “{ $name }” is a kind of file that we cannot take. Choose a photo, a recording or a document
track-fault-empty = “{ $name }” is empty. Choose another file

# Letters about the link. $figures and $url come in when the letter is sent.
track-mail-figures-subject = Your code for { $council }
track-mail-figures =
    Your code is { $figures }

    Enter it on the page that you have open. It is good for 15 minutes.

    If you did not ask for a code, somebody else may have your link. Without this code they see nothing. Do not give it to anybody.

    { $council }
track-mail-link-subject = Your link: { $reference }
track-mail-link =
    Here is your link to see where { $reference } is up to:
    { $url }

    A link that you had before does not work any more. When you open this one, we send a code to this address first.

    { $council }
track-mail-status-subject = Where { $reference } is up to
track-mail-status = You asked where { $reference } is up to. This is how it stands today.
track-mail-status-page =
    You can see this on your page at any time:
    { $url }
    When you open it, we send a code to this address first.
track-mail-status-end = A computer wrote this email, because you asked. If you want to tell us anything, or ask something else, answer it. A person reads what you write.
