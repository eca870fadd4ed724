# Draft: to be read by a person who speaks the language before it is used.

chat-button-status = What is happening?
chat-button-add = Tell you more
chat-button-talk = Talk to a person
chat-button-formal = Make it a formal complaint
chat-button-withdraw = I do not want this any more
chat-button-withdraw-yes = Yes, stop it
chat-button-withdraw-no = No, carry on
chat-button-advocacy = Free help
chat-button-languages = Language
chat-button-stop = Do not message me
chat-button-email = I also send emails
chat-button-more = More
chat-button-help = How it works
chat-button-for-myself = Me
chat-button-for-my-child = My child
chat-button-for-another = Someone else
chat-button-skip = Skip

chat-danger =
    Are you or a child in danger now? Call 999.
    Call us in the day: { $day }. At night or at the weekend: { $night }.
    Childline is free. Call any time: 0800 1111.

chat-ack-complaint = Thank you for telling us. We have your complaint. A person will find out what happened.
chat-ack-message = Thank you. We have your message. A person will read it.
chat-ack-reference = Your number: { $reference }
chat-ack-received = We got it on Telegram on { $moment }.
chat-ack-answer = We will answer you by { $day }.
chat-ack-statutory = We think it is a complaint about social care for children. This is stage 1.
chat-ack-corporate = We think it is a complaint about the council. This is stage 1.
chat-ack-statutory-sure = It is a complaint about social care for children. This is stage 1.
chat-ack-corporate-sure = It is a complaint about the council. This is stage 1.
chat-ack-undecided = We will tell you by { $day } what sort of complaint it is.
chat-ack-closed = Our office is closed on some days before then. The day of your answer stays the same.
chat-ack-ask = Who to ask: { $officer }, { $phone }
chat-ack-again = You can write to us here again. Any time is fine.
chat-ack-page = See what is happening: { $url }
chat-ack-help = Free help. They do not work for us: { $advocacy }, { $advocacyphone }
chat-ack-how = How it works: { $url }
chat-ack-ombudsman = You can also ask the { $ombudsman }. They check councils. { $ombudsmanphone }
chat-ack-safe = It is OK to complain. You will not be treated worse. Tell us if you need this in another way.

chat-greeting =
    Hello. This is { $council }. Tell us here what is wrong.

    Use your own words. You can send more than one message. You can send a photo or a voice message.

    We answer you straight away. A person reads what you write.

    { danger-line }

    Would you like to talk? Call { $phone }.
    Free help. They do not work for us: { $advocacy }, { $advocacyphone }

chat-question-who = Who is this about? You do not have to say.
chat-question-name = Thank you. What can we call you? You do not have to say.
chat-noted = Thank you. That helps. You do not have to do anything else.
chat-skipped = That is OK. You do not have to answer. We will still look into it.
chat-added = Thank you. We have put it with { $reference }.
chat-nothing-yet = You have not told us anything here yet. Tell us what happened. We answer straight away.
chat-add =
    Write here. Or send a photo, a voice message or a file. It goes with { $reference }.
    You do not have to tell us again what you have told us.
chat-file-too-large = We have your message. We do not have the file. It is too big. 20 MB is the most. You can email it to { $email }. Put { $reference } in the email. Or tell us what it shows.
chat-talk-known =
    You can call { $officer }. The number is { $phone }.
    We have told them that you want to talk. Do you want them to call you? Tell us your number, and when to call.
chat-talk = You can call { $officer }. The number is { $phone }.
chat-formal =
    We have told { $officer } that you want { $reference } to be a formal complaint.
    They will read it. They will tell you what happens next, and when. You do not have to write it again.
chat-withdraw-sure =
    Do you want to stop { $reference }?
    You do not have to say why. We keep what you told us. You can change your mind.
chat-withdrawn =
    We have told { $officer } that you want to stop { $reference }. They will write to you about it.
    You can change your mind. Write to us here. Did somebody make you stop? Tell us, or call { $phone }.
chat-not-withdrawn = That is OK. Nothing has changed.
chat-advocacy =
    An advocate is a person on your side. They do not work for us. It is free and private.
    They help you to say what you want. They can come to meetings with you.
    { $advocacy }: { $advocacyphone }
    { $advocacyurl }
chat-languages = Which language do you want?
chat-language-set = We use easy words here now.
chat-stopped =
    We will not message you here any more. The law says that we must still send some things: our answer, and if the day of our answer changes.
    We still look into what you told us. If you write here again, we answer again.
chat-more = What do you want to do?
chat-help =
    How it works

    1. You tell us what is wrong. Use your own words.
    2. We answer straight away. We give you a number, a day and a name.
    3. A person reads it. They find out what happened.
    4. We tell you what we found, and why. We do it by the day that we gave you.
    5. Not happy with our answer? You can ask us to look again. Then you can ask the Ombudsman. They do not work for us.

    It is OK to complain. You will not be treated worse.
    You can type /status, /language, /stop or /help.
chat-group = Other people can see this. We cannot talk about you here. Tap our name. Write to us there. Then only you and we can see it.
chat-ask-address =
    What is your email address? Type it here.
    We send a code to it. Type the code here. Then we know that both are you.
chat-code-sent =
    If { $address } gets email, we have sent a code to it. It has six numbers. Type it here in the next 15 minutes.
    Can you not see the email? Look in the junk mail.
chat-code-subject = Your code: { $code }
chat-code-mail =
    Your code is { $code }. It works for 15 minutes.

    Somebody who sends messages to { $council } says that this is their email address. Is that you? Type the code in the chat.

    Is it not you? Then do nothing. Nothing happens without the code.
chat-joined = Thank you. We now put your messages and your emails together.
chat-code-wrong = That is not the code. Look again. Type the six numbers.
chat-code-over = That code does not work any more. You can get a new one. Press “{ chat-button-email }”.
chat-status-which = Which one?
chat-again = You may have this message already. We send it again.
