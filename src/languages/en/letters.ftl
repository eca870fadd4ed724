# Letters by mail. In English a council may have its own wording of them (config/letters): what stands here is said in the other
# languages, above the same letter in English.

letter-dear = Dear { $name },
letter-hello = Hello,
# Above the English half of a letter.
letter-in-english = The same in English
# After a person's name their post, e.g. complaints officer: leave { $role } out where it would be read in English.
letter-officer = { $name }, { $role }
letter-email = Email: { $address }
letter-phone = Phone: { $phone }

# How a message reached us: goes into “We received your complaint …”.
letter-how-mail = by email
letter-how-mail-to = by email to { $address }
letter-how-form = by the form on our website
letter-how-chat = by message on Telegram
letter-how-passed-on = by email, and a member of our staff passed it on
letter-how-manager = in an email to a manager
letter-how-survey = with your answers to our questions

# How to answer.
letter-follow-case = Reply to this email at any time. It reaches the same case.
letter-follow-mail = Reply to this email, or call us.
letter-follow-chat = Write to us here again at any time.
letter-follow-survey-mail = A reply to this email goes to the people who deal with your complaint.
letter-follow-survey-chat = What you write in this chat goes to the people who deal with your complaint.

# $days: one day, or several in a row by letter-and.
letter-closed = Our offices are closed on { $days }. The date of your answer stays the same.
letter-and = { $first } and { $last }

# Above a letter that an officer sends, which is in English.
letter-lead = This letter is about { $reference }. It is in English. If you want it in another language, or want us to read it to you, call { $phone } or answer it in your own language. It costs you nothing.
letter-lead-answer = It is our answer at stage { $stage }.
letter-lead-ask = If you are not satisfied, you can ask for stage { $next } until { $date }. Any words will do, in your own language too.
letter-lead-longer = Our answer takes longer. You will have it by { $date }.

# The acknowledgement.
letter-ack-subject-complaint = We have received your complaint – { $reference }
letter-ack-subject-message = We have received your message – { $reference }
letter-ack-heading-complaint = We have received your complaint
letter-ack-heading-message = We have received your message
letter-ack-thanks-complaint = Thank you for telling us. We are sorry that you have had to complain. We have your complaint and we will look into it.
letter-ack-thanks-message = Thank you for your message. We have it and a person will read it.
letter-ack-reference = Your reference is { $reference }
letter-ack-keep = Please keep it, and give it when you write to us or call us.
letter-ack-received = What we have received
letter-ack-received-complaint = We received your complaint { $how } on { $moment }.
letter-ack-received-message = We received your message { $how } on { $moment }.
letter-ack-when = When you will hear from us
letter-ack-answer-by = We will answer you by { $day }.
letter-ack-longer = If we need longer, we will write to you before that day. We will tell you why and give you a new date.
letter-ack-next = What happens next
letter-ack-next-team = We will make sure that the right team has your message.
letter-ack-next-check = We will check by { $day } whether it should be dealt with as a complaint, and tell you if so.
letter-ack-next-complain = If you want to make a complaint, reply and tell us so. You do not need a form or any special words.
letter-ack-next-statutory-sure = We will deal with your complaint under the children’s social care complaints procedure. The law for it is the Children Act 1989. It has three stages, and this is the first.
letter-ack-next-statutory = We think that your complaint belongs in the children’s social care complaints procedure. The law for it is the Children Act 1989. It has three stages, and this is the first.
letter-ack-next-corporate-sure = We will deal with your complaint under the council’s own complaints procedure. It has two stages, and this is the first.
letter-ack-next-corporate = We think that your complaint belongs in the council’s own complaints procedure. It has two stages, and this is the first.
letter-ack-next-officer = A complaints officer will check this by { $day }. If another procedure is the right one, we will tell you which and why.
letter-ack-next-officer-some-day = A complaints officer will check this. If another procedure is the right one, we will tell you which and why.
letter-ack-next-undecided = There are two procedures for complaints about children’s services. We are deciding which is the right one for yours, and we will tell you by { $day }.
letter-ack-next-undecided-some-day = There are two procedures for complaints about children’s services. We are deciding which is the right one for yours.
letter-ack-next-no-loss = You do not lose any time while we decide.
letter-ack-how = Read how we deal with complaints
letter-ack-who = Who to ask
letter-ack-more = To tell us more, or ask where it is up to
letter-ack-page-complaint = See where your complaint is up to at any time
letter-ack-page-message = See where your message is up to at any time
letter-ack-help = Free help
letter-ack-help-somebody = You can have someone with you when you complain, or ask someone to speak for you: a friend, a relative, or an advocate. An advocate is on your side. They help you to say what you want to say.
letter-ack-help-children = Children and young people have a right to an advocate when they complain about social care. It is free.
letter-ack-needs = If you need things done differently
# In English the council’s own sentence stands here.
letter-ack-needs-text = Tell us if you need large print, easy words, another language, an interpreter, or a call instead of a letter. It is free.
letter-ack-same = You will not be treated differently
letter-ack-same-text = Complaining will not affect your service. You and your family will not be treated differently because you got in touch. If you feel that you are, please tell { $officer } straight away.
letter-ack-ombudsman = The Ombudsman
letter-ack-ombudsman-text = The { $ombudsman } looks into complaints about councils. It is free and does not belong to the council. You can ask for its advice at any time. It will usually ask you to let us answer first.
letter-ack-by-computer = This message was sent by our system so that you hear from us straight away. A person will read what you sent and will answer you.

# To whoever says thank you.
letter-thanks-subject = We have your kind words – { $reference }
letter-thanks-heading = We have your kind words
letter-thanks-text = Thank you for telling us what went well. We received your message { $how } on { $moment }. A person reads it.
letter-thanks-next = We write it down, count it in our reports, and pass your thanks on to the people who did it well. They are glad to hear it, and others learn from it.
letter-thanks-wrong = Is something wrong as well? Tell us. You do not need a form or any special words.

# After the end: how we did.
letter-survey-subject = How did we do? – { $reference }
letter-survey-heading = How did we do?
letter-survey-text = Your complaint { $reference } is closed. How did we do? There are five short questions and one free line. Leave out whatever you like:
letter-survey-nobody = Your answers are counted together with those of others. Nobody sees which are yours: not the people you complained about, and not us. What you write in the free line is read by a person in the complaints team, and has your name with it.
letter-survey-free = You do not have to answer. Nothing changes for you if you do not. The link can be used once, until { $day }.

# After the end: how they were treated.
letter-check-in-subject = How have you been treated since? – { $reference }
letter-check-in-heading = How have you been treated since?
letter-check-in-text = Your complaint { $reference } was closed on { $day }. We ask everybody who complained the same thing: have you or your child been treated differently because of it?
letter-check-in-tell = If you have, tell us. It goes to the complaints manager, not to the people you complained about. If all is well, you need not answer.
letter-check-in-again = If you do not want us to ask again, tell us that too.
letter-check-in-help = You can get free help from { $advocacy }, { $phone }.
letter-check-in-ombudsman = You can also go to the { $ombudsman } at any time. The Ombudsman usually waits until we have finished.
