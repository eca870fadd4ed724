# What the bot says in a chat. Short: it is read on a telephone.

chat-button-status = Where is it up to?
chat-button-add = Add something
chat-button-talk = Talk to a person
chat-button-formal = Make it a formal complaint
chat-button-withdraw = Take it back
chat-button-withdraw-yes = Yes, take it back
chat-button-withdraw-no = No, carry on
chat-button-advocacy = Free help
chat-button-languages = Language
chat-button-stop = Stop messages here
chat-button-email = I also write by email
chat-button-more = More
chat-button-help = How it works
chat-button-for-myself = Me
chat-button-for-my-child = My child
chat-button-for-another = Someone else
chat-button-skip = Skip

# Above everything else, where what was written is worrying.
chat-danger =
    If you or a child is in danger now, call 999.
    To talk to us in office hours: { $day }. At night and at weekends: { $night }.
    Childline, free and private, at any time: 0800 1111.

# The answer to the first message. In English a council may have its own wording of it.
chat-ack-complaint = Thank you for telling us. We have your complaint. A person will look into it.
chat-ack-message = Thank you. We have your message and a person will read it.
chat-ack-reference = Your reference: { $reference }
chat-ack-received = We got it by message on Telegram on { $moment }.
chat-ack-answer = We will answer by { $day }.
chat-ack-statutory = We think it is a children’s social care complaint, stage 1.
chat-ack-corporate = We think it is a council complaint, stage 1.
chat-ack-statutory-sure = It is a children’s social care complaint, stage 1.
chat-ack-corporate-sure = It is a council complaint, stage 1.
chat-ack-undecided = We will tell you by { $day } which procedure it comes under.
chat-ack-closed = Our offices are closed on some days before then. The date of your answer stays the same.
chat-ack-ask = Who to ask: { $officer }, { $phone }
chat-ack-again = Write to us here again at any time.
chat-ack-page = See where it is up to: { $url }
chat-ack-help = Free help from somebody who does not work for us: { $advocacy }, { $advocacyphone }
chat-ack-how = How it works: { $url }
chat-ack-ombudsman = You can also ask the { $ombudsman }: { $ombudsmanphone }
chat-ack-safe = Complaining will not affect your service. Tell us if you need this in another form or language.

chat-greeting =
    Hello. This is { $council }. You can tell us here what is wrong with children’s services.

    Write it in your own words, in one message or in several. A photo or a voice message is fine too.

    We answer at once, with a reference, the date of our answer and who to ask. A person reads what you write.

    { danger-line }

    Would you rather talk? Call { $phone }.
    Free help from somebody who does not work for us: { $advocacy }, { $advocacyphone }

chat-question-who = One thing helps us, if you want to tell us: who is this about?
chat-question-name = Thank you. What shall we call you? You need not give a name.
chat-noted = Thank you, that helps. You do not have to do anything else.
chat-skipped = That is fine. You do not have to answer. We look into it just the same.
chat-added = Thank you. What you sent is with { $reference } now.
chat-nothing-yet = You have not told us anything here yet. Write what happened, in your own words, and we answer at once.
chat-add =
    Just write here, or send a photo, a voice message or a file. It goes to { $reference }.
    You do not have to say again what you have told us.
chat-file-too-large = We have your message, but not the file: it is too large for us to get from here. 20 MB is the most. You can email it to { $email } and give { $reference }, or tell us here what it shows.
chat-talk-known =
    You can call { $officer } on { $phone }.
    We have told them that you want to talk. If you would like them to call you, write here on which number and when.
chat-talk = You can call { $officer } on { $phone }.
chat-formal =
    We have told { $officer } that you want { $reference } to be a formal complaint.
    They read it and tell you which procedure it comes under, what happens in it, and by when. You do not have to write anything again.
chat-withdraw-sure =
    Do you want to take back { $reference }?
    You do not have to say why. Nothing that you told us is deleted, and you can change your mind.
chat-withdrawn =
    We have told { $officer } that you want to take back { $reference }. They will confirm it to you.
    If you change your mind, write here. If anybody made you feel that you had to take it back, tell us, or call { $phone }.
chat-not-withdrawn = That is fine. Everything stays as it was.
chat-advocacy =
    You can have somebody on your side who does not work for us: an advocate. It is free and private.
    They help you to say what you want, and can come to meetings with you.
    { $advocacy }: { $advocacyphone }
    { $advocacyurl }
chat-languages = Which language shall we use here?
chat-language-set = We use English here now.
chat-stopped =
    We send nothing more here, except what the law says we must: our answer, and word if its date changes.
    What you told us is still looked into. If you write here again, we answer again.
chat-more = What would you like to do?
chat-help =
    How it works

    1. You tell us here what is wrong, in your own words.
    2. We answer at once with a reference, a date and a name.
    3. A person reads it and finds out what happened.
    4. You get our answer, with reasons, by the date that we gave you.
    5. If you are not happy with it, you can ask us to look again. After that there is the Ombudsman, who is independent.

    Complaining will not affect your service.
    You can type /status, /language, /stop or /help at any time.
chat-group = This is not a private place, so we cannot talk about anybody’s case here. Tap our name and write to us there: then only you and we can see it.
chat-ask-address =
    Which email address do you write from? Type it here.
    We send a code to it, and you type the code here. Then what you send in either place comes together.
chat-code-sent =
    If { $address } gets email, a code of six numbers is on its way to it. Type it here within 15 minutes.
    Can you not see it? Look in the junk mail too.
chat-code-subject = Your code: { $code }
chat-code-mail =
    Your code is { $code }. It works for 15 minutes.

    Somebody who writes to { $council } by chat says that this email address is theirs too. If that is you, type the code there.

    If it is not you, do nothing: without the code nothing happens.
chat-joined = Thank you. What you write here and what you send by email come together now.
chat-code-wrong = That is not the code. Look again, and type the six numbers.
chat-code-over = That code does not work any more. You can ask for another: press “{ chat-button-email }”.
chat-status-which = Which one do you mean?
# Above a message that may have arrived before.
chat-again = You may have this message already. We send it again to be sure.
