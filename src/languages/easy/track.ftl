# Draft: to be read by a person who speaks the language before it is used.

# The page on which a family sees where its case stands, and the letters about its link.
track-title = What happens with your complaint
track-ask-title = Is it you?
track-ask-text = First we send you 6 numbers. They go to your email or your chat. You have 15 minutes to type them in.
track-ask-button = Send me the numbers
track-ask-have = I have the numbers
track-figures-title = Type in the numbers
track-figures-text = If the link is good, the numbers are on their way to you. Wait a minute.
track-figures-label = The 6 numbers
track-figures-button = Go on
track-figures-again = Send me new numbers
track-figures-wrong = These numbers are not right. Or they are too old. Look again, or ask for new numbers
track-figures-help = No numbers? Look in your junk mail. You can call us: { $phone }.
track-how = Use the link in our letter
track-how-text = You want to know what happens with your complaint? Use the link in our email or message. You do not have it? Call { $phone }. We send a new one.
track-out = You have left the page
track-out-text = Nobody can see it here now. You can close this window. Our phone: { $phone }.
track-over = This page closed by itself

# Its parts.
track-now = Where it is now
track-next = What happens next
track-next-nothing = You do not have to wait for anything now.
track-who = Who deals with it
track-changes = What changed
track-why = Why: { $reasons }
track-answers = What we found
track-point = Part { $number }
track-point-outcome = What we found
track-point-reasons = Why
track-point-evidence = What we looked at
track-point-remedy = What we do for you
track-point-learning = What we change for others
track-promises = What we promised
track-promise-done = Done on { $date }
track-promise-due = Not done yet. By { $date }
track-promise-late = Not done yet. We are late: { $date }
track-promise-open = Not done yet
track-promise-undecided = We have not decided yet
track-promise-rejected = We do not do this
track-promise-panel = The group wants it
track-promise-ombudsman = The Ombudsman wants it
track-letters = What we sent you
track-letters-none = Nothing yet.
track-letter-acknowledgement = That we have your message
track-letter-answer = Our answer
track-letter-extension = That our answer takes longer
track-letter-next-stage = About the next step
track-letter-route-decision = How we deal with it
track-letter-refusal = That we cannot take it, and why
track-letter-clock-stopped = That it has to wait
track-letter-clock-runs = That it goes on
track-letter-withdrawal = That you stopped it
track-letter-closure = That it is finished
track-letter-track-link = A new link to this page
track-letter-status = What happens with it
track-letter-other = A letter
track-letter-how-waiting = on its way
track-letter-how-sent = sent
track-letter-how-arrived = arrived
track-letter-how-failed = did not arrive
track-messages = What you sent us
track-messages-none = Nothing yet.
track-message-how-email = by email
track-message-how-chat = in the chat
track-message-how-form = on our website
track-message-files = Files: { $names }
track-requests = What you asked for here
track-request-next-stage = You asked for the next step on { $moment }. A person reads it and writes to you.
track-request-withdraw = You asked us to stop on { $moment }. A person reads it and writes to you.
track-request-contact = You told us on { $moment } how we should write to you. A person sees to it.

# What they can do.
track-do = What you can do
track-do-add = Tell us more or send files
track-do-next-stage = Ask for step { $stage }
track-do-withdraw = Stop this complaint
track-do-contact = Say how we should write to you
track-do-print = You can print this page.
track-do-out = Leave this page
track-see-new = Is anything new? Look
track-is-new = This page is new now.
track-told = We have it
track-told-text = We have your message. It belongs to { $reference }. A person reads it.
track-add-text = Write what you want to say. Nothing is kept before you send it.
track-next-stage-text = You are not happy with our answer? You can ask for step { $stage }. You can say why. You do not have to.
track-withdraw-text = If you stop it, we do not look into it any more. You can change your mind. You do not have to say why.
track-contact-text = Tell us what is easier for you. A person sees to it.
track-words = What you want to say
track-words-hint = Up to { $most } letters.
track-words-why = Why, if you want to say
track-files = Files, up to { $most }
track-files-hint = Photos, sound or papers. Each up to { $mb } MB.
track-print = How you want letters
track-print-normal = As they are
track-print-large = With big letters
track-print-easy = In easy words
track-language = Which language, if not English
track-other = Anything else? For example: call me after school
track-send = Send
track-send-next-stage = Ask for it
track-send-withdraw = Stop this complaint
track-send-back = Go back, do not send
track-fault-nothing = Write something or choose a file
track-fault-nothing-said = Choose or write what you want
track-fault-long = Your words must be { $most } letters or fewer
track-fault-many = You can send { $most } files at once
track-fault-large = “{ $name }” is too big. It may have { $mb } MB
track-fault-kind = “{ $name }” is not a photo, sound or paper. We cannot take it
track-fault-empty = There is nothing in “{ $name }”. Choose another file

# Letters about the link. $figures and $url come in when the letter is sent.
track-mail-figures-subject = Your numbers for { $council }
track-mail-figures =
    Your numbers are { $figures }

    Type them in on the page. You have 15 minutes.

    You did not ask for numbers? Then somebody else may have your link. They see nothing without these numbers. Do not give them to anybody.

    { $council }
track-mail-link-subject = Your link: { $reference }
track-mail-link =
    Here is your new link for { $reference }:
    { $url }

    Your old link does not work any more. When you use the new one, we first send you numbers.

    { $council }
track-mail-status-subject = What happens with { $reference }
track-mail-status = You asked what happens with { $reference }. This is how it is today.
track-mail-status-page =
    You can see this on your page at any time:
    { $url }
    When you open it, we first send you numbers.
track-mail-status-end = A computer wrote this email, because you asked. You can answer it and tell us more. A person reads what you write.
