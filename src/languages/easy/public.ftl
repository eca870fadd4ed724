# Draft: to be read by a person who speaks the language before it is used.

pages = Pages
menu = Menu
nav-how = How it works
nav-tell-us = Tell us
nav-advocacy = Help
nav-ombudsman = Not happy with our answer
nav-changed = What we changed

how-title = How to complain
how-lead = You can tell us that something is wrong. Use this website. Or email, phone or message us. Or tell any worker. It all counts.
how-tell-us = Tell us now
how-safe-title = It is safe
how-safe-text = You have the right to complain. Nobody may be mean to you or your child for it. The person you complain about cannot see it.
how-who-title = Who can complain
how-who-text = Children, young people, parents, carers, and anybody who cares about a child. Somebody can speak for you.
how-late-text = Tell us in one year if you can. Is it longer ago? Tell us anyway.
how-two-title = Two ways
how-two-text = There is one way for social workers and care. There is one way for all else. You do not have to know. We tell you.
how-adjustments-title = If this is hard for you
how-contact-title = Ask us
how-contact-text = { $service }: call { $phone } or write to { $email }.
how-hours = We answer calls { $hours }.

map-title = The steps
map-tell-us = Tell us that something is wrong
statutory-title = Social workers and care
statutory-text = Like social workers, foster care, leaving care.
corporate-title = All else
corporate-text = Like special needs at school, the school bus, early help.
map-yours = Your turn
map-told = You tell us
map-told-text = In your own words.
map-heard = We say: we have it
map-heard-text = You get a number, a name and a date.
map-answer = Step 1: the first answer
map-answer-text = A manager looks into it and answers you.
map-ask-second = You can ask for step 2
map-ask-second-text = Are you not happy with the answer? Tell us. Later is OK too.
map-investigation = Step 2: two people look into it
map-investigation-text = One of them is not from the council. You get what they write.
map-second-answer = Step 2: a second look
map-second-answer-text = A new person looks at all of it.
map-ask-panel = You can ask for step 3
map-ask-panel-text = Are you still not happy?
map-panel = Step 3: a meeting
map-panel-text = Three people listen to you and to the council.
map-panel-answer = The council answers
map-panel-answer-text = You get what the three people say. You get what the council does.
map-ombudsman = The Ombudsman
map-ombudsman-text = You can go there at any time. They may ask you to do the steps here first.
within-working-days = { $n ->
    [one] in { $n } working day from { $from }
   *[other] in { $n } working days from { $from }
}
within-days = { $n ->
    [one] in { $n } day from { $from }
   *[other] in { $n } days from { $from }
}
within-months = { $n ->
    [one] in { $n } month from { $from }
   *[other] in { $n } months from { $from }
}
longest-working-days = { $n ->
    [one] never more than { $n } working day
   *[other] never more than { $n } working days
}
longest-days = { $n ->
    [one] never more than { $n } day
   *[other] never more than { $n } days
}
longest-months = { $n ->
    [one] never more than { $n } month
   *[other] never more than { $n } months
}
from-receipt = the day we got it
from-acknowledgement = the day we said: we have it
from-first-answer = the day you got the first answer
from-second-request = the day you asked for step 2
from-second-acknowledgement = the day we said: we have it
from-second-answer = the day you got the answer at step 2
from-panel-request = the day you asked for the meeting
from-panel = the day of the meeting
from-panel-report = the day we got their report
from-withdrawal = the day you took it back
from-matter = the day it happened
map-working-days = Working days are Monday to Friday. Bank holidays do not count.
map-rules = The rules for these days

advocacy-title = Help to complain
advocacy-lead = An advocate is on your side. They help you say it. They come to meetings. It is free.
advocacy-right = Are you in care, in need or leaving care? You have a right to an advocate. Parents can ask too.
advocacy-here = Here it is { $name }.
advocacy-call = Call { $phone } or write to { $email }.
advocacy-site = Website of { $name }
advocacy-apart = They do not work for the council. They keep what you say to themselves. Only if somebody is in danger they must tell.
advocacy-children-title = For children and young people
advocacy-young = A short page to tell us

ombudsman-title = Not happy with our answer?
ombudsman-lead = You can go on. Our letter says how.
ombudsman-next-title = Ask us for the next step
ombudsman-next-text = Answer our letter. Or call us. Or use the form. Say that you are not happy.
ombudsman-who-title = Ask the Ombudsman
ombudsman-who-text = The { $name } is not part of the council. It is free. They check if we did it right.
ombudsman-when = You can ask at any time. They may want us to answer first. Tell them in one year.
ombudsman-call = Call { $phone }.
ombudsman-site = Website of the Ombudsman
ombudsman-else-title = Some things go another way
ombudsman-else-text = Is it about what an education plan says? The SEND Tribunal decides. Did a court decide? Only a court can change it. Is it about your data? You can ask the Information Commissioner. Tell us anyway.

changed-title = What we changed
changed-lead = People told us what was wrong. This is different now. There are no names here.
changed-said = You said:
changed-did = We did:
changed-none = There is nothing here yet.

privacy-title = What we do with your words
privacy-lead = { $council } uses your words to look into it, to answer you, and to do better.
privacy-what-title = What we keep
privacy-what = Your words. Your files. How we can reach you. What we did. Nothing before you press Send.
privacy-why-title = Why we may
privacy-why = The law says that we must deal with complaints.
privacy-who-title = Who reads it
privacy-who = The complaints team, and people who must look into it. Not the person it is about, unless they must answer. Is a child in danger? Then we tell those who protect children.
privacy-machine = A computer sorts the messages. It does not decide. A person looks at each one. Your words stay here.
privacy-long-title = How long we keep it
privacy-long = { $years ->
    [one] { $years } year after the end. Then a person looks again.
   *[other] { $years } years after the end. Then a person looks again.
}
privacy-long-statutory = { $years ->
    [one] For social workers and care: { $years } year.
   *[other] For social workers and care: { $years } years.
}
privacy-rights-title = Your rights
privacy-rights = You can see what we keep about you. You can have mistakes put right. Ask { $name }: { $email }.
privacy-ico = Not happy with that? Call the Information Commissioner: 0303 123 1113.
privacy-ico-site = Website of the Information Commissioner
privacy-cookies-title = Cookies
privacy-cookies = One. It remembers your language and big letters. Nothing else.

access-title = Can everybody use this website?
access-lead = This is about the pages of { $service } for families.
access-how-title = How easy it is to use
access-how = It works on a small phone, in big letters, on paper, and without scripts. We follow the rules called WCAG 2.2 AA.
access-not = Nobody from outside has checked it yet. A program checks each page. It does not find everything.
access-letters-title = Letters and files
access-letters = You can have letters in big print or in easy words. Tell us. Files from other people we cannot change.
access-tell-title = Does something not work?
access-tell = Call { $phone } or write to { $email }. We answer in ten working days.
access-eass = Not happy with that? Ask the Equality Advisory and Support Service.
access-officers = The same for workers’ pages
