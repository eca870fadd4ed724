# Draft: to be read by a person who speaks the language before it is used.

# Letters by mail: this stands above the same letter in usual words.

letter-dear = Dear { $name },
letter-hello = Hello,
# Above the half in usual words.
letter-in-english = The same in usual words
# { $role } is left out: it is read in the half in usual words.
letter-officer = { $name }
letter-email = Email: { $address }
letter-phone = Phone: { $phone }

# How a message reached us: goes into “We got your complaint …”, at the end of the sentence.
letter-how-mail = by email
letter-how-mail-to = by email to { $address }
letter-how-form = on our website
letter-how-chat = on Telegram
letter-how-passed-on = by email, and a worker sent it on to us
letter-how-manager = in an email to a manager
letter-how-survey = with your answers to our questions

# How to answer.
letter-follow-case = You can answer this email at any time. We put it with your other messages.
letter-follow-mail = You can answer this email. Or you can call us.
letter-follow-chat = You can write to us here again. Any time is fine.
letter-follow-survey-mail = You can answer this email. It goes to the people who deal with your complaint.
letter-follow-survey-chat = You can write in this chat. It goes to the people who deal with your complaint.

# $days: one day, or several in a row by letter-and.
letter-closed = Our office is closed on { $days }. The day of your answer stays the same.
letter-and = { $first } and { $last }

# Above a letter that an officer wrote in usual words.
letter-lead = This letter is about { $reference }. Do you want it in easy words? Do you want us to read it to you? Call { $phone } or answer this letter. It is free.
letter-lead-answer = It is our answer at step { $stage }.
letter-lead-ask = Not happy with it? You can ask for step { $next } until { $date }. Any words will do.
letter-lead-longer = Our answer takes longer. You get it by { $date }.

# The acknowledgement.
letter-ack-subject-complaint = We have your complaint – { $reference }
letter-ack-subject-message = We have your message – { $reference }
letter-ack-heading-complaint = We have your complaint
letter-ack-heading-message = We have your message
letter-ack-thanks-complaint = Thank you for telling us. We are sorry that you had to complain. We have your complaint. A person will find out what happened.
letter-ack-thanks-message = Thank you. We have your message. A person will read it.
letter-ack-reference = Your number with us is { $reference }
letter-ack-keep = Please keep this number. Tell us the number when you write or call.
letter-ack-received = What we got
letter-ack-received-complaint = We got your complaint { $how }. That was on { $moment }.
letter-ack-received-message = We got your message { $how }. That was on { $moment }.
letter-ack-when = When we will answer you
letter-ack-answer-by = We will answer you by { $day }.
letter-ack-longer = Do we need more time? We will write to you before that day. We will tell you why. We will give you a new day.
letter-ack-next = What happens next
letter-ack-next-team = We make sure that the right people have your message.
letter-ack-next-check = We check if it is a complaint. We do this by { $day }. If it is one, we will tell you.
letter-ack-next-complain = Do you want to complain? Answer us and say so. You do not need a form. Any words will do.
letter-ack-next-statutory-sure = It is a complaint about social care for children. Social care is, for example, social workers or foster care. The law for it is the Children Act 1989. There can be three steps. This is step 1.
letter-ack-next-statutory = We think it is a complaint about social care for children. Social care is, for example, social workers or foster care. The law for it is the Children Act 1989. There can be three steps. This is step 1.
letter-ack-next-corporate-sure = It is a complaint about the council. There can be two steps. This is step 1.
letter-ack-next-corporate = We think it is a complaint about the council. There can be two steps. This is step 1.
letter-ack-next-officer = A person in the complaints team checks this by { $day }. Is it another sort of complaint? Then we will tell you which, and why.
letter-ack-next-officer-some-day = A person in the complaints team checks this. Is it another sort of complaint? Then we will tell you which, and why.
letter-ack-next-undecided = There are two ways to deal with complaints. We are choosing the right one. We will tell you by { $day }.
letter-ack-next-undecided-some-day = There are two ways to deal with complaints. We are choosing the right one.
letter-ack-next-no-loss = You do not lose time while we choose.
letter-ack-how = Read how it works
letter-ack-who = Who to ask
letter-ack-more = Tell us more, or ask what is happening
letter-ack-page-complaint = See what is happening with your complaint, at any time
letter-ack-page-message = See what is happening with your message, at any time
letter-ack-help = Free help
letter-ack-help-somebody = Somebody can be with you when you complain. Somebody can speak for you. It can be a friend or somebody in your family. It can be an advocate. An advocate is a person on your side. They help you to say what you want.
letter-ack-help-children = Is it about social care, like social workers or foster care? Then children and young people have a right to an advocate. It is free.
letter-ack-needs = If you need this in another way
letter-ack-needs-text = Do you need big letters, easy words or another language? Do you need an interpreter? They say our words in your language. Do you want a call and not a letter? Tell us. It is free.
letter-ack-same = It is OK to complain
letter-ack-same-text = It does not change how we help you. We will not treat you or your family worse for it. Do you feel that somebody treats you worse? Tell { $officer } straight away.
letter-ack-ombudsman = The Ombudsman
letter-ack-ombudsman-text = The { $ombudsman } is not part of the council. They check what councils do. It is free. You can ask them for help at any time. Usually they want us to answer first.
letter-ack-by-computer = A computer sent this message. That way you hear from us straight away. A person will read what you sent. A person will answer you.

# To whoever says thank you.
letter-thanks-subject = We have your kind words – { $reference }
letter-thanks-heading = We have your kind words
letter-thanks-text = Thank you for telling us what went well. We got your message { $how }. That was on { $moment }. A person reads it.
letter-thanks-next = We write it down. We count it when we write about our work. We tell the people who did it well. They are glad to hear it. Other people learn from it.
letter-thanks-wrong = Is something wrong too? Tell us. You do not need a form. Any words will do.

# After the end: how we did.
letter-survey-subject = Did we do well? – { $reference }
letter-survey-heading = Did we do well?
letter-survey-text = Your complaint { $reference } is finished. Did we do well? There are 5 questions and one line to write in. You can leave out any of them. Here is the link:
letter-survey-nobody = We only count your answers, with the answers of others. Nobody sees which are yours. The people you complained about cannot see it. We cannot see it. Did you write something in the line? A person in the complaints team reads this. They see your name.
letter-survey-free = You do not have to answer. If you do not, nothing changes for you. You can use the link once. It works until { $day }.

# After the end: how they were treated.
letter-check-in-subject = How do people treat you now? – { $reference }
letter-check-in-heading = How do people treat you now?
letter-check-in-text = We finished your complaint { $reference } on { $day }. We ask everybody who complained the same thing. Do people treat you or your child worse because you complained?
letter-check-in-tell = If they do, tell us. The complaints manager reads it. The people you complained about do not see it. Is all well? Then you do not have to answer.
letter-check-in-again = Do you not want us to ask again? Tell us that too.
letter-check-in-help = You can get free help. Call { $advocacy }: { $phone }.
letter-check-in-ombudsman = You can also go to the { $ombudsman } at any time. They check what councils do. Usually they wait until we have finished.
